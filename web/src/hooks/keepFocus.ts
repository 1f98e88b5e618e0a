/** What can take the focus as a whole: a part of the page that has a role of its own. */
const WHOLE = "li, main, dialog, [aria-label]";
const CONTROL = "a[href], button:not(:disabled), input, select";

interface Place {
  element: HTMLElement;
  /** Among the children of what surrounds it. */
  index: number;
}

/** An element that had the focus, and all that surrounds it, innermost first. */
function placesOf(target: EventTarget | null): Place[] {
  const places: Place[] = [];
  let element = target instanceof HTMLElement ? target : null;
  for (; element && element !== document.body; element = element.parentElement) {
    places.push({ element, index: [...(element.parentElement?.children ?? [])].indexOf(element) });
  }
  return places;
}

/** Give an element the focus that may not be a control. */
export function focusOn(element: HTMLElement): void {
  if (element.tabIndex < 0 && !element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}

/** Give the focus to the screen, from where the next Tab begins. */
export function focusScreen(): void {
  const screen = [...document.querySelectorAll("main")].at(-1);
  if (screen) focusOn(screen);
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}

/** What is nearest to a place that has left the page: its successor in a list, or what surrounds it. */
function nearest(places: readonly Place[]): HTMLElement | undefined {
  const left = places.findIndex(({ element }) => element.isConnected);
  const [gone, around] = [places[left - 1], places[left]?.element];
  if (!gone || !around?.closest("main")) return undefined;
  const next = around.children[gone.index] ?? around.lastElementChild;
  if (next instanceof HTMLLIElement) return next.querySelector<HTMLElement>(CONTROL) ?? next;
  return around.closest<HTMLElement>(WHOLE) ?? undefined;
}

/**
 * Keep the focus from falling to the body, where the next Tab begins at the top and screen readers
 * lose their place: when what has it leaves the page, its successor gets it; when it is disabled
 * for a while, it gets it back. A pointer may still put the focus nowhere.
 */
export function keepFocus(): () => void {
  let places: Place[] = [];
  let isDisabled = false;
  const note = ({ target }: Event) => {
    places = placesOf(target);
    isDisabled = false;
  };
  const forget = () => (places = []);
  const look = () => {
    const last = places[0]?.element;
    if (!last) return;
    isDisabled ||= last.matches(":disabled");
    const { activeElement } = document;
    if (activeElement && activeElement !== document.body && activeElement !== last) return;
    if (last.isConnected) {
      if (isDisabled && !last.matches(":disabled")) last.focus({ preventScroll: true });
      return;
    }
    const next = nearest(places);
    if (next) focusOn(next);
    else focusScreen();
  };
  const observer = new MutationObserver(look);
  observer.observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["disabled"],
  });
  document.addEventListener("focusin", note);
  document.addEventListener("pointerdown", forget, true);
  return () => {
    observer.disconnect();
    document.removeEventListener("focusin", note);
    document.removeEventListener("pointerdown", forget, true);
  };
}
