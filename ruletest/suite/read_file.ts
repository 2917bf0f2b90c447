// A test file, read.
// In: its text. Out: cases, and a diagnostic for each mistake in it.
// Elsewhere: YAML (rules/yaml), one case (read_case.ts), which files there are (find_files.ts), running (run/).

import { dirname, relative, resolve } from "node:path";
import {
  Budget,
  readYaml,
  Report,
  type Source,
  type YamlMap,
  type YamlNode,
  type YamlSequence,
} from "../../rules/mod.ts";
import { Expander } from "./expand.ts";
import { entriesOf, NodeReader, valueOf } from "./nodes.ts";
import { misplacedHint } from "./misplaced_keys.ts";
import { CASE_KEYS, readCase, SHARED_KEYS } from "./read_case.ts";
import type { RulesPath, TestCase, TestFile } from "./suite.ts";

export const FILE_KEYS = [...SHARED_KEYS, "templates", "cases"] as const;

const MAX_CASES = 100_000;
/** Names the rules that come with falco. */
export const BUNDLED = "bundled";

/** @param defaultRules rules files on the command line, for files that name none */
export function readTestFile(source: Source, report: Report, defaultRules: readonly string[] = []): TestFile {
  const reader = new NodeReader(report);
  const nothing = { source, cases: [], path: source.path };
  const yaml = new Report();
  const [document, second] = readYaml(source, yaml, new Budget()).documents;
  report.join(yaml);
  if (document === undefined) {
    // where it cannot be read, that has been said
    if (yaml.sorted([]).length === 0) report.add("missing-key", source.path, "a test file has no `cases`");
    return nothing;
  }
  if (second !== undefined) reader.fail("invalid-test", second, "a test file is one YAML document");
  if (document.kind === "sequence") {
    sayNoMap(reader, document);
    return nothing;
  }
  const file = reader.map(document, "a test file", FILE_KEYS);
  if (file === undefined) return nothing;
  const folder = dirname(resolve(source.path));
  const expander = new Expander(reader, readTemplates(reader, valueOf(file, "templates")));
  const rulesOf = (node: YamlNode | undefined) => readRules(reader, node, { folder, source, defaultRules });
  const context = { reader, folder, shared: file, rulesOf };
  const cases: TestCase[] = [];
  const list = valueOf(file, "cases");
  const nodes = reader.list(list);
  const isNamedOtherwise = reader.isMisspelt(file, "cases") ||
    [...file.entries.keys()].some((key) => misplacedHint(key, "a test file") !== undefined);
  if (nodes.length === 0 && !isNamedOtherwise && yaml.sorted([]).length === 0) {
    reader.fail("missing-key", list ?? document, "a test file has no `cases`");
  }
  for (const node of nodes) {
    const map = reader.map(node, "a case");
    for (const expanded of map === undefined ? [] : expander.expand(map)) {
      const one = readCase(expanded, context);
      if (one !== undefined) cases.push(one);
    }
    if (cases.length > MAX_CASES) {
      reader.fail("invalid-test", node, `the file has more than ${MAX_CASES} cases`);
      break;
    }
  }
  return { source, cases, path: source.path };
}

/** A rules file, or the cases alone. */
function sayNoMap(reader: NodeReader, document: YamlSequence): void {
  const [first] = document.items;
  const isRules = first?.kind === "map" && ["rule", "macro", "list"].some((key) => first.entries.has(key));
  reader.fail("wrong-type", first ?? document, "a test file has to be a mapping, not a sequence", {
    hint: isRules
      ? "this is a rules file: name the file of its tests, `*.test.yaml`"
      : "write `cases:` before the list, and indent the list",
  });
}

function readTemplates(reader: NodeReader, node: YamlNode | undefined): Map<string, YamlMap> {
  const map = node === undefined ? undefined : reader.map(node, "`templates`");
  return new Map(
    map === undefined ? [] : entriesOf(map).flatMap(({ key, value }) => {
      const template = reader.map(value, "a template", CASE_KEYS);
      return template === undefined ? [] : [[key.value, template] as const];
    }),
  );
}

/** Without `rules`, X.test.yaml tests X.yaml. Paths begin where the file is. */
function readRules(
  reader: NodeReader,
  node: YamlNode | undefined,
  { folder, source, defaultRules }: { folder: string; source: Source; defaultRules: readonly string[] },
): RulesPath[] {
  if (node === undefined) {
    if (defaultRules.length > 0) return defaultRules.map((path) => ({ path }));
    return [{ path: source.path.replace(/\.test(\.ya?ml)$/, "$1") }];
  }
  return reader.list(node).flatMap((item) => {
    const path = reader.text(item, "a rules file");
    if (path === undefined) return [];
    return [{ path: path === BUNDLED ? path : shortest(resolve(folder, path)), span: item.span }];
  });
}

/** As people would write it here. */
function shortest(path: string): string {
  const near = relative(".", path);
  return near.startsWith("..") ? path : near;
}
