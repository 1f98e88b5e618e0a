import { expect, test } from "vitest";
import { Newest } from "./newest";

/** A work that ends when told to, and notes its outcome unless it was aborted. */
function slow(outcomes: string[], name: string) {
  let end!: () => void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const work = async (signal: AbortSignal) => {
    await ended;
    signal.throwIfAborted();
    outcomes.push(name);
  };
  return { work, end };
}

test("of works under one name only the newest counts, and all callers wait for it", async () => {
  const [outcomes, newest] = [[] as string[], new Newest()];
  const [first, second] = [slow(outcomes, "first"), slow(outcomes, "second")];
  const waiting = newest.run("ranking", first.work).then(() => outcomes.push("told"));
  const last = newest.run("ranking", second.work);
  first.end();
  await Promise.resolve();
  expect(outcomes).toEqual([]);
  second.end();
  await Promise.all([waiting, last]);
  expect(outcomes).toEqual(["second", "told"]);
});

test("works under other names are left alone, and a failure reaches its caller", async () => {
  const [outcomes, newest] = [[] as string[], new Newest()];
  const one = slow(outcomes, "one");
  const run = newest.run("a", one.work);
  await expect(newest.run("b", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  one.end();
  await run;
  expect(outcomes).toEqual(["one"]);
});
