// How a text would have to change for a diagnostic to go away.
// In: nothing. Out: the types, and a short way to make the usual ones.
// Elsewhere: all fixes of a diagnostic (rules/fixes/), writing them into files (cli/), offering them (lsp/).

import type { Span } from "../text/span.ts";

export interface Edit {
  /** what is replaced; an empty one is where something is put in */
  readonly span: Span;
  readonly text: string;
}

export interface Fix {
  /** in the imperative */
  readonly title: string;
  readonly edits: readonly Edit[];
  /** the rules mean the same afterwards, or nothing else can have been meant */
  readonly safe: boolean;
}

export function replaceFix(title: string, span: Span, text: string, safe: boolean): Fix {
  return { title, edits: [{ span, text }], safe };
}

export function insertFix(title: string, { source, end }: Span, text: string, safe: boolean): Fix {
  return { title, edits: [{ span: { source, start: end, end }, text }], safe };
}
