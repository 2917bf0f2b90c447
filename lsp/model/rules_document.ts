// One rules file as an editor needs it: its items with their keys and values, and every mention of a name in them.
// In: a Source. Out: items in the order of the file; kept as long as the Source is, since nothing of it depends on other files.
// Elsewhere: what is wrong with the file (rules/), which files belong together (project.ts).

import { Budget, readYaml, Report, type Source, type Span, type YamlNode } from "../../rules/mod.ts";
import type { YamlMap, YamlScalar } from "../../rules/mod.ts";
import { conditionTokens, type Token } from "./condition_tokens.ts";
import { outputTokens } from "./output_tokens.ts";

export type ItemKind = "rule" | "macro" | "list";

export interface Item {
  readonly kind: ItemKind;
  readonly name: YamlScalar;
  readonly map: YamlMap;
  /** it changes one that was defined before */
  readonly changes: boolean;
}

/** A token of a condition, an output or an exception, where it was written. */
export interface PlacedToken extends Token {
  readonly span: Span;
  readonly item: Item;
  readonly of: "condition" | "output" | "exception" | "items";
}

export interface RulesDocument {
  readonly source: Source;
  readonly items: readonly Item[];
  /** in the order of the file */
  readonly tokens: readonly PlacedToken[];
}

const KINDS: readonly ItemKind[] = ["rule", "macro", "list"];
const documents = new WeakMap<Source, RulesDocument>();

export function rulesDocument(source: Source): RulesDocument {
  let document = documents.get(source);
  if (document === undefined) documents.set(source, document = readDocument(source));
  return document;
}

function readDocument(source: Source): RulesDocument {
  const { documents: roots } = readYaml(source, new Report(), new Budget());
  const items = roots.flatMap((root) => root.kind === "sequence" ? root.items : []).flatMap(itemOf);
  // one that another anchors is written elsewhere
  const tokens = items.flatMap(tokensOf).sort((a, b) => a.span.start - b.span.start);
  return { source, items, tokens };
}

function itemOf(node: YamlNode): Item[] {
  if (node.kind !== "map") return [];
  const kind = KINDS.find((key) => node.entries.has(key));
  const name = kind === undefined ? undefined : node.entries.get(kind)!.value;
  if (kind === undefined || name?.kind !== "scalar") return [];
  return [{ kind, name, map: node, changes: isChange(kind, node) }];
}

function isChange(kind: ItemKind, { entries }: YamlMap): boolean {
  const append = entries.get("append")?.value;
  if (entries.has("override") || (append?.kind === "scalar" && /^(true|yes|on|y)$/i.test(append.value))) {
    return true;
  }
  return kind === "rule" && !["condition", "output", "desc", "priority"].some((key) => entries.has(key));
}

function tokensOf(item: Item): PlacedToken[] {
  const { entries } = item.map;
  const place = (scalar: YamlScalar, tokens: readonly Token[], of: PlacedToken["of"]) =>
    tokens.map((token) => ({ ...token, span: scalar.text.span(token.start, token.end), item, of }));
  const scalar = (key: string) => {
    const node = entries.get(key)?.value;
    return node?.kind === "scalar" ? node : undefined;
  };
  const found: PlacedToken[] = [];
  const condition = item.kind === "list" ? undefined : scalar("condition");
  if (condition !== undefined) {
    found.push(...place(condition, conditionTokens(condition.value).tokens, "condition"));
  }
  const output = item.kind === "rule" ? scalar("output") : undefined;
  if (output !== undefined) found.push(...place(output, outputTokens(output.value), "output"));
  if (item.kind === "list") {
    for (const node of scalarsIn(entries.get("items")?.value)) {
      found.push(...place(node, whole(node), "items"));
    }
  }
  if (item.kind === "rule") {
    for (const exception of mapsIn(entries.get("exceptions")?.value)) {
      for (const [key, kind] of [["fields", "field"], ["values", "value"], ["comps", "operator"]] as const) {
        for (const node of scalarsIn(exception.entries.get(key)?.value)) {
          found.push(...place(node, whole(node, kind), "exception"));
        }
      }
    }
  }
  return found;
}

function whole({ value }: YamlScalar, kind: Token["kind"] = "value"): Token[] {
  return value === "" ? [] : [{ kind, text: value, start: 0, end: value.length }];
}

/** All scalars of a value, however deep; an alias within itself cannot be, the reader refuses it. */
function* scalarsIn(node: YamlNode | undefined): Generator<YamlScalar> {
  if (node?.kind === "scalar") yield node;
  else if (node?.kind === "sequence") { for (const item of node.items) yield* scalarsIn(item); }
}

function mapsIn(node: YamlNode | undefined): YamlMap[] {
  return node?.kind === "sequence" ? node.items.filter((item) => item.kind === "map") : [];
}

/** The item that an offset is in: the last one that begins before it. */
export function itemAt({ items }: RulesDocument, offset: number): Item | undefined {
  return items.findLast(({ map }) => map.span.start <= offset);
}

export function tokenAt({ tokens }: RulesDocument, offset: number): PlacedToken | undefined {
  let found: PlacedToken | undefined;
  for (const token of tokens) {
    if (token.span.start > offset) break;
    // at the end of one and the beginning of another the latter counts
    if (offset <= token.span.end) found = token;
  }
  return found;
}
