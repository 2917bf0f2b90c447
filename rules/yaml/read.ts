// Stage 2 of loading rules: text becomes YAML nodes with positions.
// In: a Source. Out: the root node of each document, and diagnostics for what is not YAML.
// Elsewhere: what the nodes mean (items/items.ts). Scalars stay text: Falco's reader has its own ideas of numbers and
// booleans (decode.ts), and knows neither merge keys nor tags.

import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLParseError,
} from "yaml";
import type { Report } from "../diagnostics/diagnostic.ts";
import { MappedText } from "../syntax/mapped_text.ts";
import type { Source, Span } from "../span.ts";
import type { Budget } from "./budget.ts";
import type { YamlEntry, YamlMap, YamlNode, YamlScalar, YamlSequence } from "./nodes.ts";
import { scalarPieces, type ScalarStyle } from "./positions.ts";
import { syntaxFinding } from "./syntax_words.ts";

/** Rules need five levels; far more is an attack on the stack. */
const MAX_DEPTH = 100;
const MAX_ERRORS = 20;
/** How often the rest of a file is read without the items that are no YAML, and how many lines that may be in all. */
const MAX_ROUNDS = 24;
const MAX_LINES_AGAIN = 100_000;

export interface YamlFile {
  readonly documents: readonly YamlNode[];
  /** some of the file could not be read: what seems to be missing may be in that part */
  readonly damaged: boolean;
}

export function readYaml(source: Source, report: Report, budget: Budget): YamlFile {
  if (!budget.spendText(source.text)) {
    report.add("yaml-too-large", source.path, "the rules hold more lines and items than can be read");
    return { documents: [], damaged: true };
  }
  const documents: YamlNode[] = [];
  let damaged = false;
  let { text } = source;
  const lines = text.split("\n").length;
  for (let left = Math.min(MAX_ROUNDS, Math.floor(MAX_LINES_AGAIN / lines)); left >= 0; left--) {
    const parsed = parse(text);
    if ("code" in parsed) {
      // The parser descends recursively; what it throws besides is a file that it cannot make sense of.
      report.add(parsed.code, source.path, parsed.message);
      return { documents: [], damaged: true };
    }
    const errors = parsed.documents.flatMap((document) => document.errors);
    const rest = errors.length === 0 ? text : reportErrors({ ...source, text }, source, errors, report);
    damaged ||= errors.length > 0;
    if (rest !== text && left > 0) {
      text = rest;
      continue;
    }
    for (const document of parsed.documents) {
      if (document.errors.length > 0 || document.contents === null) continue;
      const converter = new Converter(source, report);
      const node = converter.convert(document.contents as Node, 0);
      damaged ||= converter.failed;
      if (node !== undefined) documents.push(node);
    }
    break;
  }
  return { documents, damaged };
}

type Parsed =
  | { readonly documents: readonly Document.Parsed[] }
  | { readonly code: "yaml-too-large" | "yaml-syntax"; readonly message: string };

function parse(text: string): Parsed {
  try {
    const documents = parseAllDocuments(text, {
      schema: "failsafe",
      strict: false,
      uniqueKeys: false,
      merge: false,
      prettyErrors: false,
      logLevel: "silent",
    });
    return { documents: Array.isArray(documents) ? documents : [] };
  } catch (error) {
    if (error instanceof RangeError) {
      return { code: "yaml-too-large", message: "collections are nested too deeply" };
    }
    const message = error instanceof Error ? error.message : String(error);
    return { code: "yaml-syntax", message };
  }
}

/**
 * Reports the first mistake of each item, since the others follow from it. Gives the text with blanks in place of those
 * items: what the rest says is looked at all the same.
 */
