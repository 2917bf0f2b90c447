// Reads one setting's value from what a user wrote.
// In: the setting's definition, and a node of YAML. Out: the value, of the type that ValueOf says; what is wrong is
// reported with its place, all of it, and what is null counts as absent.
// Elsewhere: which settings there are (config/keys/), where nodes come from (config/tree.ts).

import { booleanOf, type YamlNode, type YamlScalar } from "../rules/mod.ts";
import { parseDuration } from "../base/mod.ts";
import type { Definition, Definitions, Json } from "./definition.ts";
import type { Findings } from "./findings.ts";
import { unknownName } from "./unknown_key.ts";
import { expected, oneOfText, short, show } from "./value_words.ts";

/** Nothing that can be used was written. */
export const ABSENT = Symbol("absent");
type Read = unknown | typeof ABSENT;

/** `name` is how the setting is called in messages: `plugins[0].name`. */
export function readValue(definition: Definition, node: YamlNode, name: string, found: Findings): Read {
  if (!found.spend(node.span)) return ABSENT;
  if (node.kind === "null" && definition.type !== "any") return ABSENT;
  switch (definition.type) {
    case "bool":
    case "int":
    case "number":
    case "duration":
    case "choice":
    case "text":
      if (node.kind !== "scalar") return wrong(found, node, name, `must be ${expected(definition)}`);
      return readScalar(definition, node, name, found);
    case "texts":
      return readTexts(definition, node, name, found);
    case "map":
      return readMap(definition, node, name, found);
    case "any":
      return checked(definition.check, readAny(node, found), node, name, found);
    case "list": {
      const values = readList(definition.of, node, name, found);
      return values === ABSENT ? ABSENT : checked(definition.check, values as Json[], node, name, found);
    }
    case "record":
      return readRecord(definition, node, name, found);
    case "tagged":
      return readTagged(definition, node, name, found);
  }
}

type ScalarDefinition = Extract<
  Definition,
  { type: "bool" | "int" | "number" | "duration" | "choice" | "text" }
>;

function readScalar(definition: ScalarDefinition, node: YamlScalar, name: string, found: Findings): Read {
  const word = node.value.trim();
  const refuse = () => wrong(found, node, name, `must be ${expected(definition)}`);
  switch (definition.type) {
    case "bool":
      return booleanOf(word) ?? refuse();
    case "int":
      return inRange(/^[+-]?\d+$/.test(word) ? Number(word) : NaN, definition) ?? refuse();
    case "number":
      return inRange(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word) ? Number(word) : NaN, definition) ??
        refuse();
    case "duration":
      return inRange(parseDuration(word), definition) ?? refuse();
    case "choice": {
      const instead = definition.instead?.[word.toLowerCase()];
      if (instead !== undefined) {
        found.warn(node.span, `${name}: ${word}: ${instead[1]}`);
        return instead[0];
      }
      const chosen = oneOf(definition.choices, word);
      if (chosen !== undefined || definition.otherwise === undefined) return chosen ?? refuse();
      found.warn(
        node.span,
        `${name} must be ${expected(definition)}, not ${show(node)}: ${definition.otherwise}`,
      );
      return definition.default;
    }
    case "text":
      return checked(definition.check, node.value, node, name, found);
  }
}

function inRange(value: number, { min, max }: { readonly min: number; readonly max: number }) {
  return value >= min && value <= max ? value : undefined;
}

/** The first letters are enough, as in Falco: `info`, `inform` and `informational` are the same priority. */
function oneOf(choices: readonly string[], written: string): string | undefined {
  const word = written.toLowerCase();
  const starting = choices.filter((choice) => word.length >= 4 && choice.startsWith(word));
  return choices.find((choice) => choice === word) ?? (starting.length === 1 ? starting[0] : undefined);
}

function readTexts(
  definition: Extract<Definition, { type: "texts" }>,
  node: YamlNode,
  name: string,
  found: Findings,
): Read {
  if (node.kind === "map") return wrong(found, node, name, `must be ${expected(definition)}`);
  const items = node.kind === "sequence" ? node.items : [node];
  const values: string[] = [];
  for (const [at, item] of items.entries()) {
    const called = node.kind === "sequence" ? `${name}[${at}]` : name;
    if (!found.spend(item.span)) break;
    if (item.kind !== "scalar" || item.value === "") wrong(found, item, called, "must be a text");
    else if (definition.choices !== undefined && !definition.choices.includes(item.value.toLowerCase())) {
      wrong(found, item, called, `must be ${oneOfText(definition.choices)}`);
    } else values.push(definition.choices === undefined ? item.value : item.value.toLowerCase());
  }
  return values.length === 0 && items.length > 0 ? ABSENT : values;
}

function readMap(
  definition: Extract<Definition, { type: "map" }>,
  node: YamlNode,
  name: string,
  found: Findings,
): Read {
  if (node.kind !== "map") return wrong(found, node, name, `must be ${expected(definition)}`);
  const values: [string, string][] = [];
  for (const { key, value } of node.entries.values()) {
    if (!found.spend(key.span)) break;
    const reason = definition.check?.(key.value);
    if (reason !== undefined) found.wrong(key.span, `${name}: the name ${short(key.value)} ${reason}`);
    else if (value.kind !== "scalar") wrong(found, value, `${name}.${key.value}`, "must be a text");
    else values.push([key.value, value.value]);
  }
  return Object.fromEntries(values);
}

