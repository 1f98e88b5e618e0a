/** Where the page is, and how it goes elsewhere; address.ts says what addresses mean. */
import {
  type ComponentProps,
  createContext,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useContext,
  useLayoutEffect,
  useState,
} from "react";

export interface Place {
  pathname: string;
  /** The query, from its `?` on. */
  search: string;
  /** What was left with the address when it was gone to. */
  state: unknown;
  /** One visit of an address; the same again on going back to it. */
  key: string;
  /** How it was come to: by a step through the history, or by the page. */
  kind: "pop" | "push" | "replace";
}

interface Options {
  replace?: boolean;
  state?: unknown;
}

/** Go to an address of the page, or so many steps through the history. */
export type Navigate = (to: string | number, options?: Options) => void;

function here(kind: Place["kind"]): Place {
  const { pathname, search } = window.location;
  const { state = null, key = "" } = (history.state ?? {}) as Partial<Place>;
  return { pathname, search, state, key, kind };
}

const PlaceContext = createContext<Place | null>(null);
const NavigateContext = createContext<Navigate | null>(null);

/** Follows the address bar. */
export function PlaceProvider({ children }: { children: ReactNode }) {
  const [place, setPlace] = useState(() => here("pop"));
  useLayoutEffect(() => {
    const follow = () => setPlace(here("pop"));
    window.addEventListener("popstate", follow);
    return () => window.removeEventListener("popstate", follow);
  }, []);
  const navigate = useCallback<Navigate>((to, { replace = false, state = null } = {}) => {
    if (typeof to === "number") return history.go(to);
    const entry = { state, key: `${Math.random()}` };
    if (replace) history.replaceState(entry, "", to);
    else history.pushState(entry, "", to);
    setPlace(here(replace ? "replace" : "push"));
  }, []);
  return (
    <NavigateContext.Provider value={navigate}>
      <PlaceContext.Provider value={place}>{children}</PlaceContext.Provider>
    </NavigateContext.Provider>
  );
}

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (!place) throw new Error("usePlace needs a PlaceProvider above it");
  return place;
}

export function useNavigate(): Navigate {
  const navigate = useContext(NavigateContext);
  if (!navigate) throw new Error("useNavigate needs a PlaceProvider above it");
  return navigate;
}

interface LinkProps extends ComponentProps<"a"> {
  to: string;
  state?: unknown;
}

/** A link within the page; with a modifier held the browser does with it what it does with any. */
export function Link({ to, state, onClick, ...rest }: LinkProps) {
  const navigate = useNavigate();
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    const { button, metaKey, ctrlKey, shiftKey, altKey } = event;
    if (event.defaultPrevented || button || metaKey || ctrlKey || shiftKey || altKey) return;
    event.preventDefault();
    const { pathname, search } = window.location;
    navigate(to, { state, replace: to === pathname + search });
  };
  return <a {...rest} href={to} onClick={follow} />;
}
