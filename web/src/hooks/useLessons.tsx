import {
  createContext,
  type Dispatch,
  type ReactNode,
  useContext,
  useMemo,
  useReducer,
} from "react";
import type { Verdict } from "../types";

/** One thing taught in this tab: a click on a photo, or an example picture. */
export interface Taught {
  event: string;
  photo: string | null;
  verdict: Verdict;
}

export interface Lesson {
  /** What can be undone here, oldest first. */
  taught: readonly Taught[];
  /** Judgements on their way to the server. */
  pending: ReadonlyMap<string, Verdict>;
  isBarOpen: boolean;
}

type Action =
  | { type: "send"; word: string; photo: string; verdict: Verdict }
  | { type: "fail"; word: string; photo: string }
  | { type: "learn"; word: string; taught: Taught }
  | { type: "settle"; word: string; photo: string }
  | { type: "undo"; word: string; event: string }
  | { type: "close"; word: string };

type Lessons = Readonly<Record<string, Lesson>>;

const NONE: Lesson = { taught: [], pending: new Map(), isBarOpen: false };

function reduce(lessons: Lessons, action: Action): Lessons {
  return { ...lessons, [action.word]: change(lessons[action.word] ?? NONE, action) };
}

function change(lesson: Lesson, action: Action): Lesson {
  const pending = new Map(lesson.pending);
  switch (action.type) {
    case "send":
      return { ...lesson, pending: pending.set(action.photo, action.verdict) };
    case "fail":
    case "settle":
      pending.delete(action.photo);
      return { ...lesson, pending };
    case "learn":
      return { ...lesson, taught: [...lesson.taught, action.taught], isBarOpen: true };
    case "undo": {
      const taught = lesson.taught.filter((other) => other.event !== action.event);
      return { ...lesson, taught, isBarOpen: taught.length > 0 && lesson.isBarOpen };
    }
    case "close":
      return { ...lesson, isBarOpen: false };
  }
}

const Context = createContext<{ lessons: Lessons; dispatch: Dispatch<Action> } | null>(null);

/** Remembers what was taught in this tab, by word, so that it can be undone. */
export function LessonsProvider({ children }: { children: ReactNode }) {
  const [lessons, dispatch] = useReducer(reduce, {});
  const value = useMemo(() => ({ lessons, dispatch }), [lessons]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

export function useLesson(word: string): [Lesson, Dispatch<Action>] {
  const context = useContext(Context);
  if (!context) throw new Error("useLesson needs a LessonsProvider above it");
  return [context.lessons[word] ?? NONE, context.dispatch];
}
