// What is wrong with a text that is no YAML, in words for those who write rules and settings.
// In: the text and the place where reading it came to an end. Out: a mistake to throw, which points at its cause: the bracket or
// quote that is open, the line that is not indented like the others.
// Elsewhere: finding such places (scanner.ts, parser.ts, scalars), reading on after the mistake (read.ts).

import { isBlank, lineEnd, lineStart } from "./characters.ts";
import { YamlMistake } from "./mistake.ts";

const QUOTE_IT = "put the whole value into quotes";
const DEEPER = "a value over several lines is indented deeper than its key";
const KEY = /^\s*(?:- +)*[\w.-]+:(?:\s|$)/;
/** Not `---`, and no negative number or option of a program. */
const GLUED_DASH = /^\s*-[A-Za-z_"']/;
const CLOSING: Readonly<Record<string, string>> = { "[": "]", "{": "}" };

export function tabIndents(at: number): YamlMistake {
  return new YamlMistake(at, at + 1, "a tab cannot indent YAML", "indent with blanks");
}

/** A bracket or a quote without an end. */
export function unclosed(text: string, open: number): YamlMistake {
  const char = text[open]!;
  return new YamlMistake(open, open + 1, `the closing \`${CLOSING[char] ?? char}\` is missing`);
}

export function badEscape(text: string, at: number, digits: number): YamlMistake {
  const escape = [...text.slice(at, at + 3)].slice(0, 2).join("").trimEnd();
  if (digits > 0) {
    const code = /^\\.[0-9a-fA-F]*/.exec(text.slice(at, at + 2 + digits))![0];
    return new YamlMistake(
      at,
      at + code.length,
      `\`${code}\` is no character`,
      `write ${digits} hexadecimal digits`,
    );
  }
  const hint =
    `write \`\\${escape}\`, or take single quotes or a block (\`|\`), where a backslash is just that`;
  return new YamlMistake(at, at + escape.length, `\`${escape}\` is no escape within double quotes`, hint);
}

/** What is where a value should begin. */
export function badStart(text: string, at: number): YamlMistake {
  const char = String.fromCodePoint(text.codePointAt(at)!);
  return new YamlMistake(at, at + char.length, `a value cannot begin with \`${char}\``, QUOTE_IT);
}

export function textAfterBlockHeader(text: string, start: number, at: number): YamlMistake {
  const hint = "put the value into quotes when it begins with that character";
  return new YamlMistake(
    at,
    lineEnd(text, at),
    `the text after \`${text[start]}\` begins on the next line`,
    hint,
  );
}

/** A closing bracket that nothing opens. */
export function nothingToClose(text: string, at: number): YamlMistake {
  return new YamlMistake(at, at + 1, `there is nothing that \`${text[at]}\` could close`, QUOTE_IT);
}

/** A colon that makes no key of what is before it. */
export function strayColon(text: string, at: number, column: number): YamlMistake {
  const before = text.slice(lineStart(text, at), at);
  return KEY.test(before) || before.trim() === "" ? colonInValue(text, at) : strayLine(text, at, column);
}

/** A dash that cannot begin an entry. */
export function strayDash(text: string, at: number, column: number): YamlMistake {
  const before = text.slice(lineStart(text, at), at);
  if (before.trim() === "") return strayLine(text, at, column);
  return new YamlMistake(
    at,
    at + 1,
    "a sequence cannot begin on the line of its key",
    "begin it on the next line, or put the value into quotes",
  );
}

/** A line that is no key and no entry of the collection around it, whose column is given. */
export function strayLine(text: string, at: number, column: number): YamlMistake {
  const start = lineStart(text, at);
  const line = text.slice(start, lineEnd(text, at));
  const indent = line.search(/\S|$/);
  const tab = line.slice(0, indent).indexOf("\t");
  if (tab >= 0) return tabIndents(start + tab);
  const whole = (message: string, hint?: string) =>
    new YamlMistake(start + indent, start + line.trimEnd().length, message, hint);
  if (/^(?:<{7}|={7}|>{7})(?:\s|$)/.test(line)) {
    return whole(
      "the mark of a merge that is not finished",
      "keep one of the two sides, and remove the marks",
    );
  }
  if (GLUED_DASH.test(line)) return whole("the dash of an entry must be followed by a blank");
  const glued = /^\s*(?:- +)*([\w.-]+):\S/.exec(line);
  if (glued !== null) return whole(`a blank has to follow \`${glued[1]}:\``);
  return lineBefore(text, start, indent > column) ?? misplaced(line, indent, column, whole);
}

/** A mistake of the line before, which shows only in this one. */
function lineBefore(text: string, start: number, isDeeper: boolean): YamlMistake | undefined {
  let end = start;
  while (end > 0 && /\s/.test(text[end - 1]!)) end--;
  const begin = lineStart(text, end);
  const line = text.slice(begin, end);
  const indent = line.search(/\S|$/);
  if (GLUED_DASH.test(line)) {
    return new YamlMistake(begin + indent, end, "the dash of an entry must be followed by a blank");
  }
  const comment = isDeeper ? line.search(/(?<=^|\s)#/) : -1;
  if (comment < 0) return undefined;
  const message = "a comment ends the value, and the next line goes on with it";
  return new YamlMistake(begin + comment, end, message, "move the comment above the key");
}

function misplaced(
  line: string,
  indent: number,
  column: number,
  whole: (message: string, hint?: string) => YamlMistake,
): YamlMistake {
  const message = "the line is not indented like its neighbours";
  if (/^\s*- /.test(line)) return whole(message, "the dashes of one sequence are in the same column");
  if (KEY.test(line)) return whole(message, "the keys of one item begin in the same column");
  if (indent === column) {
    return whole("the line is neither `key: value` nor part of the value above it", DEEPER);
  }
  if (/^\s*[[{"']/.test(line)) {
    return whole("a key has one value, and this is another", "begin each entry of a sequence with a dash");
  }
  return whole(message, DEEPER);
}

/** Text that follows the end of a quoted text or of brackets on the same line. */
export function afterEnd(text: string, start: number, end: number, at: number): YamlMistake {
  const quote = text[start]!;
  if (swallowsLines(text, start, end)) return unclosed(text, start);
  const closing = CLOSING[quote] ?? quote;
  const hint = quote === '"'
    ? 'write `\\"` for a quote within the text, or put the whole value into single quotes'
    : quote === "'"
    ? "write `''` for a quote within the text, or put the whole value into double quotes"
    : QUOTE_IT;
  return new YamlMistake(at, lineEnd(text, at), `nothing can follow the closing \`${closing}\``, hint);
}

/** What is in brackets and is no entry. */
export function strayInFlow(text: string, open: number, at: number): YamlMistake {
  const char = text[at];
  if (at >= text.length || char === "]" || char === "}" || swallowsLines(text, open, at + 1)) {
    return unclosed(text, open);
  }
  if (char === ":") return colonInValue(text, at);
  if (char === "-" && isBlank(text.charCodeAt(at + 1))) {
    return new YamlMistake(
      at,
      at + 1,
      "an entry in brackets begins without a dash",
      "separate the entries by commas",
    );
  }
  return new YamlMistake(at, at + 1, "a comma is missing before this entry");
}

/** Something was opened and runs over lines that look as if they belonged to the collection around it. */
function swallowsLines(text: string, open: number, end: number): boolean {
  const first = text.slice(lineStart(text, open), open);
  const outer = /^\s*(?:- +)*/.exec(first)![0].length;
  let at = lineEnd(text, open) + 1;
  while (at < end) {
    const line = text.slice(at, lineEnd(text, at));
    const indent = line.search(/\S|$/);
    if (indent <= outer && (KEY.test(line) || /^\s*- /.test(line))) return true;
    at = lineEnd(text, at) + 1;
  }
  return false;
}

function colonInValue(text: string, at: number): YamlMistake {
  const isLast = /^[ \t]*(?:[\r\n]|$)/.test(text.slice(at + 1, at + 100));
  const what = isLast ? "a value cannot end with a colon" : "a value cannot hold a colon and a blank";
  return new YamlMistake(at, at + 1, what, "put the value into quotes");
}
