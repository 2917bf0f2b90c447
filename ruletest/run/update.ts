// `--update`: puts what came into test files in place of what was expected.
// In: failed cases. Out: files, changed only between the ends of the expected texts; everything else stays as it is written.
// Only texts that are written as they are can be put right: not patterns, and not what a matrix or a template fills in.

import type { Source, Span } from "../../rules/mod.ts";
import type { CaseResult } from "./run_tests.ts";

export interface Updated {
  readonly path: string;
  readonly changes: number;
}

export function updateFiles(results: readonly CaseResult[]): Updated[] {
  const bySource = new Map<Source, Map<string, { span: Span; text: string | undefined }>>();
  for (const { exactSpan, actual } of results.flatMap(({ failures }) => failures)) {
    if (exactSpan === undefined || actual === undefined) continue;
    const { source, start, end } = exactSpan;
    if (source.text.slice(start, end).includes("${")) continue;
    const changes = bySource.get(source) ?? new Map<string, { span: Span; text: string | undefined }>();
    const known = changes.get(`${start}`);
    // rows of a matrix that want different texts in one place cannot both have theirs
    changes.set(`${start}`, {
      span: exactSpan,
      text: known === undefined || known.text === actual ? actual : undefined,
    });
    bySource.set(source, changes);
  }
  return [...bySource].flatMap(([source, changes]) => {
    const made = [...changes.values()].filter(({ text }) => text !== undefined).sort((a, b) =>
      b.span.start - a.span.start
    );
    if (made.length === 0) return [];
    let { text } = source;
    for (const { span, text: wanted } of made) {
      const isEmpty = span.start === span.end;
      const lead = isEmpty && text[span.start - 1] === ":" ? " " : "";
      text = text.slice(0, span.start) + lead + JSON.stringify(wanted) + text.slice(span.end);
    }
    Deno.writeTextFileSync(source.path, asItWas(source.path, text));
    return [{ path: source.path, changes: made.length }];
  });
}

/** With the line ends and the mark at its beginning that reading has taken away. */
function asItWas(path: string, text: string): string {
  const before = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Deno.readFileSync(path));
  const mark = before.startsWith("\ufeff") ? "\ufeff" : "";
  return mark + (before.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text);
}
