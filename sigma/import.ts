// The import of many rules: each is converted and loaded by itself, and counts only when it loads without errors.
// In: files of Sigma rules. Out: rules files by log source, and every rule that is not converted, with its reason.
// Elsewhere: one rule (convert.ts), reading and writing files (cli/commands/import_sigma.ts).

import { loadRules, makeSource } from "../rules/mod.ts";
import { convertRule } from "./convert.ts";
import { readSigma, type Unconverted } from "./sigma_rule.ts";

export interface SigmaFile {
  readonly name: string;
  readonly text: string;
}

export interface Imported {
  /** name of the rules file → its text */
  readonly files: ReadonlyMap<string, string>;
  readonly converted: readonly string[];
  readonly unconverted: readonly Unconverted[];
}

const HEAD = "# Made by `falco import sigma`. Rules of the Sigma project have its Detection Rule License.\n";

export function importSigma(given: readonly SigmaFile[]): Imported {
  const groups = new Map<string, string[]>();
  const names = new Set<string>();
  const unconverted: Unconverted[] = [];
  for (const { name, text } of given) {
    const { rules, unread } = readSigma(text, name);
    unconverted.push(...unread);
    for (const rule of rules) {
      const made = convertRule(rule, names);
      const reason = "reason" in made ? made.reason : whyNotLoaded(made.text);
      if (reason !== undefined || "reason" in made) {
        unconverted.push({ title: rule.title, reason: reason ?? "" });
        continue;
      }
      names.add(made.name);
      groups.set(made.group, [...groups.get(made.group) ?? [], made.text]);
    }
  }
  const files = new Map(
    [...groups].sort(([a], [b]) => a < b ? -1 : 1).map(([group, texts]) => [
      `sigma_${group}.yaml`,
      `${HEAD}\n${texts.join("\n")}`,
    ]),
  );
  return { files, converted: [...names], unconverted };
}

function whyNotLoaded(text: string): string | undefined {
  const { diagnostics } = loadRules([makeSource("sigma.yaml", text)], { lint: false });
  return diagnostics.find(({ severity }) => severity === "error")?.message;
}
