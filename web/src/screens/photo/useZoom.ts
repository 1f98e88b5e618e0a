import {
  type CSSProperties,
  type PointerEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from "react";
import { useKeys } from "../../hooks/useKeys";

/** A small photo is enlarged so many times at most, a large one until its pixels are shown. */
const MOST = 8;
const WHEEL = 0.0015;
/** Movements that are shorter are clicks, in CSS pixels. */
const CLICK = 5;

interface View {
  /** Of the fitted picture. */
  scale: number;
  x: number;
  y: number;
}

interface Point {
  x: number;
  y: number;
}

const FIT: View = { scale: 1, x: 0, y: 0 };

export interface Zoom {
  isZoomed: boolean;
  style: CSSProperties;
  handlers: {
    onPointerDown: (event: PointerEvent) => void;
    onPointerMove: (event: PointerEvent) => void;
    onPointerUp: (event: PointerEvent) => void;
    onPointerCancel: (event: PointerEvent) => void;
  };
}

function middle([a, b]: readonly Point[]): Point {
  return b && a ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : (a ?? { x: 0, y: 0 });
}

function distance([a, b]: readonly Point[]): number {
  return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 1;
}

/**
 * A picture fitted into its place, or at 100 % of its pixels: by click and `z`, wheel, drag and
 * pinch. `pixels` is the photo's own width.
 */
export function useZoom(stage: RefObject<HTMLElement | null>, id: string, pixels: number): Zoom {
  const [view, setView] = useState(FIT);
  const pointers = useRef(new Map<number, Point>());
  const moved = useRef(0);
  useEffect(() => setView(FIT), [id]);

  /** Change the scale so that a point of the window stays where it is. */
  const zoomAt = (point: Point, change: (scale: number, full: number) => number) => {
    const picture = stage.current?.querySelector("img");
    const box = stage.current?.getBoundingClientRect();
    if (!picture || !box) return;
    const full = Math.max(2, pixels / picture.offsetWidth / window.devicePixelRatio);
    setView(({ scale, x, y }) => {
      const next = Math.min(Math.max(MOST, full), Math.max(1, change(scale, full)));
      if (next === 1) return FIT;
      // From the middle of the stage, about which the picture is scaled.
      const [dx, dy] = [point.x - box.x - box.width / 2, point.y - box.y - box.height / 2];
      const share = next / scale;
      return { scale: next, x: dx - share * (dx - x), y: dy - share * (dy - y) };
    });
  };
  const toggle = (point: Point) => zoomAt(point, (scale, full) => (scale > 1 ? 1 : full));

  const latest = useRef(zoomAt);
  latest.current = zoomAt;
  useEffect(() => {
    const element = stage.current;
    const turn = (event: WheelEvent) => {
      const isZoomed = element?.dataset["zoomed"] !== undefined;
      if (!isZoomed && !event.ctrlKey) return; // the wheel scrolls the page, until one has zoomed
      event.preventDefault();
      latest.current({ x: event.clientX, y: event.clientY }, (scale) =>
        scale * Math.exp(-event.deltaY * WHEEL * (event.ctrlKey ? 5 : 1)),
      );
    };
    element?.addEventListener("wheel", turn, { passive: false });
    return () => element?.removeEventListener("wheel", turn);
  }, [stage]);
  useKeys({
    z: () => {
      const box = stage.current?.getBoundingClientRect();
      if (box) toggle({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
    },
    f: () => {
      const now = document.fullscreenElement ? document.exitFullscreen() : stage.current?.requestFullscreen();
      now?.catch(() => undefined); // the system allows none
    },
  });

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || !(event.target instanceof HTMLImageElement)) return;
    if (!pointers.current.size) moved.current = 0;
    pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (view.scale > 1) event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    const before = [...pointers.current.values()];
    if (!pointers.current.has(event.pointerId)) return;
    pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const after = [...pointers.current.values()];
    const [from, to] = [middle(before), middle(after)];
    moved.current += Math.hypot(to.x - from.x, to.y - from.y);
    if (after.length > 1) {
      moved.current = Infinity;
      zoomAt(to, (scale) => (scale * distance(after)) / distance(before));
    }
    setView((now) =>
      now.scale > 1 ? { ...now, x: now.x + to.x - from.x, y: now.y + to.y - from.y } : now,
    );
  };
  const onPointerUp = (event: PointerEvent) => {
    if (!pointers.current.delete(event.pointerId)) return;
    const isClick = !pointers.current.size && moved.current < CLICK;
    if (isClick) toggle({ x: event.clientX, y: event.clientY });
  };
  const onPointerCancel = (event: PointerEvent) => void pointers.current.delete(event.pointerId);

  const { scale, x, y } = view;
  return {
    isZoomed: scale > 1,
    style: scale > 1 ? { transform: `translate(${x}px, ${y}px) scale(${scale})` } : {},
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel },
  };
}
