import { type MouseEvent, type PointerEvent, useEffect, useRef } from "react";
import type { Chosen } from "../hooks/useChosen";

/** A finger that stays so long, and strays less than so far, chooses the photo under it. */
const LONG_MS = 500;
const STRAY = 10;

/** The photo whose picture this is, rather than one of its buttons. */
function idOf(target: EventTarget): string | undefined {
  const picture = target instanceof Element ? target.closest("[data-photo]") : null;
  return picture?.closest<HTMLElement>("li[data-id]")?.dataset["id"];
}

/**
 * Choose photos by Ctrl or Shift with a click, by a long press, and, once some are chosen, by plain
 * clicks. A click by a key opens the photo as ever.
 */
export function useChoosing(chosen: Chosen | null) {
  const press = useRef<{ timer: number; x: number; y: number } | null>(null);
  const isLong = useRef(false);
  const stop = () => {
    window.clearTimeout(press.current?.timer);
    press.current = null;
  };
  useEffect(() => stop, []);
  if (!chosen) return {};
  return {
    onPointerDown: (event: PointerEvent) => {
      stop();
      isLong.current = false;
      const id = idOf(event.target);
      if (event.pointerType === "mouse" || !id) return;
      const timer = window.setTimeout(() => {
        isLong.current = true;
        chosen.toggle(id);
      }, LONG_MS);
      press.current = { timer, x: event.clientX, y: event.clientY };
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      const from = press.current;
      if (from && Math.hypot(clientX - from.x, clientY - from.y) > STRAY) stop();
    },
    onPointerUp: stop,
    onPointerCancel: stop,
    /** The browser's own menu of a link, where the finger has just chosen it. */
    onContextMenu: (event: MouseEvent) => {
      if (press.current || isLong.current) event.preventDefault();
    },
    /** Before the link itself is asked, which would open the photo. */
    onClickCapture: (event: MouseEvent) => {
      const id = idOf(event.target);
      const { ctrlKey, metaKey, shiftKey, detail } = event;
      const isAsked = ctrlKey || metaKey || shiftKey || chosen.ids.size > 0;
      if (event.defaultPrevented || !id || detail === 0 || !(isAsked || isLong.current)) return;
      event.preventDefault();
      event.stopPropagation();
      if (isLong.current) isLong.current = false; // chosen already
      else if (shiftKey) chosen.extend(id);
      else chosen.toggle(id);
    },
  };
}
