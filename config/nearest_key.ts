// The setting that an unknown key most probably means. Keys are words joined by `_` and sections joined by `.`; people
// leave words out, add some, and forget the section, which is far more than a typing mistake.
// In: the key as written, all keys. Out: the nearest one, when one is near enough to be meant.
// Elsewhere: names of other things, where typing mistakes are all there is (base/suggest.ts).

import { editDistance, nearestName } from "../base/mod.ts";

/** Words in common, of all words of both: half of them have to be. */
const LEAST_SHARE = 0.5;

export function nearestKey(written: string, keys: readonly string[]): string | undefined {
  const lower = written.toLowerCase();
  // written without its section: buf_size_preset
  const whole = keys.find((key) => key.endsWith(`.${lower}`));
  if (whole !== undefined) return whole;
  // the section that it is in is known already
  const candidates = keys.filter((key) => !lower.startsWith(`${key}.`));
  const typed = nearestName(written, candidates);
  const words = wordsOf(lower);
  let best: string | undefined;
  let share = 0;
  for (const key of candidates) {
    const others = wordsOf(key);
    const common = words.filter((word) => others.some((other) => isSameWord(word, other))).length;
    // a key that continues what was written comes before others that have as much in common
    const bonus = key.startsWith(lower) || lower.startsWith(key) ? 0.1 : 0;
    const score = common / (words.length + others.length - common) + bonus;
    if (score > share) [best, share] = [key, score];
  }
  if (typed !== undefined && share < 1) return typed;
  return share >= LEAST_SHARE ? best : typed;
}

function wordsOf(key: string): string[] {
  return [...new Set(key.split(/[._\-[\]\d]+/).filter((word) => word !== ""))];
}

function isSameWord(a: string, b: string): boolean {
  if (a === b) return true;
  if (Math.min(a.length, b.length) < 4) return false;
  return a.startsWith(b) || b.startsWith(a) || editDistance(a, b, 1) <= 1;
}
