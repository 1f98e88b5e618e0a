import { afterEach, expect, test } from "vitest";
import { setLocale } from "../../texts/locale";
import { settingsOf } from "./settings";

const NOTHING = { seconds: null, f_number: null, iso: null, focal_length: null, focal_length_35mm: null, lens: null };

afterEach(() => setLocale("en-GB"));

test("settings are written as photographers do, and what is not known is left out", () => {
  const all = { seconds: 0.004, f_number: 2.8, iso: 12800, focal_length: 35, focal_length_35mm: 52, lens: "Summicron" };
  expect(settingsOf(all)).toEqual([
    ["Exposure", "1/250 s"],
    ["Aperture", "f/2.8"],
    ["ISO", "12800"],
    ["Focal length", "35 mm (52 mm equivalent)"],
    ["Lens", "Summicron"],
  ]);
  expect(settingsOf(NOTHING)).toEqual([]);
});

test.each([
  [{ seconds: 1 / 4000 }, "1/4000 s"],
  [{ seconds: 0.3 }, "0.3 s"],
  [{ seconds: 30 }, "30 s"],
  [{ f_number: 8 }, "f/8"],
  [{ focal_length: 4.25 }, "4.3 mm"],
  [{ focal_length: 50, focal_length_35mm: 50 }, "50 mm"],
])("%j is %s", (told, written) => {
  expect(settingsOf({ ...NOTHING, ...told }).map(([, value]) => value)).toEqual([written]);
});

test("numbers are those of the language", () => {
  setLocale("de");
  expect(settingsOf({ ...NOTHING, seconds: 1.3, f_number: 2.8 }).map(([, value]) => value)).toEqual(["1,3 s", "f/2,8"]);
});
