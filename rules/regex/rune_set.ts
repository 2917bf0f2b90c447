// Sets of code points as sorted, disjoint ranges.

export type RuneRange = readonly [low: number, high: number];
export type RuneSet = readonly RuneRange[];

export const MAX_RUNE = 0x10ffff;

/** Sorts and joins. */
export function runeSet(ranges: readonly RuneRange[]): RuneSet {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const joined: [number, number][] = [];
  for (const [low, high] of sorted) {
    const last = joined.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else joined.push([low, high]);
  }
  return joined;
}

export function complement(set: RuneSet): RuneSet {
  const rest: [number, number][] = [];
  let from = 0;
  for (const [low, high] of set) {
    if (low > from) rest.push([from, low - 1]);
    from = high + 1;
  }
  if (from <= MAX_RUNE) rest.push([from, MAX_RUNE]);
  return rest;
}

const ALPHA: RuneRange[] = [[0x41, 0x5a], [0x61, 0x7a]];
const DIGIT: RuneRange[] = [[0x30, 0x39]];

/** [:alpha:] and its kin: ASCII only. */
export const POSIX_CLASSES: Readonly<Record<string, RuneSet>> = {
  alnum: runeSet([...DIGIT, ...ALPHA]),
  alpha: ALPHA,
  ascii: [[0, 0x7f]],
  blank: [[9, 9], [32, 32]],
  cntrl: [[0, 0x1f], [0x7f, 0x7f]],
  digit: DIGIT,
  graph: [[0x21, 0x7e]],
  lower: [[0x61, 0x7a]],
  print: [[0x20, 0x7e]],
  punct: [[0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e]],
  space: [[9, 13], [32, 32]],
  upper: [[0x41, 0x5a]],
  word: runeSet([...DIGIT, ...ALPHA, [0x5f, 0x5f]]),
  xdigit: [[0x30, 0x39], [0x41, 0x46], [0x61, 0x66]],
};
