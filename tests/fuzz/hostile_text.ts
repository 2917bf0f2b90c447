// Texts and JSON that a stranger may send: what a reader of good JSON does not expect.
// In: chance, a value that would be good. Out: bytes.

import type { Random } from "./random.ts";

const ODD = [
  "",
  "\0",
  "\n",
  "\r\nX: y",
  "\u001b[2J",
  "\u202e",
  "\u2028",
  "\ufeff",
  "../../etc/shadow",
  "%s%n",
  "💥",
  "\ud800",
];
const DEPTHS = [100, 10_000, 200_000];
const MAX_REPEATED = 4 << 20;

export function hostileText(random: Random): string {
  switch (random.below(4)) {
    case 0:
      return random.pick(ODD);
    case 1:
      return random.pick(ODD) + "x".repeat(random.below(300)) + random.pick(ODD);
    case 2:
      return "A".repeat(random.pick([1 << 10, 1 << 16, 1 << 20]));
    default:
      return String.fromCharCode(...Array.from({ length: random.below(64) }, () => random.below(0x10000)));
  }
}

/** A good value with some of its parts exchanged. */
export function mutate(value: unknown, random: Random, rate = 0.1): unknown {
  if (random.chance(rate)) return odd(random);
  if (Array.isArray(value)) {
    const items = value.map((item) => mutate(item, random, rate));
    return random.chance(rate / 2) ? Array.from({ length: 200 }, () => items[0] ?? null) : items;
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(() => !random.chance(rate / 2))
        .map(([key, inner]) => [
          random.chance(rate / 4) ? hostileText(random).slice(0, 100) : key,
          mutate(inner, random, rate),
        ]),
    );
  }
  return value;
}

function odd(random: Random): unknown {
  return random.pick<() => unknown>([
    () => null,
    () => hostileText(random),
    () => -1,
    () => 1e308,
    () => random.below(2 ** 31) * 2 ** 31,
    () => [],
    () => ({}),
    () => [[[[]]]],
    () => true,
    () => Array.from({ length: 500 }, (_, i) => i),
  ])();
}

/** The JSON of a value, whole or spoilt. */
export function hostileJson(value: unknown, random: Random): Uint8Array<ArrayBuffer> {
  const encode = (text: string) => new TextEncoder().encode(text);
  const good = JSON.stringify(mutate(value, random));
  switch (random.below(12)) {
    case 0:
      return encode(good.slice(0, random.below(good.length + 1)));
    case 1:
      return encode("[".repeat(random.pick(DEPTHS)));
    case 2:
      return encode('{"a":'.repeat(random.pick(DEPTHS)));
    case 3:
      return random.bytes(random.below(5000));
    case 4: {
      const bytes = encode(good);
      for (let i = 0; i < 5 && bytes.length > 0; i++) bytes[random.below(bytes.length)] = random.below(256);
      return bytes;
    }
    case 5:
      return encode(good.replaceAll(":", `:${" ".repeat(random.below(200))}`));
    case 6:
      return encode(`${good}${good}`);
    case 7:
      return encode(
        `[${
          Array(Math.min(random.pick([10, 1000, 20_000]), MAX_REPEATED / (good.length + 1) | 0)).fill(good)
        }]`,
      );
    default:
      return encode(good);
  }
}
