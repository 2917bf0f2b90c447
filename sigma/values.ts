// What a value of Sigma is compared as: a text with wildcards, cut into literal parts; and what modifiers make of it.
// In: a value and its modifiers. Out: patterns. Elsewhere: the check that a pattern becomes (check.ts).

import { CannotConvert } from "./tree.ts";

/** `*` and `?` between literal texts. */
export type Pattern = readonly (string | { readonly wildcard: "*" | "?" })[];

/** `\*` and `\?` are letters, `\\` before them is a backslash; any other backslash is one. */
export function parsePattern(text: string): Pattern {
  const parts: (string | { wildcard: "*" | "?" })[] = [];
  let literal = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!, following = text[at + 1];
    if (char === "\\" && (following === "*" || following === "?" || following === "\\")) {
      literal += following;
      at++;
    } else if (char === "*" || char === "?") {
      if (literal !== "") parts.push(literal);
      literal = "";
      parts.push({ wildcard: char });
    } else literal += char;
  }
  if (literal !== "") parts.push(literal);
  return parts;
}

const DASHES = ["-", "/", "\u2013", "\u2014", "\u2015"];
const MAX_VARIANTS = 200;

/** A value in all the forms that its modifiers mean; `cased` when letters count as they are. */
export function variantsOf(
  value: string,
  modifiers: readonly string[],
): { texts: readonly Pattern[]; cased: boolean } {
  let encoded: string[] | undefined;
  let texts = [value];
  let wide = false;
  for (const modifier of modifiers) {
    switch (modifier) {
      case "windash":
        texts = texts.flatMap(withDashes);
        break;
      case "wide":
      case "utf16le":
        wide = true;
        break;
      case "base64":
        encoded = texts.map((text) => base64(bytesOf(text, wide)));
        break;
      case "base64offset":
        encoded = texts.flatMap((text) => [0, 1, 2].map((offset) => base64At(bytesOf(text, wide), offset)));
    }
  }
  if (wide && encoded === undefined) throw new CannotConvert("`wide` without `base64` asks for bytes");
  if (encoded !== undefined) return { texts: encoded.map((text) => [text]), cased: true };
  return { texts: texts.map(parsePattern), cased: modifiers.includes("cased") };
}

/** Each dash at the start of a word can be written in other ways. */
function withDashes(text: string): string[] {
  let made = [""];
  for (const [at, char] of [...text].entries()) {
    const isOption = char === "-" && (at === 0 || /\s/.test(text[at - 1]!));
    const forms = isOption ? DASHES : [char];
    made = made.flatMap((start) => forms.map((form) => start + form));
    if (made.length > MAX_VARIANTS) throw new CannotConvert("`windash` gives too many forms of a value");
  }
  return made;
}

function bytesOf(text: string, wide: boolean): Uint8Array {
  if (!wide) return new TextEncoder().encode(text);
  return Uint8Array.from([...text].flatMap((char) => [char.charCodeAt(0) & 255, char.charCodeAt(0) >> 8]));
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** What of the encoded text does not depend on what is before and after it. */
function base64At(bytes: Uint8Array, offset: number): string {
  const shifted = new Uint8Array(offset + bytes.length);
  shifted.set(bytes, offset);
  const start = [0, 2, 3][offset]!;
  const cut = [0, 3, 2][shifted.length % 3]!;
  const whole = base64(shifted);
  return whole.slice(start, cut === 0 ? undefined : -cut);
}
