/** Short names for the types that are generated from the API's OpenAPI document. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Answer = Schemas["SearchAnswer"];
export type Part = Schemas["PartAnswer"];
export type Learning = Schemas["LearningAnswer"];
export type Hit = Schemas["HitAnswer"];
export type Reason = Schemas["ReasonAnswer"];
export type Photo = Schemas["PhotoAnswer"];
export type Judged = Schemas["JudgedAnswer"];
export type HistoryEvent = Schemas["EventEntry"];
export type LearnedWord = Schemas["LearnedWord"];
export type WordEvent = Schemas["WordEvent"];
export type Status = Schemas["StatusAnswer"];
export type Indexing = Schemas["Indexing"];

export type Verdict = "good" | "bad";
