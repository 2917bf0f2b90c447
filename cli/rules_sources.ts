// Rules files from the disk or from the program itself, for every command that reads rules.
// In: paths in their order. Out: their texts; a finding for each that cannot be read.
// Elsewhere: which paths these are (rules_paths.ts), what is in them (rules/).

import { type Diagnostic, makeDiagnostic } from "../rules/diagnostics/diagnostic.ts";
import type { Source } from "../rules/span.ts";
import { readRulesFile } from "./rules_paths.ts";

export interface ReadRulesFiles {
  readonly sources: readonly Source[];
  readonly unreadable: readonly Diagnostic[];
}

export function readRulesFiles(paths: readonly string[]): ReadRulesFiles {
  const sources: Source[] = [];
  const unreadable: Diagnostic[] = [];
  for (const path of paths) {
    const result = readRulesFile(path);
    if ("source" in result) sources.push(result.source);
    else unreadable.push(makeDiagnostic("file-unreadable", path, `cannot read ${path}: ${result.reason}`));
  }
  return { sources, unreadable };
}
