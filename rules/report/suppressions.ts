// Warnings that a rules file switches off itself, with a comment.
// In: the sources of a load. Out: whether a finding is switched off; a finding for each comment that names nothing that
// can be. Elsewhere: switching off by flag (cli/commands/check.ts).
//
//   # falco: ignore no-event-type, LOAD_UNUSED_MACRO -- and why
//
// Within an item, or at the end of one of its lines: for that item. Above an item: for the next one. At the head of
// the file, with an empty line after it: for the whole file. Errors cannot be switched off.

import { lineStarts, positionAt } from "../text/source.ts";
import type { Source } from "../text/span.ts";
import { CODES, type DiagnosticCode, findingOf } from "../findings/registry.ts";
import type { Diagnostic, Report } from "../diagnostics/diagnostic.ts";
import { outlineOf } from "../yaml/outline.ts";
import { didYouMean } from "../../base/mod.ts";

/** What is switched off in the sources of a load. */
export class Suppressions {
  readonly #files = new Map<Source, FileSuppressions>();

  constructor(sources: readonly Source[], report: Report) {
    for (const source of sources) {
      // It takes time to find comments; few files have such a one.
      if (source.text.includes("falco: ignore")) this.#files.set(source, readComments(source, report));
    }
  }

  has({ span, code, severity }: Diagnostic): boolean {
    const file = span === undefined ? undefined : this.#files.get(span.source);
    const items = file?.off.get(code);
    if (span === undefined || file === undefined || items === undefined || severity === "error") return false;
    return items.has(WHOLE_FILE) || items.has(itemAt(file.starts, span.start));
  }
}

interface FileSuppressions {
  /** where the items begin */
  readonly starts: readonly number[];
  /** the items in which a warning is switched off, by their number */
  readonly off: ReadonlyMap<DiagnosticCode, ReadonlySet<number>>;
}

const WHOLE_FILE = -1;

function itemAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  // before the first item there is nothing that a warning is about
  return Math.max(0, low - 1);
}

/** The codes that a word names: our id, or Falco's code for several of them; none when there is no such warning. */
export function suppressible(word: string): readonly DiagnosticCode[] {
  return WARNINGS.filter((code) => code === word || findingOf(code).falco === word);
}

/** Why a word switches nothing off. */
export function whyNotSuppressible(word: string): { message: string; hint: string | undefined } {
  const known = (CODES as readonly string[]).includes(word) || word.startsWith("LOAD_ERR_");
  return known
    ? { message: `\`${word}\` is an error and cannot be ignored`, hint: undefined }
    : { message: `there is no warning \`${word}\``, hint: didYouMean(word, WARNINGS) };
}

const WARNINGS = CODES.filter((code) => findingOf(code).severity !== "error");

interface Comment {
  readonly at: number;
  readonly text: string;
  /** items that begin before it */
  readonly items: number;
}

function readComments(source: Source, report: Report): FileSuppressions {
  const { comments, starts, column } = scan(source);
  const off = new Map<DiagnosticCode, Set<number>>();
  const headEnd = starts.length === 0 ? source.text.length : endOfHead(source.text, starts[0]!);
  for (const comment of comments) {
    const match = /^#\s*falco: ignore\b[ :]*(.*)$/.exec(comment.text);
    if (match === null) continue;
    const from = comment.at + comment.text.length - match[1]!.length;
    const words = match[1]!.replace(/(?:^|\s)--\s.*$/, "");
    const scope = comment.at < headEnd && comment.items === 0 ? WHOLE_FILE : itemOf(comment, source, column);
    for (const { 0: word, index } of words.matchAll(/[^\s,]+/g)) {
      const codes = suppressible(word);
      for (const code of codes) {
        const items = off.get(code);
        if (items === undefined) off.set(code, new Set([scope]));
        else items.add(scope);
      }
      if (codes.length > 0) continue;
      const span = { source, start: from + index, end: from + index + word.length };
      const { message, hint } = whyNotSuppressible(word);
      report.add("invalid-ignore", span, message, { hint });
    }
    if (words.trim() === "") {
      const span = { source, start: comment.at, end: comment.at + comment.text.length };
      const hint = "name it: `# falco: ignore no-event-type`";
      report.add("invalid-ignore", span, "the comment does not say which warning", { hint });
    }
  }
  return { starts, off };
}

/** The number of the item that a comment is about: the one that it is in, or the next one. */
function itemOf(comment: Comment, source: Source, column: number): number {
  const { line, column: at } = positionAt(source, comment.at);
  const alone = source.text.slice(lineStarts(source)[line - 1]!, comment.at).trim() === "";
  return comment.items > 0 && (!alone || at > column) ? comment.items - 1 : comment.items;
}

/** The last empty line, or line that begins a document, before the first item. */
function endOfHead(text: string, first: number): number {
  let end = 0;
  for (const { index } of text.slice(0, first).matchAll(/\n(?=[ \t]*\n|---)/g)) end = index;
  return end;
}

/** Comments, and where the items of the file begin: the dashes in the column of the first one. */
function scan(source: Source): { comments: Comment[]; starts: number[]; column: number } {
  const comments: Comment[] = [];
  const starts: number[] = [];
  let column = 0;
  for (const { kind, start, end } of outlineOf(source.text)) {
    if (kind === "comment") {
      comments.push({ at: start, text: source.text.slice(start, end), items: starts.length });
      continue;
    }
    const here = positionAt(source, start).column;
    if (starts.length === 0) column = here;
    if (here === column) starts.push(start);
  }
  return { comments, starts, column };
}
