// What to say about a key that does not exist.
// In: the key, and the keys that there are at its place. Out: a message with the nearest of them.

import { didYouMean } from "../rules/diagnostics/suggest.ts";
import { SETTINGS } from "./settings.ts";

/** A key of an entry. */
export function unknownName(called: string, name: string, known: readonly string[]): string {
  const hint = didYouMean(name, known) ?? `there are ${known.join(", ")}`;
  return `unknown setting ${called}; ${hint}`;
}

/** A key of the configuration itself, with its sections. */
export function unknownKey(key: string): string {
  const keys = Object.keys(SETTINGS);
  const sections = keys.flatMap((known) =>
    known.includes(".") ? [known.slice(0, known.lastIndexOf("."))] : []
  );
  // a key may also have been written without its section: buf_size_preset
  const whole = keys.find((known) => known.endsWith(`.${key}`));
  const hint = whole === undefined ? didYouMean(key, [...keys, ...sections]) : `did you mean \`${whole}\`?`;
  return `unknown setting ${key}` + (hint === undefined ? "" : `; ${hint}`);
}
