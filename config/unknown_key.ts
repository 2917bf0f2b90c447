// What to say about a key that does not exist.
// In: the key, and the keys that there are at its place. Out: a message with the nearest of them.

import { nearestKey } from "./nearest_key.ts";
import { SETTINGS } from "./settings.ts";

/** A key of an entry. */
export function unknownName(called: string, name: string, known: readonly string[]): string {
  const nearest = nearestKey(name, known);
  const hint = nearest === undefined ? `there are ${known.join(", ")}` : `did you mean \`${nearest}\`?`;
  return `unknown setting ${called}; ${hint}`;
}

/** The key of the configuration itself, or its section, that an unknown one probably means. */
export function meantKey(key: string): string | undefined {
  const keys = Object.keys(SETTINGS);
  const sections = keys.flatMap((known) =>
    known.includes(".") ? [known.slice(0, known.lastIndexOf("."))] : []
  );
  return nearestKey(key, [...keys, ...new Set(sections)]);
}

export function unknownKey(key: string): string {
  const meant = meantKey(key);
  return `unknown setting ${key}` + (meant === undefined ? "" : `; did you mean \`${meant}\`?`);
}
