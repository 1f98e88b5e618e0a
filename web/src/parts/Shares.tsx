import styles from "./Shares.module.css";

export interface Share {
  key: string;
  name: string;
  note?: string;
  /** 0 to 1, the length of the bar. */
  share: number;
  value: string;
}

/** Names with bars and numbers: labels of a photo, labels of a word. */
export function Shares({ rows }: { rows: readonly Share[] }) {
  return (
    <ul className={styles.rows}>
      {rows.map((row) => (
        <li key={row.key} className={styles.row}>
          <span className={styles.name}>
            {row.name}
            {row.note && <span className={styles.note}> {row.note}</span>}
          </span>
          <span className={styles.value}>{row.value}</span>
          <span className={styles.track} aria-hidden="true">
            <span className={styles.bar} style={{ width: `${Math.max(1, row.share * 100)}%` }} />
          </span>
        </li>
      ))}
    </ul>
  );
}
