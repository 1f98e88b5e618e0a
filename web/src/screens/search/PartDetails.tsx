import { useState } from "react";
import controls from "../../parts/controls.module.css";
import { Shares } from "../../parts/Shares";
import { texts } from "../../texts";
import { percent } from "../../texts/locale";
import type { Part } from "../../types";
import styles from "./PartDetails.module.css";

const FIRST = 6;

/** The labels that a part stands for, heaviest first, and why each is there. */
export function PartDetails({ part }: { part: Part }) {
  const [isAll, setIsAll] = useState(false);
  const labels = Object.entries(part.labels).sort(([, a], [, b]) => b - a);
  const most = labels[0]?.[1] || 1;
  const shown = isAll ? labels : labels.slice(0, FIRST);
  return (
    <div className={styles.details}>
      <h2>{texts.searchedAs(part.word)}</h2>
      <Shares
        rows={shown.map(([wnid, weight]) => ({
          key: wnid,
          name: part.names[wnid] ?? wnid,
          note: texts.because(part.reasons[wnid] ?? ""),
          share: weight / most,
          value: percent(weight / most),
        }))}
      />
      {labels.length > FIRST && (
        <button type="button" className={controls.button} onClick={() => setIsAll(!isAll)}>
          {isAll ? texts.showFewer : texts.showAll(labels.length)}
        </button>
      )}
    </div>
  );
}
