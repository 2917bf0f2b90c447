// All fixes of a diagnostic: those that its finder has attached, and those that its hint says word for word.
// In: a diagnostic. Out: fixes, the likeliest first.
// Elsewhere: writing them (apply_fixes.ts), switching a warning off instead (ignore_fix.ts).
//
// A hint that names what to write is a fix already: "did you mean `x`?" and "write `x`" are said of the words that the
// diagnostic shows. Where that is not so, the finder attaches its own.

import { nearestName } from "../../base/mod.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type Fix, insertFix, replaceFix } from "../diagnostics/fix.ts";
import type { Span } from "../text/span.ts";
import { checkFix, fieldFix } from "./check_fix.ts";

export function fixesOf(diagnostic: Diagnostic): readonly Fix[] {
  const attached = diagnostic.fixes ?? [];
  if (attached.length > 0) return attached;
  const { span, hint } = diagnostic;
  if (span === undefined || hint === undefined) return [];
  const fix = meantName(span, hint) ?? byCode(diagnostic, span, hint);
  return fix === undefined ? [] : [fix];
}

/** A guess, however good: what has no meaning now gets one. */
function meantName(span: Span, hint: string): Fix | undefined {
  const meant = /^did you mean (?:the list )?`([^`]+)`\?$/.exec(hint)?.[1];
  if (meant === undefined) return undefined;
  const [, lead = "", word = "", tail = ""] = /^(%?\d*["']?)(.*?)(["']?)$/s.exec(textOf(span)) ?? [];
  // the span may be of more than the name
  const isField = /^[a-zA-Z]\w*(\.\w+)+$/.test(word) && meant.includes(".");
  const isEvent = /^\w+$/.test(word) && meant.startsWith(word);
  if (nearestName(word, [meant]) !== meant && !isField && !isEvent) return undefined;
  return replaceFix(`Replace \`${word}\` by \`${meant}\``, span, lead + meant + tail, false);
}

function byCode({ code }: Diagnostic, span: Span, hint: string): Fix | undefined {
  const text = textOf(span);
  const [, written] = /write `([^`]+)`$/.exec(hint) ?? /^write `([^`]+)`/.exec(hint) ?? [];
  switch (code) {
    case "condition-syntax":
      if (hint.startsWith("a value with blanks needs quotes")) return quoteFix(span, false);
      if (hint.endsWith("those with blanks need quotes")) return quoteFix(span, true);
      if (hint.startsWith("remove it: nothing follows")) return replaceFix("Remove it", span, "", false);
      if (hint.startsWith("fields have no quotes")) {
        return /^(["'])[\w.[\]]+\1$/.test(text)
          ? replaceFix("Remove the quotes", span, text.slice(1, -1), true)
          : undefined;
      }
      if (/(?:^write|begin it with) `and` or `or`/.test(hint) && !hint.includes("comma")) {
        return insertFix("Write `and`", { ...span, end: span.start }, "and ", false);
      }
      if (hint.startsWith("remove it, or")) return replaceFix("Remove it", span, "", false);
      return written === undefined
        ? undefined
        : checkFix(span, written, true) ?? transformerFix(span, text, written) ??
          syntaxFix(span, text, written);
    case "literal-glob":
    case "other-call":
      return written === undefined ? undefined : checkFix(span, written, false);
    case "impossible-value": {
      const value = /^(?:write|compare with) `([^`\s]+)`$/.exec(hint)?.[1];
      return value === undefined || /["']/.test(text) ||
          /^\w+[\w.]*\[?$/.test(value) && value.includes(".") && !text.includes(".")
        ? undefined
        : replaceFix(`Write \`${value}\``, span, value, false);
    }
    case "output-syntax": {
      const braces = /^%\{[^{}]+\}/.exec(span.source.text.slice(span.start, span.start + 200))?.[0];
      return written?.startsWith("%") && braces !== undefined
        ? replaceFix(`Write \`${written}\``, { ...span, end: span.start + braces.length }, written, false)
        : undefined;
    }
    case "yaml-syntax":
      return hint === "put the value into quotes" ? quotedLine(span) : undefined;
    case "simpler-operator":
      return written === undefined ? undefined : operatorFix(span, written);
    case "field-as-value":
      if (written?.startsWith("val(")) {
        return replaceFix(`Compare with the field: \`${written}\``, span, written, false);
      }
      return hint === "remove the quotes" && /^(["']).*\1$/s.test(text)
        ? replaceFix("Remove the quotes", span, text.slice(1, -1), false)
        : undefined;
    case "ineffective-override": {
      const keys = /^override: (\{.+\})$/.exec(written ?? "")?.[1];
      return keys === undefined ? undefined : replaceFix(`Write \`${written}\``, span, keys, false);
    }
    case "invalid-value": {
      const network = /^compare `(\S+)` with networks$/.exec(hint)?.[1];
      if (network !== undefined) return fieldFix(span, network);
      const named = /^compare the name: `([^`]+)`$/.exec(hint)?.[1];
      if (named !== undefined) return checkFix(span, named, false);
      if (/^(true|false)$/.test(written ?? "")) {
        return replaceFix(`Write \`${written}\``, span, written!, false);
      }
      return quotedName(span, hint);
    }
    case "wrong-type":
      return quotedName(span, hint);
    default:
      return undefined;
  }
}

