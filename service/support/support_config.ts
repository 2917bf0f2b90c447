// The settings in force as a falco.yaml, without secrets.
// In: settings. Out: YAML with every key, as a file would say it.
// Elsewhere: what else is secret (support_secrets.ts), the keys (config/keys/).

import { stringify } from "yaml";
import {
  type Definition,
  type Definitions,
  type SettingKey,
  SETTINGS,
  type Settings,
} from "../../config/mod.ts";
import { durationText } from "../../base/mod.ts";
import { MASK, maskValue } from "./support_secrets.ts";

type Tree = { [key: string]: unknown };

export function configText(settings: Settings): string {
  const tree: Tree = {};
  for (const [key, definition] of Object.entries<Definition>(SETTINGS)) {
    const value = settings[key as SettingKey];
    if (value === undefined) continue;
    const steps = key.split(".");
    const last = steps.pop()!;
    let node = tree;
    for (const step of steps) node = (node[step] ??= {}) as Tree;
    node[last] = written(definition, value, last);
  }
  return stringify(tree, { aliasDuplicateObjects: false, lineWidth: 0 });
}

function written(definition: Definition, value: unknown, key: string): unknown {
  if (definition.secret === true && !isNothing(value)) return MASK;
  switch (definition.type) {
    case "duration":
      return typeof value === "number" ? durationText(value) : value;
    case "list":
      return (value as readonly unknown[]).map((item) => written(definition.of, item, key));
    case "record":
      return writtenKeys(definition.keys, value);
    case "tagged": {
      const name = (value as Readonly<Record<string, unknown>>)[definition.tag];
      return writtenKeys({ ...definition.common, ...definition.variants[String(name)]?.keys }, value);
    }
    default:
      return maskValue(value, key);
  }
}

function writtenKeys(keys: Definitions, value: unknown): Tree {
  const entries = Object.entries(value as Tree).map(([key, inner]) => {
    const definition = keys[key];
    return [key, definition === undefined ? maskValue(inner, key) : written(definition, inner, key)];
  });
  return Object.fromEntries(entries);
}

/** That there is no secret may be the very mistake. */
function isNothing(value: unknown): boolean {
  return value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
}
