// Rules files that tests name, read once each.
// In: paths, `bundled` for the rules that come with falco. Out: sources, or a diagnostic where the path is written.

import { assetBytes, assetFile } from "../../assets/mod.ts";
import {
  decodeSource,
  makeDiagnostic,
  readSource,
  type Report,
  type Source,
  type SourceResult,
} from "../../rules/mod.ts";
import { BUNDLED } from "../suite/read_file.ts";
import type { RulesPath } from "../suite/suite.ts";

const BUNDLED_FILES = ["falco_rules.yaml", "k8s_audit_rules.yaml"] as const;

export class RulesFiles {
  readonly #read = new Map<string, readonly SourceResult[]>();

  constructor(readonly report: Report) {}

  /** Undefined when one of them cannot be read, which is reported. */
  sources(paths: readonly RulesPath[]): readonly Source[] | undefined {
    const sources: Source[] = [];
    let failed = false;
    for (const { path, span } of paths) {
      for (const result of this.#results(path)) {
        if ("source" in result) {
          sources.push(result.source);
          continue;
        }
        failed = true;
        this.report.take(
          makeDiagnostic(
            "file-unreadable",
            span ?? result.path,
            `cannot read ${result.path}: ${result.reason}`,
            {
              hint: result.hint ?? (span === undefined ? "name the rules files with `rules`" : undefined),
            },
          ),
        );
      }
    }
    return failed ? undefined : sources;
  }

  #results(path: string): readonly SourceResult[] {
    let results = this.#read.get(path);
    if (results === undefined) {
      results = path === BUNDLED ? BUNDLED_FILES.map(readBundled) : [readSource(path)];
      this.#read.set(path, results);
    }
    return results;
  }
}

function readBundled(name: typeof BUNDLED_FILES[number]): SourceResult {
  const path = assetFile(name);
  return path === undefined ? decodeSource(`${name} (bundled)`, assetBytes(name)) : readSource(path);
}
