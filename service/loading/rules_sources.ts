// Rules files from the disk or from the program itself, for every command that reads rules.
// In: paths in their order. Out: their texts, bounded in number and in bytes; a finding for each that cannot be read.
// Elsewhere: which paths these are (rules_paths.ts), what is in them (rules/).

import { lookAt } from "../../files/mod.ts";
import { type Diagnostic, makeDiagnostic, type Source } from "../../rules/mod.ts";
import { bundledBytes, MAX_RULES_FILES, readRulesFile } from "./rules_paths.ts";

const MAX_ALL_CHARACTERS = 64 << 20;

export interface ReadRulesFiles {
  readonly sources: readonly Source[];
  readonly unreadable: readonly Diagnostic[];
}

export function readRulesFiles(paths: readonly string[]): ReadRulesFiles {
  const sources: Source[] = [];
  const unreadable: Diagnostic[] = [];
  const refuse = (path: string, reason: string, hint?: string) =>
    unreadable.push(makeDiagnostic("file-unreadable", path, `cannot read ${path}: ${reason}`, { hint }));
  let characters = 0;
  for (const path of paths) {
    if (sources.length + unreadable.length >= MAX_RULES_FILES) {
      refuse(path, `there are more than ${MAX_RULES_FILES} rules files`, "name fewer files, or join them");
      break;
    }
    if (bundledBytes(path) === undefined && lookAt(path)?.kind === "directory") {
      unreadable.push(
        makeDiagnostic("file-unreadable", path, `${path} is skipped: it is a directory`, {
          severity: "warning",
          hint: "name the folder itself to load the rules in it",
        }),
      );
      continue;
    }
    const result = readRulesFile(path);
    if (!("source" in result)) {
      refuse(path, result.reason, result.hint);
      continue;
    }
    characters += result.source.text.length;
    if (characters > MAX_ALL_CHARACTERS) {
      refuse(path, `all rules files together are larger than ${MAX_ALL_CHARACTERS >> 20} MiB`);
      break;
    }
    sources.push(result.source);
  }
  return { sources, unreadable };
}
