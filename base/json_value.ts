// Values out of JSON that somebody else wrote: of the expected kind, or nothing.
// In: anything. Out: a text, number, list … that code can rely on; what is missing or of another kind is empty.

import { parseJsonBytes } from "./bounded_json.ts";
import { ANSWER_LIMITS } from "./json_limits.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

const NOTHING: JsonObject = {};

/** JSON inside of an answer that was bounded itself: what is nested deeper than any engine writes is left out. */
export function parseJson(text: string): unknown {
  return text === "" ? undefined : parseJsonBytes(new TextEncoder().encode(text), ANSWER_LIMITS);
}

export function objectOf(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as JsonObject : NOTHING;
}

/** The object after several keys. */
export function objectAt(value: unknown, ...keys: readonly string[]): JsonObject {
  return objectOf(keys.reduce<unknown>((at, key) => objectOf(at)[key], value));
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function numberOf(value: unknown): number {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : 0;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textsOf(value: unknown): string[] {
  return listOf(value).filter((item) => typeof item === "string");
}

export function labelsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(objectOf(value)).filter((entry): entry is [string, string] =>
      typeof entry[1] === "string"
    ),
  );
}

/** Seconds since 1970 of an RFC 3339 time. */
export function secondsOf(value: unknown): number {
  // JavaScript knows milliseconds only
  const ms = Date.parse(textOf(value).replace(/(\.\d{3})\d+/, "$1"));
  return Number.isFinite(ms) ? Math.floor(ms / 1000) : 0;
}

/** CPUs of a set such as `0-3,7`. */
export function cpuCountOf(value: unknown): number {
  let count = 0;
  for (const part of textOf(value).split(",")) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (range === null) continue;
    count += range[2] === undefined ? 1 : Math.max(0, Number(range[2]) - Number(range[1]) + 1);
  }
  return count;
}
