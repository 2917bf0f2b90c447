// Exceptions of rules: defaults and validation, merging, and the condition that they become.
// In: RawException values. Out: ExceptionInfo values; the text of a rule's condition with its exceptions after it.
// Elsewhere: parsing that text (syntax/parser.ts).
//
// Falco makes text of exceptions, `(condition) and not (…)`, before lists are substituted and the whole is parsed.
// So does this: a list's name works as a value, and values with `( ) , =` need quotes of their own.

import { MODIFIERS, OPERATORS } from "../syntax/ast.ts";
import type { Report } from "../diagnostics/diagnostic.ts";
import { comparisonHint, pairHint, rowsHint } from "./exception_hints.ts";
import type { ExceptionValue, OneOrList, RawException } from "./exception_item.ts";
import { MappedText } from "../text/mapped_text.ts";
import type { Span } from "../text/span.ts";
import { short } from "../yaml/decode.ts";

export interface ExceptionInfo {
  readonly name: string;
  readonly span: Span;
  readonly fields: OneOrList;
  /** as many as fields, without blanks around them */
  readonly comps: readonly string[];
  readonly values: readonly ExceptionValue[];
}

const LIST_OPERATORS = ["in", "intersects", "pmatch"];
const NUMBER_OPERATORS = ["<", "<=", ">", ">="];

/** Operators that go with `oneof`, `anyof` and `allof`. */
const MODIFIABLE: readonly string[] = OPERATORS.filter(
  (operator) => ![...LIST_OPERATORS, ...NUMBER_OPERATORS, "exists"].includes(operator),
);

function isModified(comp: string): boolean {
  const [operator = "", modifier = ""] = comp.split(" ", 2);
  return comp === `${operator} ${modifier}` && MODIFIABLE.includes(operator) &&
    (MODIFIERS as readonly string[]).includes(modifier);
}

function takesList(comp: string): boolean {
  return LIST_OPERATORS.includes(comp) || isModified(comp);
}

/** An exception of a definition, or a new one that is appended. */
export function newException(raw: RawException, report: Report): ExceptionInfo | undefined {
  const { name, span, fields, values } = raw;
  if (fields === undefined) {
    report.add("invalid-exception", span, `the exception \`${short(name)}\` has no \`fields\``, {
      notes: [
        "Only values can be appended without them, to an exception of the same name that exists before.",
      ],
    });
    return undefined;
  }
  const comps = compsOf(raw, fields, report);
  return comps === undefined ? undefined : { name, span, fields, comps, values };
}

function compsOf(raw: RawException, fields: OneOrList, report: Report): string[] | undefined {
  if (raw.comps === undefined) return fields.list ? fields.texts.map(() => "=") : ["in"];
  const { comps } = raw;
  if (comps.list !== fields.list || comps.texts.length !== fields.texts.length) {
    const counts = `${count(fields.texts.length, "field")}, ${count(comps.texts.length, "comp")}`;
    const reason = comps.list === fields.list ? counts : "one of them is a text and the other a sequence";
    report.add(
      "invalid-exception",
      comps.span,
      `\`fields\` and \`comps\` of \`${short(raw.name)}\` do not fit: ${reason}`,
      {
        labels: [{ span: fields.span, message: "the fields" }],
        hint: comps.list === fields.list ? undefined : pairHint(fields, comps),
      },
    );
    return undefined;
  }
  const made: string[] = [];
  for (const text of comps.texts) {
    const comp = text.text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
    const known = fields.list
      ? (OPERATORS as readonly string[]).includes(comp)
      : LIST_OPERATORS.includes(comp);
    if (!known && !isModified(comp)) {
      report.add(
        "invalid-exception",
        text.whole,
        `\`${short(comp)}\` cannot compare the fields of an exception`,
        {
          notes: fields.list
            ? ["Each comparison is an operator, or an operator for texts with oneof, anyof or allof."]
            : [
              "With one field it is in, pmatch, intersects, or an operator for texts with oneof, anyof or allof.",
            ],
          hint: comparisonHint(comp, fields.list ? OPERATORS : LIST_OPERATORS),
        },
      );
      return undefined;
    }
    made.push(comp);
  }
  return made;
}

