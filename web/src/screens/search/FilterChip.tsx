import { Icon } from "../../parts/Icon";
import type { Filter } from "../../types";
import styles from "./Chip.module.css";
import { texts } from "../../texts";
import { meaningOf } from "../../texts/filter";

/** A filter as it was understood: "summer 2019: from 2019-06-01 to 2019-08-31". */
export function FilterChip({ filter, onToggle }: { filter: Filter; onToggle: () => void }) {
  const { off, negative, part } = filter;
  const name = filter.text || part;
  const what = off ? texts.filterAgain(name) : texts.stopFiltering(name);
  return (
    <li className={styles.chip} data-kind="filter" data-off={off || undefined}>
      <span className={styles.text}>
        <strong>{name}</strong>
        {!off && `: ${negative ? texts.not(meaningOf(filter)) : meaningOf(filter)}`}
      </span>
      <button type="button" className={styles.switch} aria-label={what} title={what} onClick={onToggle}>
        <Icon name={off ? "plus" : "close"} size={16} />
      </button>
    </li>
  );
}
