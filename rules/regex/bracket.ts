// Bracket expressions: [abc], [^a-z], [[:alpha:]_]. A negated one matches a newline.

import { RegexError, type RuneReader } from "./reader.ts";
import { complement, POSIX_CLASSES, type RuneRange, type RuneSet, runeSet } from "./rune_set.ts";

/** Reads up to the closing bracket; the opening one has been read. */
export function parseBracket(reader: RuneReader): RuneSet {
  const negated = reader.match(/^\^/) !== undefined;
  const ranges: RuneRange[] = [];
  for (let first = true; first || reader.peek() !== "]"; first = false) {
    if (reader.atEnd()) throw new RegexError("missing ]");
    if (!first && /^-[^\]]/u.test(reader.rest())) {
      throw new RegexError("a minus inside brackets must be first or last");
    }
    const named = reader.match(/^\[:(\^?)([^\]]*?):\]/);
    if (named !== undefined) ranges.push(...namedClass(named[2] ?? "", named[1] === "^"));
    else ranges.push(range(reader));
  }
  reader.next();
  const set = runeSet(ranges);
  return negated ? complement(set) : set;
}

function namedClass(name: string, negated: boolean): RuneSet {
  const set = Object.hasOwn(POSIX_CLASSES, name) ? POSIX_CLASSES[name] : undefined;
  if (set === undefined) throw new RegexError(`there is no character class [:${name}:]`);
  return negated ? complement(set) : set;
}

function range(reader: RuneReader): RuneRange {
  const low = character(reader);
  if (!/^-[^\]]/u.test(reader.rest())) return [low, low];
  reader.next();
  const high = character(reader);
  if (high < low) {
    throw new RegexError(
      `the range ${String.fromCodePoint(low)}-${String.fromCodePoint(high)} is the wrong way round`,
    );
  }
  return [low, high];
}

function character(reader: RuneReader): number {
  const char = reader.next();
  return char === "\\" ? reader.escape() : char.codePointAt(0)!;
}
