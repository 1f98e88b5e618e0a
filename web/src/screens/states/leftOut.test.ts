import { describe, expect, it } from "vitest";
import { leftOutText } from "./leftOut";

const MANY = Object.fromEntries(["a", "b", "c", "d", "e", "f", "g"].map((name) => [`.${name}`, 1]));

describe("files that were left out", () => {
  it.each([
    [{ ".mp4": 280, ".txt": 32 }, "312 files left out: 280 .mp4, 32 .txt"],
    [{ "(none)": 1 }, "1 file left out: 1 without an ending"],
    [{ ".mp4": 1280 }, "1,280 files left out: 1,280 .mp4"],
    [MANY, "7 files left out: 1 .a, 1 .b, 1 .c, 1 .d, 1 .e, 1 .f and 1 other"],
    [{ ...MANY, ".h": 1 }, "8 files left out: 1 .a, 1 .b, 1 .c, 1 .d, 1 .e, 1 .f and 2 others"],
  ])("%o are told in a line", (leftOut, told) => expect(leftOutText(leftOut)).toBe(told));
});
