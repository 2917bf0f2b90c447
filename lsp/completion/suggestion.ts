// What a completion offers: made here, turned into the protocol's form in requests/completion.ts.

import { CompletionItemKind } from "vscode-languageserver";

export interface Suggestion {
  readonly label: string;
  readonly kind: CompletionItemKind;
  /** a word or two next to the label */
  readonly detail?: string;
  /** Markdown */
  readonly text?: string;
  /** in place of the label; `$0` is where the cursor goes */
  readonly snippet?: string;
  readonly deprecated?: boolean;
  /** its group: lower ones come first */
  readonly rank?: number;
}

export const KIND = CompletionItemKind;
