/** Short names for the types that are generated from the API's OpenAPI document. */
import type { components } from "./schema";

type Schemas = components["schemas"];

/** `likely`: how many of the whole ranking, its first ones, are likely to show what was asked for. */
export type Answer = Schemas["SearchAnswer"] & { likely?: number };
export type Facets = Schemas["FacetsAnswer"];
export type Part = Schemas["PartAnswer"];
export type Filter = Schemas["FilterAnswer"];
export type Learning = Schemas["LearningAnswer"];
export type Hit = Schemas["HitAnswer"];
export type Reason = Schemas["ReasonAnswer"];
export type Photos = Schemas["PhotosAnswer"];
export type Months = Schemas["MonthsAnswer"];
export type Photo = Schemas["PhotoAnswer"];
export type Exif = Schemas["ExifAnswer"];
export type Suggested = Schemas["SuggestAnswer"];
export type Judged = Schemas["JudgedAnswer"];
export type HistoryEvent = Schemas["EventEntry"];
export type LearnedWord = Schemas["LearnedWord"];
export type WordEvent = Schemas["WordEvent"];
export type Imported = Schemas["ImportAnswer"];
export type Status = Schemas["StatusAnswer"];
export type Unreadable = Schemas["UnreadableAnswer"];
export type Indexing = Schemas["Indexing"];

export type Verdict = "good" | "bad";
