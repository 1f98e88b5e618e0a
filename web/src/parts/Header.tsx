import type { ReactNode } from "react";
import { Link, NavLink } from "react-router";
import { useTheme } from "../hooks/useTheme";
import controls from "./controls.module.css";
import styles from "./Header.module.css";
import { Icon } from "./Icon";

interface Props {
  /** The search bar; absent on the start page, which has a large one. */
  children?: ReactNode;
  onKeys: () => void;
}

/** The line at the top; on a phone the search bar has a line of its own, and only that one stays. */
export function Header({ children, onKeys }: Props) {
  const [theme, nextTheme] = useTheme();
  return (
    <header className={styles.header}>
      <Link to="/" className={styles.name}>
        Magpie
      </Link>
      <div className={styles.bar}>{children}</div>
      <nav className={styles.nav} aria-label="Pages">
        <NavLink to="/words" className={controls.icon ?? ""} aria-label="Words" title="Words">
          <Icon name="words" />
        </NavLink>
        <NavLink to="/history" className={controls.icon ?? ""} aria-label="History" title="History">
          <Icon name="history" />
        </NavLink>
        <button
          type="button"
          className={controls.icon}
          aria-label={`Theme: ${theme}`}
          title={`Theme: ${theme}`}
          onClick={nextTheme}
        >
          <Icon name={theme} />
        </button>
        <button
          type="button"
          className={`${controls.icon} ${styles.keys}`}
          aria-label="Keys"
          title="Keys"
          onClick={onKeys}
        >
          <Icon name="keys" />
        </button>
      </nav>
    </header>
  );
}
