// Regular expressions of Sigma in Falco's syntax: RE2's POSIX syntax, which has neither \d nor lazy or look-around groups,
// and has to match the whole value, where Sigma looks for a part of it.
// In: a pattern. Out: a check, or the reason why there is none.

import { quoted } from "./quoted.ts";
import { CannotConvert } from "./tree.ts";

const CLASSES: Readonly<Record<string, string>> = {
  d: "0-9",
  w: "0-9A-Za-z_",
  s: " \t\n\r\f\v",
};
const PLAIN: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", f: "\f", v: "\v" };

export function regexCheck(field: string, pattern: string, modifiers: readonly string[]): string {
  const ignoresCase = modifiers.includes("i") || pattern.startsWith("(?i)");
  const posix = toPosix(pattern.replace(/^\(\?i\)/, ""));
  const body = ignoresCase ? lowered(posix) : posix;
  const left = ignoresCase ? `tolower(${field})` : field;
  // a newline is a letter like any other within a command line
  return `${left} regex ${quoted(`(.|\n)*(${body})(.|\n)*`)}`;
}

function toPosix(pattern: string): string {
  let made = "", inClass = false;
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    const next = pattern[at + 1] ?? "";
    if (char === "\\") {
      at++;
      const kind = CLASSES[next];
      const negated = CLASSES[next.toLowerCase()];
      if (kind !== undefined) made += inClass ? kind : `[${kind}]`;
      else if (negated !== undefined && !inClass) made += `[^${negated}]`;
      else if (PLAIN[next] !== undefined) made += PLAIN[next];
      else if (/[A-Za-z0-9]/.test(next)) {
        throw new CannotConvert(`\`\\${next}\` of its regular expression has no counterpart`);
      } else {made += next === "/" || next === '"' || next === "'" || next === "-" && !inClass
          ? next
          : `\\${next}`;}
    } else if (inClass) {
      if (char === "]") inClass = false;
      made += char;
    } else if (char === "[") {
      inClass = true;
      made += char;
      if (next === "^") made += pattern[++at];
    } else if (char === "(" && next === "?") {
      if (pattern[at + 2] !== ":") {
        throw new CannotConvert("its regular expression looks ahead or names groups");
      }
      made += "(";
      at += 2;
    } else if (/[*+?}]/.test(char) && (next === "?" || next === "+")) {
      // lazy or not, what is found is the same
      if (next === "+") throw new CannotConvert("its regular expression has a possessive quantifier");
      made += char;
      at++;
    } else made += char;
  }
  return made;
}

/** Ranges of capital letters become those of small ones; a backslash keeps what it escapes. */
function lowered(pattern: string): string {
  return pattern.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
