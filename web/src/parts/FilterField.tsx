import { texts } from "../texts";
import controls from "./controls.module.css";

interface Props {
  text: string;
  onText: (text: string) => void;
}

/** Narrows a list down to the words that contain a text. */
export function FilterField({ text, onText }: Props) {
  return (
    <input
      className={controls.field}
      type="search"
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      maxLength={100}
      placeholder={texts.filterWords}
      aria-label={texts.filterWords}
      value={text}
      onChange={(event) => onText(event.target.value)}
    />
  );
}
