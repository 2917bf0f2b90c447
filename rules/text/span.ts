// Where a part of a rules file is. Every node from the YAML reader to the checked condition carries one,
// so that a diagnostic can point at the very token.

/** Half-open range of UTF-16 offsets into the text of one source. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** One rules file as read. */
export interface Source {
  /** as the user named it; `-` is standard input */
  readonly path: string;
  readonly text: string;
}
