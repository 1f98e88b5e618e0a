import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";
import styles from "./Notice.module.css";

interface Props {
  icon: IconName;
  title: string;
  children?: ReactNode;
  isUrgent?: boolean;
}

/** A message that fills the screen: what happened, and what to do. */
export function Notice({ icon, title, children, isUrgent = false }: Props) {
  return (
    <section className={styles.notice} role={isUrgent ? "alert" : undefined}>
      <Icon name={icon} size={40} />
      <h1 className={styles.title}>{title}</h1>
      {children}
    </section>
  );
}
