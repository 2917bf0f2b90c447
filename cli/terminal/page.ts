// Layout of what is printed for people: lines that fit the terminal, columns, colours on a terminal only.
// In: text. Out: lines. Elsewhere: what is listed (list_*.ts), Falco's own listings (forms/).

import { sanitize } from "../../base/mod.ts";

const STYLES = { bold: "1", dim: "2", name: "36", good: "32", bad: "33" } as const;
export type Style = keyof typeof STYLES;

export interface Page {
  /** characters in a line */
  readonly width: number;
  readonly colour: boolean;
}

/** One cell of a row; its text is made harmless where it is laid out. */
export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

const USUAL_WIDTH = 110;
/** A column that is narrower than this has its text below the row instead. */
const LEAST_COLUMN = 30;

/** Standard output as it is: a terminal tells its width, a file or a pipe gets the usual one. */
export function stdoutPage(): Page {
  if (!Deno.stdout.isTerminal()) return { width: USUAL_WIDTH, colour: false };
  let width = USUAL_WIDTH;
  try {
    width = Deno.consoleSize().columns;
  } catch {
    // a terminal that does not know its size
  }
  return { width: Math.min(Math.max(width, 60), 160), colour: !Deno.noColor };
}

/** Neither control characters nor those that break lines or turn their direction. */
export function harmless(text: string): string {
  return sanitize(text);
}

export function paint(page: Page, text: string, style: Style | undefined): string {
  return page.colour && style !== undefined && text !== "" ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text;
}

export function heading(page: Page, title: string, rest = ""): string {
  return paint(page, harmless(title), "bold") +
    (rest === "" ? "" : `  ${paint(page, harmless(rest), "dim")}`);
}

/** Words of a text in lines of at most `width` characters; a longer word is alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).map(harmless)) {
    if (word === "") continue;
    if (line !== "" && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines;
}

/** A paragraph, indented. */
export function paragraph(page: Page, text: string, indent = 0): string {
  const pad = " ".repeat(indent);
  return wrap(text, page.width - indent).map((line) => pad + line).join("\n");
}

/** Rows in columns: all but the last as wide as their longest cell, the last one wrapped into what is left. */
export function columns(page: Page, rows: readonly (readonly Cell[])[], indent = 2): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const cap = Math.floor(page.width * 0.45);
  const widths: number[] = [];
  for (let column = 0; column + 1 < count; column++) {
    const lengths = rows.map((row) => lengthOf(row[column]?.text ?? "")).filter((length) => length <= cap);
    widths.push(Math.max(0, ...lengths));
  }
  return rows.map((row) => layOut(page, row, widths, indent)).join("\n");
}

function layOut(page: Page, row: readonly Cell[], widths: readonly number[], indent: number): string {
  const lines: string[] = [];
  let line = " ".repeat(indent);
  let at = indent;
  for (const [column, width] of widths.entries()) {
    const { text, style } = row[column] ?? { text: "" };
    const safe = harmless(text);
    line += paint(page, safe, style);
    at += width + 2;
    if (lengthOf(safe) <= width) line += " ".repeat(width - lengthOf(safe) + 2);
    else {
      // too long for its column: the rest of the row goes on below
      lines.push(line);
      line = " ".repeat(at);
    }
  }
  const last = row[widths.length];
  if (page.width - at < LEAST_COLUMN) {
    lines.push(line);
    at = indent + 4;
    line = " ".repeat(at);
  }
  const wrapped = wrap(last?.text ?? "", page.width - at);
  for (const [index, part] of wrapped.entries()) {
    lines.push((index === 0 ? line : " ".repeat(at)) + paint(page, part, last?.style));
  }
  return lines.map((done) => done.trimEnd()).join("\n");
}

function lengthOf(text: string): number {
  return [...text].length;
}
