// Stage 3 of the import: a selection becomes a tree of items. A mapping joins its fields with `and`, a list its entries
// with `or`; several values of a field are alternatives, unless the field says `|all`.
// In: what YAML gives of a selection. Out: a tree. Elsewhere: what fields and modifiers mean (fields.ts, check.ts).

import { isMap } from "./sigma_rule.ts";
import { all, any, CannotConvert, type Item, type Tree } from "./tree.ts";

const MAX_VALUES = 2000;

export function readSelection(value: unknown, name: string): Tree {
  if (Array.isArray(value)) {
    if (value.length === 0) throw new CannotConvert(`its selection \`${name}\` is empty`);
    return any(value.map((entry) => isMap(entry) ? readMap(entry, name) : item(undefined, [], entry)));
  }
  return isMap(value) ? readMap(value, name) : item(undefined, [], value);
}

function readMap(map: Record<string, unknown>, name: string): Tree {
  const parts = Object.entries(map).map(([key, given]) => {
    const [field = "", ...modifiers] = key.split("|");
    const values = Array.isArray(given) ? given : [given];
    if (values.length === 0 || values.length > MAX_VALUES) {
      throw new CannotConvert(`\`${key}\` of its selection \`${name}\` has ${values.length} values`);
    }
    const rest = modifiers.filter((modifier) => modifier !== "all");
    const items = values.map((value) => item(field === "" ? undefined : field, rest, value));
    return modifiers.includes("all") ? all(items) : any(items);
  });
  if (parts.length === 0) throw new CannotConvert(`its selection \`${name}\` is empty`);
  return all(parts);
}

function item(field: string | undefined, modifiers: readonly string[], value: unknown): Item {
  if (value !== null && !["string", "number", "boolean"].includes(typeof value)) {
    throw new CannotConvert(`a value of \`${field ?? "its keywords"}\` is no text`);
  }
  return {
    kind: "item",
    ...(field === undefined ? {} : { field }),
    modifiers,
    value: value as Item["value"],
  };
}
