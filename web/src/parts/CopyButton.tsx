import { useToast } from "../hooks/useToast";
import controls from "./controls.module.css";
import { Icon } from "./Icon";
import { texts } from "../texts";

/** Copies a text that is on the screen; `name` says what it is. */
export function CopyButton({ text, name }: { text: string; name: "command" }) {
  const { say } = useToast();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say({ text: texts.copied[name] });
    } catch {
      say({ text: texts.notCopied[name], isError: true });
    }
  };
  return (
    <button type="button" className={controls.button} onClick={() => void copy()}>
      <Icon name="copy" size={18} /> {texts.copy[name]}
    </button>
  );
}
