import { expect, test } from "vitest";
import type { Hit, Reason } from "../types";
import { photoName } from "./photoName";

const called = (...reasons: [Reason["kind"], string, number][]) =>
  photoName({ path: "/a/b.jpg", reasons: reasons.map(([kind, what, score]) => ({ kind, what, score })) } as Hit);

test("a photo is called by the label that found it most, and its file", () => {
  expect(called(["label", "tabby", 0.2], ["hypernym", "lynx, a kind of cat", 0.5])).toBe("lynx; b.jpg");
});

test("votes, likeness and labels that count against it name nothing in it", () => {
  expect(called(["vote", "marked good by 1 vote", 1], ["label", "dog", -0.3])).toBe("b.jpg");
});
