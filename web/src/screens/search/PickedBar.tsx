import type { Chosen } from "../../hooks/useChosen";
import { useKeys } from "../../hooks/useKeys";
import bar from "../../parts/bar.module.css";
import { Icon } from "../../parts/Icon";
import { texts } from "../../texts";
import { fill } from "../../texts/fill";

interface Props {
  word: string;
  chosen: Chosen;
  /** The word is being taught. */
  isBusy: boolean;
  onTeach: (ids: readonly string[]) => void;
}

/** At the bottom edge while several photos are chosen that are to teach a word together. */
export function PickedBar({ word, chosen, isBusy, onTeach }: Props) {
  const { ids, clear } = chosen;
  useKeys({ Escape: clear }, ids.size > 0);
  if (!ids.size) return null;
  return (
    <section className={bar.bar} aria-label={texts.chosenPhotos}>
      <p className={bar.text} aria-live="polite">
        {fill(texts.chosenCount, <strong>{texts.photoCount(ids.size)}</strong>)}
      </p>
      <button type="button" className={bar.button} disabled={isBusy} onClick={() => onTeach([...ids])}>
        <Icon name="good" /> {texts.teachWord(word)}
      </button>
      <button type="button" className={bar.button} onClick={clear}>
        {texts.cancel}
      </button>
    </section>
  );
}
