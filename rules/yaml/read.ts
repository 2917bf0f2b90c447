// Stage 2 of loading rules: text becomes YAML nodes with positions.
// In: a Source. Out: the root node of each document, and diagnostics for what is not YAML.
// Elsewhere: the language (parser.ts, scanner.ts), the words for mistakes (syntax_words.ts), what the nodes mean (items/items.ts).

import { Report } from "../diagnostics/diagnostic.ts";
import type { Source } from "../text/span.ts";
import type { Budget } from "./budget.ts";
import { TooDeep, YamlMistake } from "./mistake.ts";
import type { YamlNode } from "./nodes.ts";
import { Parser } from "./parser.ts";

/** How often the rest of a file is read without the items that are no YAML, and how many lines that may be in all. */
const MAX_MISTAKES = 20;
const MAX_LINES_AGAIN = 100_000;

export interface YamlFile {
  readonly documents: readonly YamlNode[];
  /** some of the file could not be read: what seems to be missing may be in that part */
  readonly damaged: boolean;
  /** what was read: the text of the source, with blanks in place of what could not be */
  readonly text: string;
  readonly hasAliases: boolean;
}

const NOTHING: YamlFile = { documents: [], damaged: true, text: "", hasAliases: false };

export function readYaml(source: Source, report: Report, budget: Budget): YamlFile {
  if (!budget.spendText(source.text)) {
    report.add("yaml-too-large", source.path, "the rules hold more lines and items than can be read");
    return NOTHING;
  }
  const lines = source.text.split("\n").length;
  const rounds = Math.max(1, Math.min(MAX_MISTAKES, Math.floor(MAX_LINES_AGAIN / lines)));
  let { text } = source;
  for (let mistakes = 0; mistakes < rounds; mistakes++) {
    const found = new Report();
    const parser = new Parser(source, text, found);
    try {
      const documents = parser.documents();
      report.join(found);
      const { hasAliases } = parser;
      return { documents, damaged: mistakes > 0 || parser.failed, text, hasAliases };
    } catch (error) {
      if (!(error instanceof YamlMistake)) throw error;
      const { start, end, message, hint } = error;
      const code = error instanceof TooDeep ? "yaml-too-large" : "yaml-syntax";
      report.add(code, { source, start, end: Math.max(start, Math.min(end, text.length)) }, message, {
        hint,
      });
      text = withoutItem(text, start);
    }
  }
  return NOTHING;
}

/** Blanks in place of the item of a mistake: other mistakes of it would follow from the first, and the rest can be read. */
function withoutItem(text: string, offset: number): string {
  const starts = [...text.matchAll(/^- |^---/gm)].map((match) => match.index);
  const item = starts.findLastIndex((start) => start <= offset);
  const from = starts[item] ?? 0;
  const to = starts[item + 1] ?? text.length;
  return text.slice(0, from) + text.slice(from, to).replace(/[^\n]/g, " ") + text.slice(to);
}
