// From the tree of all files and options to settings: every key is looked up in the table, and its value read.
// In: the tree. Out: values of the keys that were written, and their places; everything that is wrong is reported.
// Elsewhere: single values (config/value.ts), what does not go together (config/checks.ts).

import type { Span, YamlMap, YamlNode } from "../rules/mod.ts";
import type { Definition } from "./definition.ts";
import { droppedKey, isDropped } from "./dropped.ts";
import type { Findings } from "./findings.ts";
import { SETTINGS } from "./settings.ts";
import { meantKey, unknownKey } from "./unknown_key.ts";
import { ABSENT, readValue } from "./value.ts";

export interface ReadSettings {
  readonly values: ReadonlyMap<string, unknown>;
  readonly places: ReadonlyMap<string, YamlNode>;
  /** keys whose value cannot be used, or that are misspelt; their default counts */
  readonly wrong: ReadonlySet<string>;
}

/** The table by its sections: `engine` → `kind` → definition. */
type Section = Map<string, Section | Definition>;
const sections: Section = sectionsOf(Object.entries(SETTINGS));

export function readSettings(written: YamlMap, found: Findings): ReadSettings {
  const tree = withOldName(written, found);
  const values = new Map<string, unknown>();
  const places = new Map<string, YamlNode>();
  const wrong = new Set<string>();
  const walk = (map: YamlMap, section: Section, prefix: string) => {
    for (const [name, { key: keyNode, value: node }] of map.entries) {
      const key = prefix + name;
      const inner = section.get(name);
      if (!found.spend(keyNode.span)) return;
      if (inner === undefined && isDropped(key)) {
        const dropped = droppedKey(key, node, tree);
        if (dropped !== undefined) found.warn(keyNode.span, dropped);
      } else if (inner === undefined) {
        const written = longest(key, node, keyNode.span);
        found.unknown(keyNode.span, unknownKey(written));
        const meant = meantKey(written);
        if (meant !== undefined) wrong.add(meant);
      } else if (!(inner instanceof Map)) {
        const value = readValue(inner, node, key, found);
        if (value === ABSENT) {
          if (node.kind !== "null") wrong.add(key);
          continue;
        }
        values.set(key, value);
        places.set(key, node);
        if (inner.idle !== undefined && value !== inner.default) {
          found.warn(node.span, `${key} changes nothing: ${inner.idle}`);
        }
      } else if (node.kind === "map") walk(node, inner, `${key}.`);
      else if (node.kind !== "null") {
        const example = Array.from(inner.keys()).slice(0, 3).join(", ");
        found.wrong(node.span, `${key} must be a mapping with keys such as ${example}`);
      }
    }
  };
  walk(tree, sections, "");
  return { values, places, wrong };
}

/** Falco still reads this one under its old name. */
function withOldName(tree: YamlMap, found: Findings): YamlMap {
  const old = tree.entries.get("rules_file");
  if (old === undefined) return tree;
  const entries = new Map(tree.entries);
  entries.delete("rules_file");
  if (tree.entries.has("rules_files")) {
    found.wrong(
      old.key.span,
      "both rules_files and rules_file, its old name, are there: say rules_files alone",
    );
  } else {
    found.warn(old.key.span, "rules_file is the old name of rules_files");
    entries.set("rules_files", old);
  }
  return { ...tree, entries };
}

/** An option names one key, however deep: that is what was not found. */
function longest(key: string, node: YamlNode, place: Span): string {
  if (node.kind !== "map") return key;
  const [[name, entry] = [], ...more] = node.entries;
  const written = name !== undefined && more.length === 0 && entry!.key.span === place;
  return written ? longest(`${key}.${name}`, entry!.value, place) : key;
}

function sectionsOf(settings: readonly (readonly [key: string, Definition])[]): Section {
  const root: Section = new Map();
  for (const [key, definition] of settings) {
    const path = key.split(".");
    let section = root;
    for (const name of path.slice(0, -1)) {
      let inner = section.get(name);
      if (!(inner instanceof Map)) section.set(name, inner = new Map());
      section = inner;
    }
    section.set(path.at(-1)!, definition);
  }
  return root;
}
