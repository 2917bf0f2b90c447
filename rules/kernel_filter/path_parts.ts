// What a test on a path needs to be in the path.
// In: a test of the matcher on the path of an open event. Out: parts of which one is there whenever the test holds, or
// "any" where nothing can be said. The path is absolute and clean: it has no `//`, no `/./` and no `../`.
// Elsewhere: which tests are on a path (open_clauses.ts).

import { latin1, type TestNode } from "../lower/ir.ts";
import { PART_BYTES, type PathPart } from "./plan.ts";

/** None: the test cannot hold. */
export type PathParts = readonly PathPart[] | "any";

const IMPOSSIBLE: readonly string[] = ["../", "//", "/./"];

/** @param isWhole the value is the path or its directory: it begins where the path begins */
export function partsOfTest({ fn, right }: TestNode, isWhole: boolean): PathParts {
  const texts = textsOf(right);
  if (texts === undefined) return "any";
  switch (fn) {
    case "str_eq":
    case "str_in":
    case "str_startswith":
      return union(texts.map((text) => isWhole ? beginning(text) : somewhere(text)));
    case "str_pmatch":
      return union(texts.map((text) => globParts(fromRoot(text, isWhole), isWhole)));
    case "str_endswith":
    case "str_contains":
      return union(texts.map(somewhere));
    case "str_glob":
      return union(texts.map((text) => globParts(text, isWhole)));
    default:
      return "any";
  }
}

function textsOf(right: TestNode["right"]): readonly Uint8Array[] | undefined {
  if (right.kind === "text") return [right.bytes];
  return right.kind === "texts" || right.kind === "paths" ? right.items : undefined;
}

export function union(all: readonly PathParts[]): PathParts {
  const parts: PathPart[] = [];
  for (const some of all) {
    if (some === "any") return "any";
    parts.push(...some);
  }
  return parts;
}

function beginning(text: Uint8Array): PathParts {
  if (isImpossible(text)) return [];
  // a slash at the end says nothing: the matcher leaves it out
  const bytes = text.at(-1) === SLASH ? text.subarray(0, -1) : text;
  return bytes.length === 0 ? "any" : [{ kind: "prefix", bytes }];
}

function somewhere(text: Uint8Array): PathParts {
  if (isImpossible(text)) return [];
  const window = rarestWindow(text);
  return window === undefined ? "any" : [{ kind: "part", bytes: window }];
}

/** A glob's beginning up to its first special character, else its longest text without one. */
function globParts(glob: Uint8Array, isWhole: boolean): PathParts {
  const chunks = latin1(glob).split(/[*?[\]{}\\!]+/).map((chunk) =>
    Uint8Array.from(chunk, (char) => char.charCodeAt(0))
  );
  // between brackets there are characters of which one is enough
  if (/[[\]{}\\!]/.test(latin1(glob))) {
    return isWhole && chunks[0]!.length > 0 ? beginning(chunks[0]!) : "any";
  }
  if (chunks.some(isImpossible)) return [];
  const longest = chunks.slice(1).reduce((a, b) => b.length > a.length ? b : a, new Uint8Array(0));
  if (isWhole && chunks[0]!.length > longest.length) return beginning(chunks[0]!);
  return longest.length >= PART_BYTES || !isWhole
    ? somewhere(chunks[0]!.length > longest.length ? chunks[0]! : longest)
    : beginning(chunks[0]!);
}

const SLASH = 0x2f;

/** pmatch compares parts of paths: with and without a slash in front they are the same. */
function fromRoot(text: Uint8Array, isWhole: boolean): Uint8Array {
  const first = text.findIndex((byte) => byte !== SLASH);
  const rest = first < 0 ? new Uint8Array(0) : text.subarray(first);
  return isWhole ? Uint8Array.of(SLASH, ...rest) : rest;
}

function isImpossible(text: Uint8Array): boolean {
  const written = latin1(text);
  return IMPOSSIBLE.some((part) => written.includes(part));
}

/** Letters are in every path, so the window with the fewest of them says most. */
function rarestWindow(text: Uint8Array): Uint8Array | undefined {
  let best: Uint8Array | undefined;
  let fewest = Infinity;
  for (let at = 0; at + PART_BYTES <= text.length; at++) {
    const window = text.subarray(at, at + PART_BYTES);
    const letters = window.reduce((sum, byte) => sum + (isLetter(byte) ? 2 : byte === SLASH ? 1 : 0), 0);
    if (letters < fewest) [best, fewest] = [window, letters];
  }
  return best;
}

function isLetter(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}
