// Settings from a file in falco.yaml's shape.
// In: path and text of the file. Out: the values it sets; problems (the file cannot be used) and warnings (keys that
// mean nothing here), each with its line.
// Elsewhere: reading the file from disk and merging (config/load.ts).

import { isMap, isScalar, LineCounter, parseDocument } from "yaml";
import type { Node } from "yaml";
import { expandVariables } from "./environment.ts";
import { unknownKey } from "./override.ts";
import { definitionOf, SETTINGS } from "./settings.ts";
import { parseValue } from "./value.ts";

export interface FileSettings {
  readonly values: ReadonlyMap<string, unknown>;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

export function parseSettingsFile(path: string, text: string): FileSettings {
  const lines = new LineCounter();
  // aliases are bounded so that a small file cannot grow without end
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const values = new Map<string, unknown>();
  const problems: string[] = [];
  const warnings: string[] = [];
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  for (const error of document.errors) problems.push(`${at(error.pos[0])}: ${error.message}`);
  if (problems.length > 0) return { values, problems, warnings };
  if (document.contents === null) return { values, problems, warnings };
  if (!isMap(document.contents)) {
    return { values, problems: [`${path}:1:1: expected settings as key: value`], warnings };
  }

  const walk = (node: Node, prefix: string) => {
    if (!isMap<Node, Node | null>(node)) return;
    for (const { key: keyNode, value: valueNode } of node.items) {
      const key = prefix + (isScalar(keyNode) ? String(keyNode.value) : String(keyNode));
      const place = at(keyNode.range?.[0] ?? 0);
      const definition = definitionOf(key);
      if (definition !== undefined) {
        const parsed = parseValue(
          definition,
          expandVariables(valueNode?.toJS(document, { maxAliasCount: 100 }) ?? ""),
        );
        if ("reason" in parsed) problems.push(`${place}: ${key} ${parsed.reason}`);
        else values.set(key, parsed.value);
      } else if (isMap(valueNode) && Object.keys(SETTINGS).some((known) => known.startsWith(`${key}.`))) {
        walk(valueNode, `${key}.`);
      } else {
        warnings.push(`${place}: ${unknownKey(key)}`);
      }
    }
  };
  walk(document.contents, "");
  return { values, problems, warnings };
}