function reportErrors(
  current: Source,
  source: Source,
  errors: readonly YAMLParseError[],
  report: Report,
): string {
  let { text } = current;
  const starts = [...text.matchAll(/^- |^---/gm)].map((match) => match.index);
  const itemAt = (offset: number) => starts.findLastIndex((start) => start <= offset);
  const done = new Set<number>();
  let looked = 0;
  for (const error of [...errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    // A token in an unexpected place is what an earlier mistake leaves behind.
    if (done.size > 0 && error.code === "UNEXPECTED_TOKEN") continue;
    if (done.has(itemAt(error.pos[0]))) continue;
    if (looked++ >= MAX_ERRORS) break;
    const { span, message, hint } = syntaxFinding(current, error);
    const item = itemAt(span.start);
    if (done.has(item)) continue;
    done.add(item);
    report.add("yaml-syntax", { source, start: span.start, end: span.end }, message, { hint });
    const from = Math.max(0, starts[item] ?? 0);
    const to = starts[item + 1] ?? text.length;
    text = text.slice(0, from) + text.slice(from, to).replace(/[^\n]/g, " ") + text.slice(to);
  }
  return text;
}

class Converter {
  failed = false;
  readonly #anchors = new Map<string, YamlNode | "open">();

  constructor(readonly source: Source, readonly report: Report) {}

  convert(node: Node, depth: number): YamlNode | undefined {
    if (isAlias(node)) return this.#alias(node.source, this.#span(node));
    if (depth > MAX_DEPTH) {
      this.#fail("yaml-too-large", this.#span(node), `more than ${MAX_DEPTH} collections are nested`);
      return undefined;
    }
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, "open");
    let made: YamlNode | undefined;
    if (isScalar(node)) made = this.#scalar(node);
    else if (isSeq(node)) made = this.#sequence(node.items as Node[], this.#span(node), depth);
    else if (isMap(node)) made = this.#map(node.items as Pair[], this.#span(node), depth);
    if (anchor !== undefined && made !== undefined) this.#anchors.set(anchor, made);
    return made;
  }

  #alias(name: string, span: Span): YamlNode | undefined {
    const target = this.#anchors.get(name);
    if (target === "open") {
      this.#fail("yaml-alias-loop", span, `the alias \`*${name}\` refers to a node that it is part of`);
    } else if (target === undefined) {
      this.#fail(
        "yaml-unknown-alias",
        span,
        `the alias \`*${name}\` refers to no anchor before it`,
        "a value that begins with `*` is an alias: put it into quotes when it is a text",
      );
    } else {
      return target;
    }
    return undefined;
  }

  #scalar(node: Scalar): YamlNode {
    const span = this.#span(node);
    const value = typeof node.value === "string" ? node.value : String(node.value ?? "");
    if ((node.type === "PLAIN" || node.type === undefined) && isNullText(value)) {
      return { kind: "null", span };
    }
    return makeScalar(value, span, STYLES[node.type ?? "PLAIN"] ?? "plain");
  }

  #sequence(items: readonly (Node | null)[], span: Span, depth: number): YamlSequence {
    const made: YamlNode[] = [];
    for (const item of items) {
      if (item === null) continue;
      // `- key: value` within a flow sequence is a pair without braces.
      const node = isPair(item) ? this.#map([item], span, depth) : this.convert(item, depth + 1);
      if (node !== undefined) made.push(node);
    }
    return { kind: "sequence", items: made, span };
  }

  #map(pairs: readonly Pair[], span: Span, depth: number): YamlMap {
    const entries = new Map<string, YamlEntry>();
    let damaged = false;
    for (const pair of pairs) {
      const key = this.convert(pair.key, depth + 1);
      const value = pair.value === null
        ? { kind: "null" as const, span: key?.span ?? span }
        : this.convert(pair.value, depth + 1);
      if (key === undefined || value === undefined) {
        damaged = true;
        continue;
      }
      if (key.kind !== "scalar") {
        this.#fail("wrong-type", key.span, "the key of a mapping has to be a text");
        damaged = true;
        continue;
      }
      const before = entries.get(key.value);
      if (before === undefined) entries.set(key.value, { key, value });
      else {
        this.report.add(
          "yaml-duplicate-key",
          key.span,
          `the key \`${key.value}\` appears twice in one mapping`,
          {
            notes: ["The first one counts, as in Falco."],
            labels: [{ span: before.key.span, message: "first here" }],
          },
        );
      }
    }
    return { kind: "map", entries, ...(damaged ? { damaged } : {}), span };
  }

  #span(node: Node): Span {
    const [start, end] = node.range ?? [0, 0];
    return clip(this.source, start, end);
  }

  #fail(
    code: "yaml-too-large" | "yaml-alias-loop" | "yaml-unknown-alias" | "wrong-type",
    span: Span,
    text: string,
    hint?: string,
  ) {
    this.failed = true;
    this.report.add(code, span, text, { hint });
  }
}

interface Pair {
  readonly key: Node;
  readonly value: Node | null;
}

function isPair(node: Node | Pair): node is Pair {
  return "key" in node && "value" in node;
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: "plain",
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "block",
  BLOCK_FOLDED: "block",
};

function makeScalar(value: string, span: Span, style: ScalarStyle): YamlScalar {
  const text = new MappedText(value, span, () => {
    const pieces = scalarPieces(span.source, span.start, span.end, value, style);
    return pieces ?? MappedText.synthetic(value, span).pieces;
  });
  return { kind: "scalar", value, span, text };
}

function isNullText(value: string): boolean {
  return value === "" || value === "~" || value === "null" || value === "Null" || value === "NULL";
}

function clip(source: Source, start: number, end: number): Span {
  const { length } = source.text;
  const from = Math.min(Math.max(0, start), length);
  return { source, start: from, end: Math.min(Math.max(from, end), length) };
}
