import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";
import type { Verdict } from "../types";
import { Newest } from "./newest";
import { useToast } from "./useToast";

/** One thing taught in this tab: a click on a photo, or an example picture. */
export interface Taught {
  event: string;
  photo: string | null;
  verdict: Verdict;
  /** What was said about it, as in "Marked as zebra". */
  what: string;
}

export interface Lesson {
  /** What can be undone here, oldest first. */
  taught: readonly Taught[];
  /** What is on its way to the server and back, by photo: a verdict, or null that takes one back. */
  pending: ReadonlyMap<string, Verdict | null>;
  isBarOpen: boolean;
  /** The user asked for the bar, and so for the buttons on photos where nothing hovers. */
  isMarking: boolean;
}

export type Action =
  | { type: "send"; photo: string; verdict: Verdict | null }
  | { type: "settle"; photo: string }
  | { type: "learn"; taught: Taught }
  | { type: "undo"; event: string }
  | { type: "open" }
  | { type: "close" };

type Lessons = Readonly<Record<string, Lesson>>;

const NONE: Lesson = { taught: [], pending: new Map(), isBarOpen: false, isMarking: false };

function change(lesson: Lesson, action: Action): Lesson {
  const pending = new Map(lesson.pending);
  switch (action.type) {
    case "send":
      return { ...lesson, pending: pending.set(action.photo, action.verdict) };
    case "settle":
      pending.delete(action.photo);
      return { ...lesson, pending };
    case "learn":
      return { ...lesson, taught: [...lesson.taught, action.taught], isBarOpen: true };
    case "undo": {
      const taught = lesson.taught.filter((other) => other.event !== action.event);
      const isBarOpen = lesson.isMarking || (taught.length > 0 && lesson.isBarOpen);
      return { ...lesson, taught, isBarOpen };
    }
    case "open":
      return { ...lesson, isBarOpen: true, isMarking: true };
    case "close":
      return { ...lesson, isBarOpen: false, isMarking: false };
  }
}

/** What was taught in this tab, by word, and the order in which it reaches the server. */
class Teacher {
  lessons: Lessons = {};
  /** Rankings after a judgement. */
  readonly rankings = new Newest();
  #last: Promise<unknown> = Promise.resolve();

  constructor(readonly show: (lessons: Lessons) => void) {}

  /** The lesson at this moment, which may not have been rendered yet. */
  lesson(word: string): Lesson {
    return this.lessons[word] ?? NONE;
  }

  tell(word: string, action: Action): void {
    this.lessons = { ...this.lessons, [word]: change(this.lesson(word), action) };
    this.show(this.lessons);
  }

  /** Offer no longer to undo what has been undone elsewhere. */
  drop(events: readonly string[]): void {
    for (const [word, { taught }] of Object.entries(this.lessons))
      for (const { event } of taught)
        if (events.includes(event)) this.tell(word, { type: "undo", event });
  }

  /** Do something once all that came before has ended: the server has it in the user's order. */
  inTurn<Outcome>(work: () => Promise<Outcome>): Promise<Outcome> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

const Context = createContext<{ lessons: Lessons; teacher: Teacher } | null>(null);

/** Remembers what was taught in this tab, by word, so that it can be undone. */
export function LessonsProvider({ children }: { children: ReactNode }) {
  const [lessons, show] = useState<Lessons>({});
  const teacher = useRef<Teacher>(null);
  teacher.current ??= new Teacher(show);
  return (
    <Context.Provider value={{ lessons, teacher: teacher.current }}>{children}</Context.Provider>
  );
}

function useLessons() {
  const context = useContext(Context);
  if (!context) throw new Error("lessons need a LessonsProvider above them");
  return context;
}

export function useLesson(word: string): [Lesson, Teacher] {
  const { lessons, teacher } = useLessons();
  return [lessons[word] ?? NONE, teacher];
}

/** Take away every offer to undo what has been undone, here or in another tab. */
export function useDrop(): (events: readonly string[]) => void {
  const { teacher } = useLessons();
  const { drop } = useToast();
  return useCallback(
    (events) => {
      teacher.drop(events);
      drop(events);
    },
    [drop, teacher],
  );
}
