/** Short names for the types that are generated from the API's OpenAPI document. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Answer = Schemas["SearchAnswer"];
export type Part = Schemas["Part"];
export type Learning = Schemas["Learning"];
export type Hit = Schemas["Hit"];
export type Reason = Schemas["Reason"];
export type Photo = Schemas["PhotoAnswer"];
export type Judged = Schemas["JudgedAnswer"];
export type HistoryEvent = Schemas["EventEntry"];
export type LearnedWord = Schemas["LearnedWord"];
export type WordEvent = Schemas["WordEvent"];
export type Status = Schemas["StatusAnswer"];
export type Indexing = Schemas["Indexing"];

export type Verdict = "good" | "bad";
