import { useLayoutEffect, useRef } from "react";

/** Key -> what it does; return false to leave the key to the browser. */
export type Keys = Record<string, (event: KeyboardEvent) => void | false>;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input, textarea, select"))
  );
}

/** Listen to single keys, but not while the user types, in a dialog, or with a modifier held. */
export function useKeys(keys: Keys, isActive = true): void {
  const latest = useRef(keys);
  // Layout effects run before anything is painted: a key may follow what is on the screen at once.
  useLayoutEffect(() => {
    latest.current = keys;
  });
  useLayoutEffect(() => {
    if (!isActive) return;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      // A key that is held down may move on and on, but not do things on and on.
      if (event.repeat && !event.key.startsWith("Arrow")) return;
      // A film takes them itself, to be wound and for its volume.
      if (event.target instanceof HTMLMediaElement && event.key.startsWith("Arrow")) return;
      if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
      const act = latest.current[event.key];
      if (act && act(event) !== false) event.preventDefault();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [isActive]);
}
