// What to say of a rule, macro or list that is used and not loaded, when a rules file of Falco's project defines it.
// In: a name. Out: a hint that names the file. Elsewhere: the table of names (falco_names.ts).

import { FALCO_NAMES } from "./falco_names.ts";

export type ItemKind = "rule" | "macro" | "list";

/** Files of which the bundled rules have all names. */
const BUNDLED = ["falco_rules.yaml", "falco-incubating_rules.yaml"];

const BLANKS = /\s+/;
const LINES = /\s*\n\s*/;

/** kind and name → file; made when the first name is missing */
let files: Map<string, string> | undefined;

/** Falco's file that defines it. */
export function falcoFileOf(kind: ItemKind, name: string): string | undefined {
  files ??= new Map(
    Object.entries(FALCO_NAMES).flatMap(([file, { rules, macros, lists }]) => [
      ...split(rules, LINES).map((name) => [`rule ${name}`, file] as const),
      ...split(macros, BLANKS).map((name) => [`macro ${name}`, file] as const),
      ...split(lists, BLANKS).map((name) => [`list ${name}`, file] as const),
    ]),
  );
  return files.get(`${kind} ${name}`);
}

/** A hint for a name that is not loaded; undefined when no file of Falco's defines it. */
export function definedByFalco(kind: ItemKind, name: string): string | undefined {
  const file = falcoFileOf(kind, name);
  if (file === undefined) return undefined;
  const also = BUNDLED.includes(file) ? ", and in the falco_rules.yaml that comes with falco" : "";
  return `it is defined in Falco's ${file}${also}: load that file before this one`;
}

function split(text: string, by: RegExp): string[] {
  return text.split(by).filter((name) => name !== "");
}
