// How an expectation says a text: as it is, or by one of the operators that rules have.
// In: a YAML node. Out: whether a text fits, and words for it. Regular expressions are RE2's, which run in linear time.

import { RE2JS } from "re2js";
import type { Span, YamlNode } from "../../rules/mod.ts";
import { entriesOf, type NodeReader, valueOf } from "./nodes.ts";

export const MATCH_WORDS = [
  "is",
  "contains",
  "startswith",
  "endswith",
  "glob",
  "regex",
  "in",
  "exists",
] as const;

export interface TextMatch {
  readonly span: Span;
  /** of the text itself, where it is written as it is: `--update` puts another in its place */
  readonly exact?: { readonly text: string; readonly node: YamlNode };
  readonly words: string;
  /** @param text undefined: there is no value */
  fits(text: string | undefined): boolean;
}

export function readTextMatch(reader: NodeReader, node: YamlNode, what: string): TextMatch | undefined {
  const { span } = node;
  if (node.kind === "null") {
    // to be filled in by --update
    return { span, exact: { text: "", node }, words: "(nothing yet)", fits: () => false };
  }
  if (node.kind === "scalar") {
    const { value } = node;
    return { span, exact: { text: value, node }, words: value, fits: (text) => text === value };
  }
  const map = reader.map(node, what, MATCH_WORDS);
  if (map === undefined) return undefined;
  const parts = entriesOf(map).flatMap(({ key }) =>
    readPart(reader, key.value, valueOf(map, key.value)!, what) ?? []
  );
  if (parts.length === 0) return undefined;
  return {
    span,
    words: parts.map(({ words }) => words).join(" and "),
    fits: (text) => parts.every((part) => part.fits(text)),
  };
}

interface Part {
  readonly words: string;
  fits(text: string | undefined): boolean;
}

function readPart(reader: NodeReader, word: string, node: YamlNode, what: string): Part | undefined {
  if (word === "exists") {
    const wanted = reader.flag(node, `\`exists\` of ${what}`);
    if (wanted === undefined) return undefined;
    return { words: wanted ? "any value" : "no value", fits: (text) => (text !== undefined) === wanted };
  }
  if (word === "in") {
    const texts = reader.texts(node, `\`in\` of ${what}`);
    return {
      words: `one of ${texts.join(", ")}`,
      fits: (text) => text !== undefined && texts.includes(text),
    };
  }
  const wanted = reader.text(node, `\`${word}\` of ${what}`);
  const test = wanted === undefined ? undefined : testOf(reader, word, wanted, node);
  if (test === undefined) return undefined;
  return {
    words: word === "is" ? wanted! : `${word} ${wanted}`,
    fits: (text) => text !== undefined && test(text),
  };
}

function testOf(
  reader: NodeReader,
  word: string,
  wanted: string,
  node: YamlNode,
): ((text: string) => boolean) | undefined {
  switch (word) {
    case "is":
      return (text) => text === wanted;
    case "contains":
      return (text) => text.includes(wanted);
    case "startswith":
      return (text) => text.startsWith(wanted);
    case "endswith":
      return (text) => text.endsWith(wanted);
    case "glob": {
      const pattern = wanted.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*").replaceAll("?", ".");
      const compiled = RE2JS.compile(pattern, RE2JS.DOTALL);
      return (text) => compiled.matches(text);
    }
    case "regex":
      try {
        const compiled = RE2JS.compile(wanted, RE2JS.DOTALL);
        return (text) => compiled.matcher(text).find();
      } catch (error) {
        return reader.fail(
          "invalid-regex",
          node,
          `the regular expression cannot be read: ${(error as Error).message}`,
        );
      }
  }
  return undefined;
}
