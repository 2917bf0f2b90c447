// Reads lists and mappings of the configuration: which keys there are, and of what kind each value is.
// In: what YAML or JSON gave. Out: the same with known types, or a reason why not. Nothing is thrown.

import { didYouMean } from "../rules/diagnostics/suggest.ts";

export class Misshapen extends Error {
  override readonly name = "Misshapen";
}

export function mapping(written: unknown, what: string, keys: readonly string[]): Record<string, unknown> {
  if (typeof written !== "object" || written === null || Array.isArray(written)) {
    throw new Misshapen(`${what} must be a mapping`);
  }
  for (const key of Object.keys(written)) {
    if (keys.includes(key)) continue;
    const hint = didYouMean(key, keys);
    throw new Misshapen(`${what} has an unknown key ${key}` + (hint === undefined ? "" : `; ${hint}`));
  }
  return written as Record<string, unknown>;
}

export function sequence(written: unknown, what: string): readonly unknown[] {
  if (Array.isArray(written)) return written;
  // a key without a value
  if (written === null || written === "") return [];
  throw new Misshapen(`${what} must be a list`.trimStart());
}

export function scalar(written: unknown, what: string): string {
  if (typeof written === "string") return written;
  if (typeof written === "number" || typeof written === "boolean") return String(written);
  throw new Misshapen(`${what} must be a text`);
}

/** The value, or the reason that was thrown on the way. */
export function shaped<T>(read: () => T): { readonly value: T } | { readonly reason: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof Misshapen) {
      const { message } = error;
      return { reason: message.startsWith("must ") ? message : `is wrong: ${message}` };
    }
    throw error;
  }
}
