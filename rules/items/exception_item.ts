// Reads the `exceptions` of a rule: names, fields, comparison operators and values as written.
// In: the mapping of a rule. Out: RawException values. Elsewhere: merging and defaults (collect.ts), what they do to
// the condition (exceptions.ts).

import type { MappedText } from "../text/mapped_text.ts";
import type { Span } from "../text/span.ts";
import { MapReader, noText, short } from "../yaml/decode.ts";
import { describeNode, type YamlNode } from "../yaml/nodes.ts";

export interface RawException {
  readonly name: string;
  /** of the name */
  readonly span: Span;
  readonly fields?: OneOrList;
  readonly comps?: OneOrList;
  readonly values: readonly ExceptionValue[];
}

export interface OneOrList {
  readonly list: boolean;
  readonly texts: readonly MappedText[];
  readonly span: Span;
}

/** A value for one field, or a tuple with one element for each field; an element may be a list itself. */
export type ExceptionValue =
  | { readonly kind: "scalar"; readonly text: MappedText; readonly span: Span }
  | { readonly kind: "tuple"; readonly elements: readonly ExceptionElement[]; readonly span: Span };

export interface ExceptionElement {
  readonly list: boolean;
  readonly texts: readonly MappedText[];
  readonly span: Span;
}

const EXCEPTION_KEYS = ["name", "fields", "comps", "values"];

/** None when the rule has no such key. `appending` is what may leave out the fields. */
export function readExceptions(reader: MapReader, appending: boolean): RawException[] | undefined {
  const node = reader.node("exceptions");
  if (node === undefined || node.kind === "null") return node === undefined ? undefined : [];
  if (node.kind !== "sequence") {
    return reader.fail(
      "wrong-type",
      node.span,
      `\`exceptions\` has to be a sequence, not ${describeNode(node)}`,
    );
  }
  const made: RawException[] = [];
  for (const item of node.items) {
    if (item.kind !== "map") {
      reader.fail("wrong-type", item.span, `an exception has to be a mapping, not ${describeNode(item)}`);
      continue;
    }
    const inner = new MapReader(item, `an exception of ${reader.what}`, reader.report, reader.budget);
    const exception = readException(inner, appending, made);
    if (exception === undefined || inner.failed) reader.failed = true;
    else made.push(exception);
  }
  return made;
}

function readException(
  reader: MapReader,
  appending: boolean,
  before: readonly RawException[],
): RawException | undefined {
  const name = reader.scalar("name");
  if (name === undefined) return undefined;
  const twin = before.find((other) => other.name === name.value);
  if (twin !== undefined) {
    reader.report.add(
      "exception-name-twice",
      name.span,
      `the exception \`${short(name.value)}\` appears twice`,
      {
        notes: ["Both count."],
        labels: [{ span: twin.span, message: "first here" }],
      },
    );
  }
  const needed = appending ? [] : ["fields"];
  reader.unknownKeys(EXCEPTION_KEYS, { code: "unknown-exception-key", needed });
  const fields = readOneOrList(reader, "fields");
  const comps = readOneOrList(reader, "comps");
  if (fields === undefined && !appending && !reader.failed) {
    const message = `the exception \`${short(name.value)}\` has no \`fields\``;
    return reader.fail("missing-key", name.span, message, reader.misspelt("fields") ?? {});
  }
  const values = readValues(reader);
  if (appending && !reader.has("values")) {
    reader.report.add(
      "exception-without-values",
      name.span,
      `the exception \`${short(name.value)}\` adds no values`,
    );
  }
  return {
    name: name.value,
    span: name.span,
    ...(fields === undefined ? {} : { fields }),
    ...(comps === undefined ? {} : { comps }),
    values,
  };
}

function readOneOrList(reader: MapReader, key: string): OneOrList | undefined {
  const node = reader.node(key);
  if (node === undefined) return undefined;
  return readElement(reader, key, node);
}

function readElement(reader: MapReader, what: string, node: YamlNode): ExceptionElement | undefined {
  if (node.kind !== "sequence") {
    if (node.kind === "scalar" && node.value !== "") {
      return { list: false, texts: [node.text], span: node.span };
    }
    if (node.kind !== "map") {
      const { hint } = noText(node);
      return reader.fail("empty-value", node.span, `\`${what}\` is empty`, { hint });
    }
    return reader.fail("wrong-type", node.span, `\`${what}\` has to be a text or a sequence of texts`);
  }
  if (!reader.budget.spendScalars(node.items.length)) {
    return reader.fail("yaml-too-large", node.span, "the aliases of the rules expand to too much");
  }
  const texts: MappedText[] = [];
  for (const item of node.items) {
    if (item.kind !== "scalar") {
      const { words, hint } = noText(item);
      return reader.fail("wrong-type", item.span, `an entry of \`${what}\` has to be a text, ${words}`, {
        hint,
      });
    }
    if (item.value === "") return reader.fail("empty-value", item.span, `an entry of \`${what}\` is empty`);
    texts.push(item.text);
  }
  return { list: true, texts, span: node.span };
}

function readValues(reader: MapReader): ExceptionValue[] {
  const values: ExceptionValue[] = [];
  const node = reader.node("values");
  if (node === undefined) return values;
  if (node.kind !== "sequence") {
    reader.fail("wrong-type", node.span, `\`values\` has to be a sequence, not ${describeNode(node)}`);
    return values;
  }
  if (!reader.budget.spendScalars(node.items.length)) {
    reader.fail("yaml-too-large", node.span, "the aliases of the rules expand to too much");
    return values;
  }
  for (const item of node.items) {
    if (item.kind !== "sequence") {
      const element = readElement(reader, "values", item);
      if (element !== undefined) values.push({ kind: "scalar", text: element.texts[0]!, span: element.span });
      continue;
    }
    const elements: ExceptionElement[] = [];
    for (const part of item.items) {
      const element = readElement(reader, "values", part);
      if (element !== undefined) elements.push(element);
    }
    if (elements.length === item.items.length) values.push({ kind: "tuple", elements, span: item.span });
  }
  return values;
}