/** Appends exceptions to those that a rule has: values to one of the same name, else a new one. */
export function mergeExceptions(
  before: readonly ExceptionInfo[],
  added: readonly RawException[],
  report: Report,
): ExceptionInfo[] | undefined {
  const merged = [...before];
  for (const raw of added) {
    const at = merged.findIndex((exception) => exception.name === raw.name);
    const existing = merged[at];
    if (existing === undefined) {
      if (raw.fields !== undefined && raw.values.length === 0) {
        report.add("invalid-exception", raw.span, `the new exception \`${short(raw.name)}\` has no values`);
        return undefined;
      }
      const info = newException(raw, report);
      if (info === undefined) return undefined;
      merged.push(info);
      continue;
    }
    const extra = raw.fields ?? raw.comps;
    if (extra !== undefined) {
      report.add(
        "invalid-exception",
        extra.span,
        `the exception \`${short(raw.name)}\` exists: only values can be appended`,
        {
          labels: [{ span: existing.span, message: "defined here" }],
          hint: "remove `fields` and `comps`",
        },
      );
      return undefined;
    }
    merged[at] = { ...existing, values: [...existing.values, ...raw.values] };
  }
  return merged;
}

/** All that the text of exceptions comes from. */
export function inputsOf(exceptions: readonly ExceptionInfo[]): unknown[] {
  return exceptions.flatMap((
    { name, span, fields, comps, values },
  ) => [name, span, fields, ...comps, ...values]);
}

/** The text of a condition with its exceptions, or nothing after a report. */
export function withExceptions(
  condition: MappedText,
  exceptions: readonly ExceptionInfo[],
  report: Report,
): MappedText | undefined {
  if (exceptions.length === 0) return condition;
  const parts = [
    MappedText.synthetic("(", condition.whole),
    condition,
    MappedText.synthetic(")", condition.whole),
  ];
  for (const exception of exceptions) {
    const before = parts.length;
    parts.push(MappedText.synthetic(" and not ", exception.span));
    const good = exception.fields.list
      ? addTuples(exception, parts, report)
      : addValues(exception, parts, report);
    if (!good) return undefined;
    if (exception.values.length === 0) parts.length = before;
  }
  return MappedText.concat(condition.whole, parts);
}

/** `(field in (a, b))` */
function addValues(exception: ExceptionInfo, parts: MappedText[], report: Report): boolean {
  const own = (text: string) => MappedText.synthetic(text, exception.span);
  exception.values.forEach((value, at) => {
    if (value.kind === "tuple") return;
    if (at === 0) parts.push(own("("), exception.fields.texts[0]!, own(` ${exception.comps[0]} (`));
    else parts.push(own(", "));
    parts.push(quoted(value.text));
  });
  if (exception.values.length > 0) parts.push(own("))"));
  const wrong = exception.values.find((value) => value.kind === "tuple");
  if (wrong === undefined) return true;
  report.add(
    "invalid-exception",
    wrong.span,
    `the values of \`${short(exception.name)}\` have to be texts, not sequences`,
    {
      notes: ["`fields` is one field, so each value is one text."],
      hint: "write `fields` as a sequence to compare several fields at once",
      labels: [{ span: exception.fields.span, message: "one field" }],
    },
  );
  return false;
}

/** `((f = a and g in (x, y)) or (…))` */
function addTuples(exception: ExceptionInfo, parts: MappedText[], report: Report): boolean {
  const own = (text: string) => MappedText.synthetic(text, exception.span);
  const { fields, comps } = exception;
  parts.push(own("("));
  for (const [row, value] of exception.values.entries()) {
    const elements = value.kind === "tuple" ? value.elements : [];
    if (elements.length !== fields.texts.length) {
      const shape = value.kind === "tuple" ? `has ${count(elements.length, "element")}` : "is a single text";
      report.add("invalid-exception", value.span, `a value of \`${short(exception.name)}\` ${shape}`, {
        notes: [`Each value is a sequence with one element for each field: ${fields.texts.length}.`],
        labels: [{ span: fields.span, message: "the fields" }],
        hint: value.kind === "tuple" ? undefined : rowsHint(fields, exception.values),
      });
      return false;
    }
    parts.push(own(row === 0 ? "(" : " or ("));
    for (const [column, element] of elements.entries()) {
      parts.push(own(column === 0 ? "" : " and "), fields.texts[column]!, own(` ${comps[column]} `));
      if (element.list) {
        parts.push(own("("));
        element.texts.forEach((text, at) => parts.push(own(at === 0 ? "" : ", "), quoted(text)));
        parts.push(own(")"));
      } else if (takesList(comps[column]!)) {
        const text = element.texts[0]!;
        if (text.text.startsWith("(")) parts.push(text);
        else parts.push(own("("), text, own(")"));
      } else {
        parts.push(quoted(element.texts[0]!));
      }
    }
    parts.push(own(")"));
  }
  parts.push(own(")"));
  return true;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** In double quotes when there is a blank in it and it does not begin with a quote. */
export function quoted(text: MappedText): MappedText {
  if (!text.text.includes(" ") || text.text.startsWith('"') || text.text.startsWith("'")) return text;
  const quote = MappedText.synthetic('"', text.whole);
  return MappedText.concat(text.whole, [quote, text, quote]);
}
