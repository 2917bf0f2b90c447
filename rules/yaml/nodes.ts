// The YAML tree that the rule language is read from: scalars as text, with their place in the file.
// Types only. Made by read.ts, taken apart by decode.ts. Aliases are the very node that they refer to.

import type { MappedText } from "../text/mapped_text.ts";
import type { Span } from "../text/span.ts";

export type YamlNode = YamlScalar | YamlSequence | YamlMap | YamlNull;

export interface YamlScalar {
  readonly kind: "scalar";
  readonly value: string;
  /** of the whole scalar, quotes or block header included */
  readonly span: Span;
  /** the value with the place of each character */
  readonly text: MappedText;
}

export interface YamlNull {
  readonly kind: "null";
  readonly span: Span;
}

export interface YamlSequence {
  readonly kind: "sequence";
  readonly items: readonly YamlNode[];
  /** where the dash of each item is; none in brackets */
  readonly dashes?: readonly number[];
  readonly span: Span;
}

export interface YamlMap {
  readonly kind: "map";
  /** a key that appears twice is here once, with its first value */
  readonly entries: ReadonlyMap<string, YamlEntry>;
  /** some of it could not be read, and that is reported */
  readonly damaged?: true;
  readonly span: Span;
}

export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

/** What a diagnostic calls a node. */
export function describeNode(node: YamlNode): string {
  switch (node.kind) {
    case "scalar":
      return "a scalar";
    case "sequence":
      return "a sequence";
    case "map":
      return "a mapping";
    case "null":
      return "nothing";
  }
}

/** What is underlined for an item: its first key, since all of it would be too much. */
export function firstOf(node: YamlNode): Span {
  if (node.kind === "map") {
    for (const { key } of node.entries.values()) return key.span;
  }
  return node.span;
}