function quotedName(span: Span, hint: string): Fix | undefined {
  const quoted = /when it is a name: `("[^"`]+")`$/.exec(hint)?.[1];
  return quoted === undefined ? undefined : replaceFix("Put it into quotes", span, quoted, false);
}

/** `lower(…)` becomes `tolower(…)`. */
function transformerFix(span: Span, text: string, written: string): Fix | undefined {
  const name = /^(\w+)\(…\)$/.exec(written)?.[1];
  return name === undefined || !/^\w+$/.test(text)
    ? undefined
    : replaceFix(`Write \`${name}\``, span, name, true);
}

/** The value of a key, up to the end of its line or its comment. */
function quotedLine({ source, start }: Span): Fix | undefined {
  const line = source.text.lastIndexOf("\n", start - 1) + 1;
  const [all] = /^[^\r\n]*/.exec(source.text.slice(line, line + 2000))!;
  const [, lead, value] = /^(\s*(?:- )?[\w-]+:\s+)(.*?)(?:\s+#.*|\s*)$/.exec(all) ?? [];
  if (lead === undefined || value === undefined || /["\\]/.test(value)) return undefined;
  const at = line + lead.length;
  return replaceFix("Put it into quotes", { source, start: at, end: at + value.length }, `"${value}"`, false);
}

/** Words of other languages, and values without their parentheses: nothing else can be meant. */
function syntaxFix(span: Span, text: string, written: string): Fix | undefined {
  if (/^\w+ \(.+\)$/.test(written)) {
    const value = wholeValue(span);
    return value === undefined
      ? undefined
      : replaceFix("Put it into parentheses", value, `(${textOf(value)})`, true);
  }
  if (/^!\w/.test(text) && written.startsWith("not ")) {
    return replaceFix("Write `not`", { ...span, end: span.start + 1 }, "not ", true);
  }
  const isWord = /^(and|or|not|in|exists|!=|=|regex)$/.test(written) && /^([&|!~=<>:]+|[A-Z]+)$/i.test(text);
  if (!isWord || written === text) return undefined;
  const after = span.source.text[span.end] ?? " ";
  const blank = /\s/.test(after) || !/^\w+$/.test(written) ? "" : " ";
  return replaceFix(`Write \`${written}\``, span, written + blank, true);
}

/**
 * A path or a command with blanks, up to where it ends in its line. Bare words may as well be a check without `and` or values
 * without a comma, and are left to the author.
 */
function quoteFix({ source, start }: Span, inList: boolean): Fix | undefined {
  const before = source.text.slice(Math.max(0, start - 1000), start);
  const [head] = /[^()"'\s=,]+[ \t]+$/.exec(before) ?? [];
  const [tail] = /^[^()"'=,\n]+/.exec(source.text.slice(start, start + 1000)) ?? [];
  if (head === undefined || tail === undefined) return undefined;
  if (head.startsWith("/") && tail.startsWith("/")) {
    const at = start - head.length + head.trimEnd().length;
    return inList ? insertFix("Write a comma", { source, start: at, end: at }, ",", false) : undefined;
  }
  const end = / (?:and|or)\b/.exec(tail)?.index ?? tail.length;
  const value = (head + tail.slice(0, end)).trimEnd();
  // what makes it a path or an option: no name of a macro has such a sign
  if (!/[/\\-]/.test(value)) return undefined;
  // quotes of the YAML value around it would end there
  const [, around] = [...before.matchAll(/\bcondition:\s*(["']?)/g)].at(-1) ?? [];
  const quote = around === '"' ? "'" : '"';
  const from = start - head.length;
  const span = { source, start: from, end: from + value.length };
  return replaceFix("Put it into quotes", span, quote + value + quote, false);
}

/** Of a text in quotes the diagnostic shows the first one alone. */
function wholeValue(span: Span): Span | undefined {
  const text = textOf(span);
  if (/^[^()"'\s=,[\]]+$/.test(text)) return span;
  const { source, start } = span;
  if (!/^["']/.test(text) || source.text[start - 1] === "\\") return undefined;
  const quoted = /^(["'])[^"'\\\n]*\1/.exec(source.text.slice(start, start + 1000));
  return quoted === null ? undefined : { source, start, end: start + quoted[0].length };
}

/** `regex /x.*` becomes `startswith /x`, together with the operator before it. */
function operatorFix(span: Span, written: string): Fix | undefined {
  const before = /\bregex\s+$/.exec(span.source.text.slice(Math.max(0, span.start - 200), span.start));
  if (before === null) return undefined;
  return replaceFix(`Write \`${written}\``, { ...span, start: span.start - before[0].length }, written, true);
}

function textOf({ source, start, end }: Span): string {
  return source.text.slice(start, end);
}
