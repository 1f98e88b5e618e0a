import type { ReactNode } from "react";
import { Link, usePlace } from "../place";
import { useTheme } from "../hooks/useTheme";
import controls from "./controls.module.css";
import styles from "./Header.module.css";
import { Icon } from "./Icon";
import { texts } from "../texts";

interface Props {
  /** The search bar; absent on the start page, which has a large one. */
  children?: ReactNode;
  onKeys: () => void;
  /** A photo lies over it. */
  isInert: boolean;
}

/** The line at the top; on a phone the search bar has its own line, the only one that stays. */
export function Header({ children, onKeys, isInert }: Props) {
  const [theme, next, setNext] = useTheme();
  const { pathname } = usePlace();
  return (
    <header className={styles.header} inert={isInert}>
      <Link to="/" className={styles.name}>
        Magpie
      </Link>
      <div className={styles.bar}>{children}</div>
      <nav className={styles.nav} aria-label={texts.main}>
        <Link
          to="/photos"
          className={`${controls.icon} ${styles.link}`}
          aria-current={pathname === "/photos" ? "page" : undefined}
          aria-label={texts.allPhotos}
          title={texts.allPhotos}
        >
          <Icon name="picture" />
          <span className={styles.label}>{texts.allPhotos}</span>
        </Link>
        <Link
          to="/words"
          className={`${controls.icon} ${styles.link}`}
          aria-current={pathname === "/words" ? "page" : undefined}
          aria-label={texts.words}
          title={texts.words}
        >
          <Icon name="words" />
          <span className={styles.label}>{texts.words}</span>
        </Link>
        <Link
          to="/history"
          className={`${controls.icon} ${styles.link}`}
          aria-current={pathname === "/history" ? "page" : undefined}
          aria-label={texts.history}
          title={texts.history}
        >
          <Icon name="history" />
          <span className={styles.label}>{texts.history}</span>
        </Link>
        <button
          type="button"
          className={controls.icon}
          aria-label={texts.theme[next]}
          title={texts.theme[next]}
          onClick={setNext}
        >
          <Icon name={theme} />
        </button>
        <button
          type="button"
          className={`${controls.icon} ${styles.keys}`}
          aria-label={texts.keys}
          title={texts.keys}
          onClick={onKeys}
        >
          <Icon name="keys" />
        </button>
      </nav>
    </header>
  );
}
