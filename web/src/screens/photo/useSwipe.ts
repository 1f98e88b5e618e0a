import { type TouchEvent, useRef } from "react";
import type { Walk } from "./usePhotoKeys";

/** A swipe goes at least so far, in CSS pixels, and twice as far as it strays. */
const FAR = 60;

/** A finger to the left or right leads to the next or previous photo, one downwards back. */
export function useSwipe(walk: Walk, isActive: boolean) {
  const from = useRef<{ x: number; y: number; isTop: boolean } | null>(null);
  return {
    onTouchStart: (event: TouchEvent) => {
      const touch = event.touches[0];
      const isOne = isActive && event.touches.length === 1;
      const isTop = !event.currentTarget.closest("main")?.scrollTop;
      from.current = touch && isOne ? { x: touch.clientX, y: touch.clientY, isTop } : null;
    },
    onTouchEnd: (event: TouchEvent) => {
      const [start, touch] = [from.current, event.changedTouches[0]];
      from.current = null;
      if (!start || !touch) return;
      const [dx, dy] = [touch.clientX - start.x, touch.clientY - start.y];
      if (Math.abs(dx) > FAR && Math.abs(dx) > 2 * Math.abs(dy)) (dx < 0 ? walk.next : walk.previous)?.();
      else if (start.isTop && dy > FAR && dy > 2 * Math.abs(dx)) walk.close();
    },
  };
}
