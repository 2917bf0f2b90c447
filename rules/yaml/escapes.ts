// What a backslash within double quotes stands for.

import type { ScalarText } from "./scalar_text.ts";
import { badEscape } from "./syntax_words.ts";

const SHORT: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  "\t": "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "'": "'",
  "/": "/",
  "\\": "\\",
  N: "\x85",
  _: "\xa0",
  L: "\u2028",
  P: "\u2029",
};

/** Digits after the letter. */
const HEX: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Gives where the text goes on. */
export function readEscape(text: string, at: number, value: ScalarText): number {
  const letter = text.charAt(at + 1);
  const short = SHORT[letter];
  if (short !== undefined) {
    value.put(short, at, at + 2);
    return at + 2;
  }
  const digits = HEX[letter] ?? 0;
  const code = text.slice(at + 2, at + 2 + digits);
  const point = /^[0-9a-fA-F]+$/.test(code) && code.length === digits ? parseInt(code, 16) : NaN;
  const isCharacter = point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  if (!isCharacter) throw badEscape(text, at, digits);
  value.put(String.fromCodePoint(point), at, at + 2 + digits);
  return at + 2 + digits;
}
