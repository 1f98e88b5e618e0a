/** Times for people, as the browser's language writes them. */
import { texts } from "../texts";
import { locale } from "../texts/locale";

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
  const format = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  for (const [unit, length] of UNITS) {
    if (seconds >= length) return format.format(-Math.floor(seconds / length), unit);
  }
  return texts.justNow;
}

/** The day of a time in the user's time zone: "Today", "Yesterday", "3 May 2024". */
export function dayOf(time: string, now = new Date()): string {
  const day = new Date(time);
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (day.toDateString() === now.toDateString()) return texts.today;
  if (day.toDateString() === yesterday.toDateString()) return texts.yesterday;
  return longDay(day);
}

/** "3 May 2024 at 14:05". A camera's time has no zone: it is shown as the camera wrote it. */
export function moment(time: string): string {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short" });
  return format.format(new Date(time));
}

function longDay(day: Date): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long" }).format(day);
}

/** The day of an ISO date, "2019-06-01": "1 June 2019". */
export function dayNamed(date: string): string {
  return longDay(new Date(`${date}T00:00`));
}

/** A month or a year as its photos are counted by: "2019-06" is "June 2019". */
export function monthNamed(value: string): string {
  if (!value.includes("-")) return value;
  const format = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric" });
  return format.format(new Date(`${value}-01T00:00`));
}

/** How long a film is: "0:42", "1:02:03". */
export function filmLength(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const two = (number: number) => `${number}`.padStart(2, "0");
  const front = hours ? `${hours}:${two(minutes)}` : `${minutes}`;
  return `${front}:${two(whole % 60)}`;
}

/** "14:05". */
export function clock(time: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: "short" }).format(new Date(time));
}
