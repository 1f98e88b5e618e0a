/** Times for people, in British English like the rest of the page. */

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** How long ago a time is: "3 hours ago", "yesterday". */
export function ago(time: string, now = Date.now()): string {
  const seconds = (now - Date.parse(time)) / 1000;
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return format.format(-Math.floor(seconds / length), unit);
  }
  return "just now";
}

/** The day of a time in the user's time zone: "Today", "Yesterday", "3 May 2024". */
export function dayOf(time: string, now = new Date()): string {
  const day = new Date(time);
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (day.toDateString() === now.toDateString()) return "Today";
  if (day.toDateString() === yesterday.toDateString()) return "Yesterday";
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "long" }).format(day);
}

/** "3 May 2024 at 14:05". A camera's time has no zone: it is shown as the camera wrote it. */
export function moment(time: string): string {
  const format = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short" });
  return format.format(new Date(time));
}

/** "14:05". */
export function clock(time: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeStyle: "short" }).format(new Date(time));
}
