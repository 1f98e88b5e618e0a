import { Fragment, type ReactNode } from "react";

/** A text with elements at its places: `fill("I don't know {} yet.", <em>zebra</em>)`. */
export function fill(text: string, ...elements: readonly ReactNode[]): ReactNode {
  return text.split("{}").map((part, n) => (
    <Fragment key={n}>
      {n > 0 && elements[n - 1]}
      {part}
    </Fragment>
  ));
}
