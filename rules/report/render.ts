// Diagnostics as text for people: place, source frame with carets, reasons, hint.
// In: Diagnostic values. Out: text, coloured when asked. Elsewhere: JSON and SARIF, and Falco's own form (cli/).
//
//   error[unknown-field]: there is no field `proc.nam`
//     --> rules.yaml:5:14
//      |
//    5 |   condition: proc.nam = bash
//      |              ^^^^^^^^
//      = note: …
//      = help: did you mean `proc.name`?

import { lineStarts, positionAt } from "../text/source.ts";
import type { Span } from "../text/span.ts";
import type { Severity } from "../findings/define.ts";
import { findingOf } from "../findings/registry.ts";
import type { Diagnostic, Label } from "../diagnostics/diagnostic.ts";

export interface RenderOptions {
  readonly colour?: boolean;
}

/** Longer lines are cut around what is underlined. */
const MAX_LINE = 140;
/** Lines shown of a span over several lines. */
const MAX_LINES = 4;

const ESC = "\x1b[";
const COLOURS = { error: "1;31", warning: "1;33", info: "1;36", bold: "1", dim: "1;34", plain: "0" } as const;

export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions = {}): string {
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, options)).join("\n");
}

export function renderDiagnostic(diagnostic: Diagnostic, options: RenderOptions = {}): string {
  const paint = (text: string, style: keyof typeof COLOURS) =>
    options.colour ? `${ESC}${COLOURS[style]}m${text}${ESC}0m` : text;
  const { severity, code, message, span, path, labels, notes, hint } = diagnostic;
  const head = paint(`${severity}[${code}]`, severity) + paint(`: ${clean(message)}`, "bold");
  const places = [...(span === undefined ? [] : [{ span, message: "" }]), ...labels];
  const gutter = Math.max(1, ...places.map((place) => String(lastLine(place.span)).length));
  const pad = " ".repeat(gutter);
  const bar = paint("|", "dim");
  let text = `${head}\n`;
  for (const [at, place] of places.entries()) {
    const { line, column } = positionAt(place.span.source, place.span.start);
    const arrow = paint(at === 0 && span !== undefined ? "-->" : ":::", "dim");
    text += `${pad}${arrow} ${clean(place.span.source.path)}:${line}:${column}\n${pad} ${bar}\n`;
    text += frame(place, gutter, at === 0 && span !== undefined ? severity : "dim", paint, bar);
  }
  if (places.length === 0 && path !== undefined) text += `${pad}${paint("-->", "dim")} ${clean(path)}\n`;
  const falco = findingOf(code).falco;
  const equals = paint("=", "dim");
  for (const note of notes) text += `${pad} ${equals} ${paint("note", "bold")}: ${clean(note)}\n`;
  if (hint !== undefined) text += `${pad} ${equals} ${paint("help", "bold")}: ${clean(hint)}\n`;
  return `${text}${pad} ${equals} ${falco}\n`;
}

type Paint = (text: string, style: keyof typeof COLOURS) => string;

function frame(place: Label, gutter: number, style: Severity | "dim", paint: Paint, bar: string): string {
  const { span } = place;
  const starts = lineStarts(span.source);
  const first = positionAt(span.source, span.start).line;
  const last = lastLine(span);
  let text = "";
  const shown = Math.min(last, first + MAX_LINES - 1);
  for (let line = first; line <= shown; line++) {
    const start = starts[line - 1]!;
    const end = line < starts.length ? starts[line]! - 1 : span.source.text.length;
    const from = Math.max(span.start, start) - start;
    const to = Math.max(from + (line === first ? 1 : 0), Math.min(span.end, end) - start);
    const whole = span.source.text.slice(start, end);
    const indent = line === first ? from : Math.max(from, whole.search(/\S|$/));
    const { cut, shift } = cutLine(whole, indent);
    const number = String(line).padStart(gutter);
    text += `${paint(number, "dim")} ${bar} ${clean(cut)}\n`;
    const carets = "^".repeat(Math.max(line === first ? 1 : 0, Math.min(to, whole.length + 1) - indent, 0));
    const message = line === shown && place.message !== "" ? ` ${clean(place.message)}` : "";
    const lead = cut.slice(0, indent - shift).replace(/[^\t]/g, " ");
    const room = Math.max(1, MAX_LINE + 1 - (indent - shift));
    text += `${" ".repeat(gutter)} ${bar} ${lead}${paint(carets.slice(0, room) + message, style)}\n`;
  }
  if (shown < last) text += `${" ".repeat(gutter)} ${bar} …\n`;
  return text;
}

/** A part of a long line that holds the column, and how far it is moved. */
function cutLine(line: string, column: number): { cut: string; shift: number } {
  if (line.length <= MAX_LINE) return { cut: line, shift: 0 };
  const start = Math.max(0, Math.min(column - 40, line.length - MAX_LINE));
  const cut = line.slice(start, start + MAX_LINE);
  const before = start > 0 ? `…${cut.slice(1)}` : cut;
  return { cut: start + MAX_LINE < line.length ? `${before.slice(0, -1)}…` : before, shift: start };
}

function lastLine(span: Span): number {
  const end = Math.max(span.start, span.end - 1);
  return positionAt(span.source, end).line;
}

/** Nothing of a rules file may steer the terminal. */
function clean(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
