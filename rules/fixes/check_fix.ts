// Fixes of a whole check: a hint that says `write` and a check, about one value of another check.
// In: the place of the value, the check that should be there. Out: a fix, where the value is all that its check compares with.
// Elsewhere: which findings have such hints (fixes_of.ts).

import { type Fix, replaceFix } from "../diagnostics/fix.ts";
import type { Span } from "../text/span.ts";

const FIELD = String.raw`[a-zA-Z]\w*(?:\.[a-zA-Z]\w*)+(?:\[[^\]\s]*\])?`;
const OPERATOR = String.raw`(?:==?|!=|(?:i?contains|startswith|endswith|in|intersects|pmatch)(?=[\s(]))`;
const BEFORE = new RegExp(String.raw`(?<![\w.])${FIELD}\s*${OPERATOR}\s*(\(\s*)?$`);
const CHECK = new RegExp(String.raw`^(?:not )?${FIELD} (?:${OPERATOR}|i?glob)\s*\S`);
/** Text before a value that belongs to its check. */
const REACH = 200;

/** `proc.name = shells` becomes `proc.name in (shells)`. A list of more values stays, unless the hint is about all of them. */
export function checkFix({ source, start, end }: Span, written: string, safe: boolean): Fix | undefined {
  if (!CHECK.test(written) || written.includes("…")) return undefined;
  const before = source.text.slice(Math.max(0, start - REACH), start);
  const found = BEFORE.exec(before);
  if (found === null) return undefined;
  let to = end;
  if (found[1] !== undefined) {
    const rest = source.text.slice(end, end + 10 * REACH);
    const close = (written.includes(" anyof (") ? /^[^()"']*\)/ : /^\s*\)/).exec(rest);
    if (close === null) return undefined;
    to += close[0].length;
  }
  const span = { source, start: start - before.length + found.index, end: to };
  return replaceFix(`Write \`${written}\``, span, written, safe);
}

/** Another field before the only value: `fd.sip = 10.0.0.0/8` becomes `fd.snet = 10.0.0.0/8`. */
export function fieldFix({ source, start, end }: Span, field: string): Fix | undefined {
  const before = source.text.slice(Math.max(0, start - REACH), start);
  const found = BEFORE.exec(before);
  if (found === null || (found[1] !== undefined && !/^\s*\)/.test(source.text.slice(end, end + REACH)))) {
    return undefined;
  }
  const from = start - before.length + found.index;
  const name = new RegExp(`^${FIELD}`).exec(found[0])![0];
  return replaceFix(`Compare \`${field}\``, { source, start: from, end: from + name.length }, field, false);
}
