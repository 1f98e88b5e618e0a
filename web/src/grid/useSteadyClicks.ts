import { type MouseEvent, type PointerEvent, useEffect, useRef } from "react";

function photoOf(target: EventTarget): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("li[data-id]") : null;
}

/**
 * Swallow a click on a photo that moved under the pointer, which was meant for another one. Photos
 * that the user scrolls there, or points at, are clicked as ever; so they are by keys.
 */
export function useSteadyClicks(subject: string) {
  /** The photo that the pointer was moved to; null where nobody can say. */
  const pointed = useRef<string | null>(null);
  useEffect(() => {
    const forget = () => (pointed.current = null);
    forget();
    window.addEventListener("scroll", forget, { passive: true });
    return () => window.removeEventListener("scroll", forget);
  }, [subject]);

  const note = (target: EventTarget) => {
    pointed.current = photoOf(target)?.dataset["id"] ?? null;
  };
  return {
    onPointerMoveCapture: (event: PointerEvent) => note(event.target),
    onPointerDownCapture: (event: PointerEvent) => {
      // A finger points where it comes down, but not at a photo that is still on its way.
      if (event.pointerType !== "mouse") {
        note(event.target);
        if (photoOf(event.target)?.getAnimations().length) pointed.current = "";
      }
    },
    onClickCapture: (event: MouseEvent) => {
      const id = photoOf(event.target)?.dataset["id"];
      const isByKey = event.detail === 0;
      if (isByKey || !id || pointed.current === null || pointed.current === id) return;
      event.preventDefault();
      event.stopPropagation();
      pointed.current = id; // from now on it is meant
    },
  };
}
