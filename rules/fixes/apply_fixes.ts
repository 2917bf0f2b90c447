// Writes fixes into a text.
// In: a source, fixes. Out: its new text, and how many of them it holds: those that overlap one before them are left for
// another round, since what they are about has changed.

import type { Fix } from "../diagnostics/fix.ts";
import type { Source } from "../text/span.ts";

export interface FixedText {
  readonly text: string;
  readonly applied: number;
}

export function applyFixes(source: Source, fixes: readonly Fix[]): FixedText {
  const taken: { start: number; end: number; text: string }[] = [];
  let applied = 0;
  for (const { edits } of fixes) {
    // a fix that reaches into another file would be half of one here
    if (!edits.every(({ span }) => span.source === source)) continue;
    const clashes = edits.some(({ span }) =>
      taken.some(({ start, end }) => span.start <= end && start <= span.end)
    );
    if (clashes) continue;
    for (const { span: { start, end }, text } of edits) taken.push({ start, end, text });
    applied++;
  }
  let { text } = source;
  for (const edit of taken.sort((a, b) => b.start - a.start)) {
    text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  }
  return { text, applied };
}
