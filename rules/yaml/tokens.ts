// The tokens that a text in YAML is cut into. Types only. Made by scanner.ts, put together by parser.ts.

import type { ScalarText } from "./scalar_text.ts";

export type TokenType =
  /** a block sequence and a block mapping begin; the innermost of them ends */
  | "sequence"
  | "map"
  | "end"
  | "["
  | "]"
  | "{"
  | "}"
  | ","
  | "-"
  /** what follows is a key, a value */
  | "key"
  | ":"
  | "anchor"
  | "alias"
  | "tag"
  | "plain"
  | "quoted"
  | "block"
  | "---"
  | "..."
  | "directive"
  | "end of text";

export interface Token {
  readonly type: TokenType;
  readonly start: number;
  readonly end: number;
  /** of "plain", "quoted", "block" */
  readonly text?: ScalarText;
}
