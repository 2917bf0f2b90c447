// One file in falco.yaml's shape.
// In: its path. Out: its keys and values as a tree with places, variables of the environment filled in; `undefined` after
// a report when it cannot be used. Elsewhere: what the keys mean (config/read.ts), joining files (config/load.ts).

import {
  Budget,
  readSource,
  readYaml,
  Report,
  type Source,
  whereIs,
  type YamlMap,
  type YamlNode,
} from "../rules/mod.ts";
import { expandVariables } from "./environment.ts";
import { type Findings, placeText } from "./findings.ts";
import { emptyTree, mapScalars, spanOf } from "./tree.ts";

export function readSettingsFile(path: string, found: Findings): YamlMap | undefined {
  const read = readSource(path);
  if ("source" in read) return parseSettings(read.source, found);
  found.fail(`cannot read the configuration ${path}: ${read.reason}`);
  return undefined;
}

function parseSettings(source: Source, found: Findings): YamlMap | undefined {
  const root = parseYaml(source, found);
  if (root === undefined) return undefined;
  if (root.kind === "null") return emptyTree();
  if (root.kind === "map") return mapScalars(root, (text) => expandVariables(text)) as YamlMap;
  found.fail(`${whereIs(root.span)}: expected settings as key: value`);
  return undefined;
}

/** One document; nothing when there is none. */
export function parseYaml(source: Source, found: Findings): YamlNode | undefined {
  const report = new Report();
  const { documents } = readYaml(source, report, new Budget());
  const findings = report.sorted([source.path]);
  for (const { code, span, path, message, hint } of findings) {
    const place = span === undefined ? path ?? source.path : placeText(span);
    const text = `${place}: ${message}` + (hint === undefined ? "" : `; ${hint}`);
    if (code === "yaml-duplicate-key" && span !== undefined) found.wrong(span, message);
    else if (code === "ignored-tag" && span !== undefined) found.warn(span, message);
    else found.fail(text);
  }
  if (documents.length > 1) {
    found.fail(
      `${whereIs(documents[1]!.span)}: a configuration is one YAML document, and here begins another`,
    );
  }
  if (findings.some(({ code }) => code !== "yaml-duplicate-key" && code !== "ignored-tag")) return undefined;
  return documents[0] ?? { kind: "null", span: spanOf(source) };
}
