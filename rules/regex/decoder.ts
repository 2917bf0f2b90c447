// How bytes become classes of code points. Falco replaces what is not UTF-8 before it matches: every longest
// beginning of a sequence that cannot go on counts as one U+FFFD. The decoder does the same, byte by byte.
// In: the partition of code points. Out: for each point inside a sequence what the next byte means.

import { intervalAt, type Partition } from "./nfa.ts";

/** A class of code points that is complete, a point inside a sequence, or a byte that cannot stand here. */
export type Step =
  | { readonly kind: "class"; readonly value: number }
  | { readonly kind: "point"; readonly value: number }
  | { readonly kind: "broken" };

export interface Decoder {
  /** by point, then by byte; point 0 is between characters */
  readonly points: readonly (readonly Step[])[];
  /** class of U+FFFD */
  readonly replacement: number;
}

const BROKEN: Step = { kind: "broken" };
const REPLACEMENT = 0xfffd;

export function buildDecoder(partition: Partition): Decoder {
  const points: (readonly Step[])[] = [[]];
  const known = new Map<string, number>();

  /** A point that expects continuation bytes; equal points are one. */
  const point = (low: number, high: number, stepOf: (byte: number) => Step): number => {
    const steps = Array.from({ length: 256 }, (_, byte) => byte < low || byte > high ? BROKEN : stepOf(byte));
    const key = steps.map((step) => step.kind === "broken" ? "-" : `${step.kind[0]}${step.value}`).join();
    let number = known.get(key);
    if (number === undefined) {
      number = points.push(steps) - 1;
      known.set(key, number);
    }
    return number;
  };

  /** What follows when `left` continuation bytes lead to the code points from `from` on. */
  const sequence = (from: number, left: number, low: number, high: number): Step => {
    if (left === 0) return { kind: "class", value: partition.classes[intervalAt(partition, from)]! };
    const span = 64 ** (left - 1);
    const interval = intervalAt(partition, from);
    const uniform = (partition.starts[interval + 1] ?? Infinity) >= from + 64 * span;
    // where all code points below have one class, one child serves for all bytes
    const shared = uniform ? sequence(from, left - 1, 0x80, 0xbf) : undefined;
    const stepOf = (byte: number) => shared ?? sequence(from + (byte - 0x80) * span, left - 1, 0x80, 0xbf);
    return { kind: "point", value: point(low, high, stepOf) };
  };

  points[0] = Array.from({ length: 256 }, (_, byte): Step => {
    if (byte < 0x80) return sequence(byte, 0, 0, 0);
    if (byte < 0xc2 || byte > 0xf4) return BROKEN;
    if (byte < 0xe0) return sequence((byte & 0x1f) << 6, 1, 0x80, 0xbf);
    if (byte < 0xf0) {
      // overlong forms and surrogates are not UTF-8
      return sequence((byte & 0x0f) << 12, 2, byte === 0xe0 ? 0xa0 : 0x80, byte === 0xed ? 0x9f : 0xbf);
    }
    return sequence((byte & 0x07) << 18, 3, byte === 0xf0 ? 0x90 : 0x80, byte === 0xf4 ? 0x8f : 0xbf);
  });
  return { points, replacement: partition.classes[intervalAt(partition, REPLACEMENT)]! };
}
