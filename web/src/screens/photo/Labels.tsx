import { useState } from "react";
import controls from "../../parts/controls.module.css";
import { Shares } from "../../parts/Shares";
import type { Photo } from "../../types";
import styles from "./Labels.module.css";
import { texts } from "../../texts";
import { percent } from "../../texts/locale";

const FIRST = 5;
const LEAST = 0.005;

/** The labels that the network gave the photo. */
export function Labels({ labels }: { labels: Photo["labels"] }) {
  const [isAll, setIsAll] = useState(false);
  const likely = labels.filter(({ probability }, n) => n === 0 || probability >= LEAST);
  const shown = isAll ? likely : likely.slice(0, FIRST);
  return (
    <section className={styles.labels}>
      <h2>{texts.recognised}</h2>
      <Shares
        rows={shown.map(({ wnid, name, probability }) => ({
          key: wnid,
          name,
          share: probability,
          value: percent(probability, 1),
        }))}
      />
      {likely.length > FIRST && (
        <button type="button" className={controls.button} onClick={() => setIsAll(!isAll)}>
          {isAll ? texts.showFewer : texts.showAll(likely.length)}
        </button>
      )}
    </section>
  );
}
