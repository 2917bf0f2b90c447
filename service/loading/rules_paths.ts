// Which rules files to load.
// In: files and folders as the user gave them. Out: files, folders replaced by the .yml and .yaml files in them, sorted;
// tests of rules lie next to the rules and are none.
// Elsewhere: what is in them (rules/text/source.ts). A path that does not exist, or is no file, is passed on, so that it is
// reported with all other problems.

import { join } from "node:path";
import { assetBytes, assetFile } from "../../assets/mod.ts";
import { listFolder, lookAt } from "../../files/mod.ts";
import { decodeSource, readSource, type SourceResult } from "../../rules/mod.ts";

/** What is loaded when the user names no rules; no path of a file when the program is one file. */
export const BUNDLED_RULES = assetFile("falco_rules.yaml") ?? "falco_rules.yaml (bundled)";
/** Loaded with them when there are audit events of Kubernetes. */
const BUNDLED_AUDIT_RULES = assetFile("k8s_audit_rules.yaml") ?? "k8s_audit_rules.yaml (bundled)";

/** A folder with more was filled by a mistake or by somebody else. */
export const MAX_RULES_FILES = 1000;

const BUNDLED = [
  [BUNDLED_RULES, "falco_rules.yaml"],
  [BUNDLED_AUDIT_RULES, "k8s_audit_rules.yaml"],
] as const;

/** Where packages install these files. */
const INSTALLED = "/etc/falco";

/** One of them that is not there, or is hidden by a ConfigMap, is taken from the program. */
export function bundledFor(path: string): string | undefined {
  return BUNDLED.find(([, name]) => path === `${INSTALLED}/${name}`)?.[0];
}

export function readRulesFile(path: string): SourceResult {
  const bytes = bundledBytes(path);
  return bytes === undefined ? readSource(path) : decodeSource(path, bytes);
}

/** What the executable holds under this name; undefined for every path of a file. */
export function bundledBytes(path: string): Uint8Array<ArrayBuffer> | undefined {
  const asset = BUNDLED.find(([bundled]) => bundled === path)?.[1];
  return asset === undefined || assetFile(asset) !== undefined ? undefined : assetBytes(asset);
}

/** @param audited there are audit events of Kubernetes */
export function rulesPaths(given: readonly string[], audited = false): string[] {
  if (given.length > 0) return given.flatMap(expand);
  return audited ? [BUNDLED_RULES, BUNDLED_AUDIT_RULES] : [BUNDLED_RULES];
}

function expand(path: string): string[] {
  if (lookAt(path)?.kind !== "directory") return [path];
  // by bytes, as Falco orders them, whatever the locale
  const found = listFolder(path, MAX_RULES_FILES + 1, (name) => /(?<!\.test)\.ya?ml$/.test(name));
  return "problem" in found ? [path] : found.names.map((name) => join(path, name));
}
