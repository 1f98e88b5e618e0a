import { Icon } from "./Icon";
import controls from "./controls.module.css";
import styles from "./Retry.module.css";
import { texts } from "../texts";

interface Props {
  text: string;
  isBusy: boolean;
  again: () => void;
}

/** One row: a part of the screen is missing, and how to get it. */
export function Retry({ text, isBusy, again }: Props) {
  return (
    <p className={styles.row} role="alert">
      <Icon name="alert" />
      <span>{text}</span>
      <button type="button" className={controls.button} disabled={isBusy} onClick={again}>
        {texts.tryAgain}
      </button>
    </p>
  );
}
