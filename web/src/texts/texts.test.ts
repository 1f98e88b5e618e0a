import { afterEach, expect, test, vi } from "vitest";
import { clock, moment } from "../parts/time";
import { de } from "./de";
import { en } from "./en";
import { meaningOf } from "./filter";
import { chosenOf, speak, texts } from ".";
import { number, percent, setLocale } from "./locale";

afterEach(() => setLocale("en-GB"));

test.each([
  [["de-AT", "en"], "de-AT"],
  [["fr-FR", "de"], "de"],
  [["en-US", "de"], "en-US"],
  [["fr", "ja"], "en-GB"],
  [["den"], "en-GB"],
  [[], "en-GB"],
])("of %j, %s is spoken", (languages, chosen) => expect(chosenOf(languages)).toBe(chosen));

test("German texts, numbers and dates are used for German browsers", async () => {
  vi.stubGlobal("document", { documentElement: {} });
  await speak(["de-DE"]);
  expect(texts).toBe(de);
  expect(document.documentElement.lang).toBe("de");
  expect([number(12345), percent(0.5)]).toEqual(["12.345", "50\u00a0%"]);
  expect(moment("2024-05-03T14:05:00")).toMatch(/^3\. Mai 2024.* 14:05$/);
  await speak(["en-US"]);
  expect(texts).toBe(en);
  expect(moment("2024-05-03T14:05:00")).toMatch(/^May 3, 2024/);
  expect(clock("2024-05-03T14:05:00")).toMatch(/2:05\sPM/);
  vi.unstubAllGlobals();
});

test.each([
  ["golden retriever, a kind of dog", "golden retriever, eine Art von dog"],
  ["a kind of dog", "eine Art von dog"],
  ["bagel, found around breakfast", "bagel, kommt in der Nähe von breakfast vor"],
  ["near IMG_1.jpg marked good (0.83)", "nahe beim Treffer IMG_1.jpg (0.83)"],
  ["near photos marked bad", "nahe bei falschen Fotos"],
  ["like a.jpg", "ähnlich wie a.jpg"],
  ["tabby", "tabby"],
  ["marked bad by 1 vote", "einmal als kein Treffer markiert"],
  ["beagle, a kind of dog, hund = dog", "beagle, eine Art von dog, hund = dog"],
  ["zebra, steppenpferd = zebra", "zebra, steppenpferd = zebra"],
])("the reason %s in German", (english, german) => expect(de.because(english)).toBe(german));

const filter = (kind: string, value: string, meaning: string) =>
  meaningOf({ kind, value, meaning } as Parameters<typeof meaningOf>[0]);

test("filters are told with the days that the server read", () => {
  expect(filter("in", "summer 2019", "from 2019-06-01 to 2019-08-31")).toBe("from 1 June 2019 to 31 August 2019");
  expect(filter("on", "today", "on 2019-06-01")).toBe("on 1 June 2019");
  expect(filter("after", "2019", "from 2019-01-01 on")).toBe("from 1 January 2019 on");
  expect(filter("width", "3000px", "width of at least 3,000 pixels")).toBe("at least 3,000 pixels wide");
  expect(filter("format", "jpg", "format jpeg")).toBe("format jpeg");
  expect(filter("orientation", "Portrait", "orientation portrait")).toBe("higher than wide");
  expect(filter("camera", "nikon", "camera with 'nikon' in its name")).toBe("camera with “nikon” in its name");
  expect(filter("camera", "=NIKON D70", "camera 'NIKON D70'")).toBe("camera “NIKON D70”");
  expect(filter("name", "=x", "file with '=x' in its name")).toBe("file with “=x” in its name");
});
