/** The texts of the page, in the language that the browser asks for. */
import { en, type Texts } from "./en";
import { setLocale } from "./locale";

/** What is not English comes only to those who read it. */
const OTHERS: Readonly<Record<string, () => Promise<Texts>>> = {
  de: async () => (await import("./de")).de,
};

/** To be read while something is rendered or said, not while modules load. */
export let texts: Texts = en;

/** The first of the languages, best first, that the page has texts in. */
export function chosenOf(languages: readonly string[]): string {
  const known = languages.filter((tag) => /^(en|de)\b/i.test(tag));
  return known[0] ?? "en-GB";
}

/** Speak the first of these languages that the page knows; English where its texts do not come. */
export async function speak(languages: readonly string[]): Promise<void> {
  const tag = chosenOf(languages);
  const language = tag.slice(0, 2).toLowerCase();
  const load = OTHERS[language];
  try {
    texts = load ? await load() : en;
  } catch {
    return;
  }
  setLocale(tag);
  document.documentElement.lang = language;
}
