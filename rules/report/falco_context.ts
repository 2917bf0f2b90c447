// The place of a finding as Falco tells it: from the file over the item and its key to the expression.
// In: a source and its findings. Out: locations and a snippet. Lines and columns of the file are counted from 0; those
// of a condition's expression from 1 and added to the condition's own, as Falco does.
// Elsewhere: what is printed around it (falco_form.ts).

import { positionAt } from "../text/source.ts";
import type { Source, Span } from "../text/span.ts";
import { Budget } from "../yaml/budget.ts";
import type { YamlMap, YamlNode, YamlScalar } from "../yaml/nodes.ts";
import { readYaml } from "../yaml/read.ts";
import { type Diagnostic, Report } from "../diagnostics/diagnostic.ts";

export interface FalcoContext {
  readonly locations: readonly FalcoLocation[];
  readonly snippet: string;
}

interface FalcoLocation {
  readonly item_name: string;
  readonly item_type: string;
  readonly position: FalcoPosition;
}

interface FalcoPosition {
  readonly column: number;
  readonly line: number;
  readonly name: string;
  readonly offset: number;
}

const ITEMS = ["required_engine_version", "required_plugin_versions", "list", "macro", "rule"] as const;

/** Codes about the form of the very node that is after a key, whatever the key. */
const ABOUT_VALUE = ["wrong-type", "empty-value", "invalid-version"];
/** Codes about an item as a whole. */
const ABOUT_ITEM = ["missing-key", "nothing-to-append", "unknown-key", "unknown-item"];

/** Characters of a snippet to either side of the position. */
const HALF_SNIPPET = 80;

export class FileContexts {
  readonly #items: readonly YamlMap[];
  /** what could be read of the file */
  readonly documents: readonly YamlNode[];

  constructor(readonly source: Source) {
    // What is wrong with the file is known already.
    this.documents = readYaml(source, new Report(), new Budget()).documents;
    this.#items = this.documents.flatMap(itemsOf);
  }

