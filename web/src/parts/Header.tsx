import type { ReactNode } from "react";
import { Link, NavLink } from "react-router";
import { type Theme, useTheme } from "../hooks/useTheme";
import controls from "./controls.module.css";
import styles from "./Header.module.css";
import { Icon } from "./Icon";

interface Props {
  /** The search bar; absent on the start page, which has a large one. */
  children?: ReactNode;
  onKeys: () => void;
}

const SWITCH: Readonly<Record<Theme, string>> = {
  system: "Use the system's theme",
  light: "Switch to light theme",
  dark: "Switch to dark theme",
};

/** The line at the top; on a phone the search bar has its own line, the only one that stays. */
export function Header({ children, onKeys }: Props) {
  const [theme, next, setNext] = useTheme();
  return (
    <header className={styles.header}>
      <Link to="/" className={styles.name}>
        Magpie
      </Link>
      <div className={styles.bar}>{children}</div>
      <nav className={styles.nav} aria-label="Main">
        <NavLink to="/words" className={controls.icon ?? ""} aria-label="Words" title="Words">
          <Icon name="words" />
        </NavLink>
        <NavLink to="/history" className={controls.icon ?? ""} aria-label="History" title="History">
          <Icon name="history" />
        </NavLink>
        <button
          type="button"
          className={controls.icon}
          aria-label={SWITCH[next]}
          title={SWITCH[next]}
          onClick={setNext}
        >
          <Icon name={theme} />
        </button>
        <button
          type="button"
          className={`${controls.icon} ${styles.keys}`}
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts"
          onClick={onKeys}
        >
          <Icon name="keys" />
        </button>
      </nav>
    </header>
  );
}
