import { describe, expect, it } from "vitest";
import { ago, dayOf, filmLength } from "./time";

const NOW = Date.parse("2024-05-03T12:00:00Z");

describe("times for people", () => {
  it.each([
    ["2024-05-03T11:59:40Z", "just now"],
    ["2024-05-03T11:20:00Z", "40 minutes ago"],
    ["2024-05-02T11:00:00Z", "yesterday"],
    ["2022-05-02T11:00:00Z", "2 years ago"],
  ])("%s is %s", (time, told) => expect(ago(time, NOW)).toBe(told));

  it.each([
    [0.2, "0:00"],
    [42.4, "0:42"],
    [59.7, "1:00"],
    [725, "12:05"],
    [3723, "1:02:03"],
  ])("a film of %d s is %s long", (seconds, told) => expect(filmLength(seconds)).toBe(told));

  it("name the last days", () => {
    const now = new Date(2024, 4, 3, 0, 30);
    expect(dayOf(new Date(2024, 4, 3, 0, 10).toISOString(), now)).toBe("Today");
    expect(dayOf(new Date(2024, 4, 2, 23, 50).toISOString(), now)).toBe("Yesterday");
    expect(dayOf(new Date(2024, 3, 30, 23, 50).toISOString(), now)).toBe("30 April 2024");
  });
});
