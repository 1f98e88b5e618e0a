/** Numbers as they are written where the browser's language is spoken. */

/** The browser's language, if the page speaks it: "en-US", "de-AT". Dates and times use it too. */
export let locale = "en-GB";

export function setLocale(chosen: string): void {
  locale = chosen;
}

/** "1,280" or "1.280". */
export function number(value: number): string {
  return value.toLocaleString(locale);
}

/** With so many digits after the point, or comma. */
export function decimal(value: number, digits: number): string {
  return value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** With so many digits after the point, or comma, but no zeros at the end. */
export function short(value: number, digits: number): string {
  return value.toLocaleString(locale, { maximumFractionDigits: digits });
}

/** A share, 0 to 1: "28%" or "28 %". */
export function percent(share: number, digits = 0): string {
  const style = { style: "percent", minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return share.toLocaleString(locale, style);
}
