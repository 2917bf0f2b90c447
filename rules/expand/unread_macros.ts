// Macros that only rules use which nobody looks at, since no events of their source come. Such a file may be written for a
// plugin, or for a Falco of years ago: what is wrong with its macros harms nobody.
// In: all macros and rules, which rules are read. Out: names of macros. Words are enough here: a macro that is only
// mentioned in a text counts as used.

import type { Collector, RuleInfo } from "../items/collect.ts";

export function unreadMacros(
  { macros, rules }: Pick<Collector, "macros" | "rules">,
  isRead: (rule: RuleInfo) => boolean,
): ReadonlySet<string> {
  const all = [...rules.values()];
  if (all.every(isRead)) return new Set();
  const reached = (from: readonly RuleInfo[]): Set<string> => {
    const found = new Set<string>();
    const texts = from.map(({ keys }) => keys.condition.text);
    for (let text = texts.pop(); text !== undefined; text = texts.pop()) {
      for (const word of text.split(/[^A-Za-z0-9_]+/)) {
        const macro = macros.get(word);
        if (macro === undefined || found.has(word)) continue;
        found.add(word);
        texts.push(macro.condition.text);
      }
    }
    return found;
  };
  const unread = reached(all.filter((rule) => !isRead(rule)));
  for (const name of reached(all.filter(isRead))) unread.delete(name);
  return unread;
}