  of({ span, code, about }: Diagnostic): FalcoContext {
    const locations = [
      location("rules content", "", { name: this.source.path, line: 0, column: 0, offset: 0 }),
    ];
    if (span === undefined || code === "not-a-sequence") {
      return { locations, snippet: snippetOf(this.source.text, 0) };
    }
    const item = this.#items.findLast((map) => map.span.start <= span.start && span.start <= map.span.end);
    if (item === undefined) {
      const type = code === "not-a-mapping" ? "rules content item" : "value for";
      locations.push(location(type, "", this.#position(span.start)));
      return { locations, snippet: snippetOf(this.source.text, span.start) };
    }
    const kind = ITEMS.find((key) => item.entries.has(key));
    const name = kind === undefined ? undefined : item.entries.get(kind)!.value;
    const named = kind === "list" || kind === "macro" || kind === "rule";
    const type = kind === undefined
      ? "rules content item"
      : kind.startsWith("required_p")
      ? "required plugin versions"
      : kind;
    let at = item.span.start;
    locations.push(location(type, named && name?.kind === "scalar" ? name.value : "", this.#position(at)));

    const entry = [...item.entries.values()].find(({ key, value }) =>
      key.span.start <= span.start && span.start <= Math.max(key.span.end, value.span.end)
    );
    const key = entry?.key.value ?? "";
    const ofValue = ABOUT_VALUE.includes(code);
    // A key without a value has no node to point at.
    const exception = entry !== undefined && key === "exceptions"
      ? exceptionAt(entry.value, span)
      : undefined;
    const ofItem = (ABOUT_ITEM.includes(code) && exception === undefined) ||
      (ofValue && about !== undefined) ||
      (key === kind && !ofValue);
    if (entry === undefined || ofItem) {
      return { locations, snippet: snippetOf(this.source.text, at) };
    }
    at = entry.value.span.start;
    if (ofValue && key !== "exceptions") locations.push(location("value for", key, this.#position(at)));
    else if (key === "condition" && (kind === "rule" || kind === "macro")) {
      locations.push(location(`${kind} condition`, "", this.#position(at)));
      const inside = offsetIn(entry.value, span);
      if (inside !== undefined) return this.#expression(entry.value as YamlScalar, inside, locations);
    } else if (key === "output") locations.push(location("rule output", "", this.#position(at)));
    else if (key === "priority") locations.push(location("rule priority", "", this.#position(at)));
    else if (key === "override" || code === "invalid-override") {
      locations.push(location("overrides", "", this.#position(at)));
    } else if (key === "exceptions") {
      locations.push(location("exceptions", "", this.#position(at)));
      if (exception !== undefined) {
        at = exception.node.span.start;
        locations.push(location("exception", exception.name, this.#position(at)));
      }
    } else locations.push(location("value for", key, this.#position(at)));
    return { locations, snippet: snippetOf(this.source.text, at) };
  }

  #expression(condition: YamlScalar, inside: number, locations: FalcoLocation[]): FalcoContext {
    const text = condition.value;
    const before = text.slice(0, inside);
    const whole = this.#position(condition.span.start);
    const name = `"${text.length > 20 ? `${text.slice(0, 17)}...` : text}"`.replace(/[\r\n]/g, " ");
    const line = before.split("\n").length;
    const column = inside - (before.lastIndexOf("\n") + 1) + 1;
    locations.push(
      location("condition expression", "", {
        name,
        line: whole.line + line,
        column: whole.column + column,
        offset: whole.offset + inside,
      }),
    );
    return { locations, snippet: snippetOf(text, inside) };
  }

  #position(offset: number): FalcoPosition {
    const { line, column } = positionAt(this.source, offset);
    return { name: this.source.path, line: line - 1, column: column - 1, offset };
  }
}

function location(item_type: string, item_name: string, position: FalcoPosition): FalcoLocation {
  const { column, line, name, offset } = position;
  return { item_name, item_type, position: { column, line, name, offset } };
}

function itemsOf(document: YamlNode): YamlMap[] {
  if (document.kind !== "sequence") return [];
  return document.items.filter((item) => item.kind === "map");
}

/** The offset in a scalar's value of a place in the file. */
function offsetIn(node: YamlNode, span: Span): number | undefined {
  if (node.kind !== "scalar") return undefined;
  for (const { at, length, from, extent, exact } of node.text.chunks) {
    if (span.start < from || span.start > from + extent) continue;
    if (span.start < from + extent) return exact ? at + span.start - from : at;
    if (at + length >= node.value.length) return node.value.length;
  }
  return span.start <= node.span.start ? 0 : undefined;
}

function exceptionAt(node: YamlNode, span: Span): { node: YamlMap; name: string } | undefined {
  if (node.kind !== "sequence") return undefined;
  for (const item of node.items) {
    if (item.kind !== "map" || span.start < item.span.start || span.start > item.span.end) continue;
    const name = item.entries.get("name")?.value;
    return { node: item, name: name?.kind === "scalar" ? name.value : "" };
  }
  return undefined;
}

/** The line of a position, cut to what is around it, and a caret below. */
export function snippetOf(text: string, position: number): string {
  let at = Math.min(position, text.length - 1);
  while (at > 0 && text[at] === "\n") at--;
  if (at < 0 || text[at] === "\n") return "<No context available>\n";
  const start = at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
  const newline = text.indexOf("\n", at);
  const end = newline < 0 ? text.length : newline;
  const from = Math.max(start, at - HALF_SNIPPET);
  const to = Math.min(end, at + HALF_SNIPPET + 1);
  let shown = text.slice(from, to);
  if (at - from >= HALF_SNIPPET) shown = `...${shown.slice(3)}`;
  if (to - 1 - at >= HALF_SNIPPET) shown = `${shown.slice(0, -3)}...`;
  return `${shown}\n${" ".repeat(at - from)}^\n`;
}
