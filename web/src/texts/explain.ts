/** What errors mean to people, by the API's codes. */
import { ApiError } from "../api";
import type { Texts } from "./en";
import { texts } from ".";

export type Tried = keyof Texts["tried"];

/** What happened and what to do, in one or two sentences. */
export function explain(error: unknown, tried?: Tried): string {
  const general: Readonly<Record<string, string>> = texts.error;
  if (!(error instanceof ApiError)) return texts.error.unknown;
  const special: Readonly<Record<string, string>> = tried ? texts.tried[tried] : {};
  return special[error.code] ?? general[error.code] ?? texts.error.unknown;
}

/** The address of the store that is away, as far as the server names it. */
export function storeNamed(error: Error): string {
  return /https?:\/\/[^\s/'"]+/.exec(error.message)?.[0]?.replace(/[:,.]$/, "") ?? "";
}
