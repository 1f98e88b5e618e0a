import { texts } from "../../texts";
import { short } from "../../texts/locale";
import type { Exif } from "../../types";

/** From here on, exposure times are not written as fractions. */
const LONG_SECONDS = 0.3;

function time(seconds: number): string {
  return seconds < LONG_SECONDS ? `1/${Math.round(1 / seconds)} s` : `${short(seconds, 1)} s`;
}

function length(real: number, on35mm: number | null): string {
  const millimetres = short(real, 1);
  if (on35mm === null || `${on35mm}` === millimetres) return `${millimetres} mm`;
  return texts.equivalent(millimetres, `${on35mm}`);
}

/** What is known about how a photo was taken: names and values, as photographers write them. */
export function settingsOf(exif: Exif): [string, string][] {
  const { seconds, f_number, iso, focal_length, focal_length_35mm, lens } = exif;
  const settings: [string, string][] = [];
  if (seconds !== null) settings.push([texts.exposure, time(seconds)]);
  if (f_number !== null) settings.push([texts.aperture, `f/${short(f_number, 1)}`]);
  if (iso !== null) settings.push([texts.iso, `${iso}`]);
  if (focal_length !== null)
    settings.push([texts.focalLength, length(focal_length, focal_length_35mm)]);
  if (lens !== null) settings.push([texts.lens, lens]);
  return settings;
}