function readList(of: Definition, node: YamlNode, name: string, found: Findings): Read {
  // a single entry may stand without its list, as in Falco
  const items = node.kind === "sequence" ? node.items : [node];
  if (node.kind === "map") return wrong(found, node, name, "must be a list");
  const values = items.map((item, at) => {
    if (item.kind === "null") return ABSENT;
    return readValue(of, item, node.kind === "sequence" ? `${name}[${at}]` : name, found);
  });
  return values.filter((value) => value !== ABSENT);
}

function readRecord(
  definition: Extract<Definition, { type: "record" }>,
  node: YamlNode,
  name: string,
  found: Findings,
): Read {
  const { short: shorthand, keys } = definition;
  if (node.kind === "scalar" && shorthand !== undefined) {
    const value = readValue(keys[shorthand]!, node, name, found);
    return value === ABSENT ? ABSENT : { ...defaultsOf(keys), [shorthand]: value };
  }
  const { wrongs, unknowns } = found;
  const values = readKeys(keys, node, name, found);
  // a key that could not be read is not missing
  const spared = definition.takesUnknown === true ? found.unknowns - unknowns : 0;
  if (values === ABSENT || found.wrongs - spared > wrongs) return ABSENT;
  return checked(definition.check, values as Record<string, unknown>, node, name, found);
}

/** The value, unless its own test has something against it. */
function checked<T>(
  check: ((value: T) => string | undefined) | undefined,
  value: T,
  node: YamlNode,
  name: string,
  found: Findings,
): Read {
  const reason = check?.(value);
  if (reason === undefined) return value;
  found.wrong(startOf(node), `${name} ${reason}`);
  return ABSENT;
}

function readTagged(
  { tag, common, variants }: Extract<Definition, { type: "tagged" }>,
  node: YamlNode,
  name: string,
  found: Findings,
): Read {
  if (node.kind !== "map") return wrong(found, node, name, "must be a mapping");
  const kind = node.entries.get(tag)?.value;
  const words = Object.keys(variants);
  if (kind === undefined || kind.kind !== "scalar") {
    found.wrong(kind?.span ?? startOf(node), `${name}.${tag} is missing: it must be ${oneOfText(words)}`);
    return ABSENT;
  }
  if (!Object.hasOwn(variants, kind.value)) {
    return wrong(found, kind, `${name}.${tag}`, `must be ${oneOfText(words)}`);
  }
  const type = { type: "text", help: tag } as const;
  return readKeys({ [tag]: type, ...common, ...variants[kind.value]!.keys }, node, name, found);
}

/** The keys of one entry. It is absent when something that it must have is. */
function readKeys(keys: Definitions, node: YamlNode, name: string, found: Findings): Read {
  if (node.kind !== "map") return wrong(found, node, name, "must be a mapping");
  const values: Record<string, unknown> = defaultsOf(keys);
  for (const { key, value } of node.entries.values()) {
    const called = `${name}.${key.value}`;
    if (!Object.hasOwn(keys, key.value)) {
      found.unknown(key.span, unknownName(called, key.value, Object.keys(keys)));
      continue;
    }
    const read = readValue(keys[key.value]!, value, called, found);
    if (read !== ABSENT) values[key.value] = read;
  }
  let complete = true;
  for (const [key, { required }] of Object.entries(keys)) {
    if (required !== true || Object.hasOwn(values, key)) continue;
    complete = false;
    // what was written and is wrong has been reported
    const written = node.entries.get(key)?.value;
    if (written === undefined || written.kind === "null") {
      found.wrong(startOf(node), `${name} must have ${key}`);
    }
  }
  return complete ? values : ABSENT;
}

function defaultsOf(keys: Definitions): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(keys).filter(([, { default: value }]) => value !== undefined)
      .map(([key, { default: value }]) => [key, value]),
  );
}

const NUMBER = /^[+-]?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** As Falco makes JSON of YAML: numbers and booleans where the text looks like one. */
function readAny(node: YamlNode, found: Findings): Json {
  if (!found.spend(node.span)) return null;
  switch (node.kind) {
    case "null":
      return null;
    case "sequence":
      return node.items.map((item) => readAny(item, found));
    case "map":
      return Object.fromEntries(
        [...node.entries.values()].map(({ key, value }) => [key.value, readAny(value, found)]),
      );
    case "scalar": {
      const { value, span } = node;
      if (/^["']/.test(span.source.text.slice(span.start, span.start + 1))) return value;
      if (NUMBER.test(value) && Number.isFinite(Number(value))) return Number(value);
      return value === "true" ? true : value === "false" ? false : value;
    }
  }
}

function wrong(found: Findings, node: YamlNode, name: string, reason: string): typeof ABSENT {
  found.wrong(startOf(node), `${name} ${reason}, not ${show(node)}`);
  return ABSENT;
}

/** A mapping begins at its first key. */
function startOf(node: YamlNode) {
  if (node.kind === "map") { for (const { key } of node.entries.values()) return key.span; }
  return node.span;
}
