// Settings that select rules, and select none: a name with a typing mistake, or a rule that a new version of a file calls
// differently.
// In: settings, all rules of the files. Out: a line for each, with the rule that may be meant.
// Elsewhere: what the settings do (rules/items/selection.ts, rules/output/append_output.ts).

import { didYouMean } from "../base/mod.ts";
import { wildcard } from "../rules/mod.ts";
import type { Settings } from "./settings.ts";

interface NamedRule {
  readonly name: string;
  readonly keys: { readonly tags: readonly string[] };
}

export function unmatchedSettings(
  settings: Pick<Settings, "rules" | "append_output">,
  rules: ReadonlyMap<string, NamedRule>,
): string[] {
  const names = [...rules.keys()];
  const tags = new Set([...rules.values()].flatMap(({ keys }) => keys.tags));
  const lines: string[] = [];
  const tell = (key: string, what: string, name: string, known: Iterable<string>) => {
    const hint = didYouMean(name, known);
    lines.push(`${key}: no rule has the ${what} \`${name}\`${hint === undefined ? "" : `; ${hint}`}`);
  };
  for (const [at, item] of settings.rules.entries()) {
    const action = item.disable === undefined ? "enable" : "disable";
    const { rule, tag } = item[action] ?? {};
    const key = `rules[${at}].${action}`;
    if (rule !== undefined && !names.some((name) => wildcard(rule).test(name))) {
      tell(`${key}.rule`, "name", rule, names);
    }
    if (tag !== undefined && !tags.has(tag)) tell(`${key}.tag`, "tag", tag, tags);
  }
  for (const [at, { match }] of settings.append_output.entries()) {
    if (match?.rule !== undefined && !rules.has(match.rule)) {
      tell(`append_output[${at}].match.rule`, "name", match.rule, names);
    }
  }
  return lines;
}
