// Which rules run: those enabled in the files, then the `rules:` of the configuration, in order.
// In: rules and selections. Out: the rules that run, in the order in which they are tried.

import type { CheckedRule } from "../check/checked.ts";
import { PRIORITIES, type Priority } from "../../base/mod.ts";

/** One entry of `rules:`: a name in which `*` stands for anything, or a tag. */
export interface RuleSelection {
  readonly action: "enable" | "disable";
  readonly rule?: string;
  readonly tag?: string;
}

/**
 * A rule with this tag is tried after all others, wherever it is defined: where the first match takes an event, it takes
 * none from another rule. The bundled rules that Falco does not have are tagged so.
 */
const ASKED_LAST = "asked_last";

/** A rule that is enabled late runs last, as in Falco: the order tells which of two matching rules is reported. */
export function selectRules(
  rules: readonly CheckedRule[],
  selections: readonly RuleSelection[],
): CheckedRule[] {
  const chosen = new Set(rules.filter((rule) => rule.enabled));
  for (const selection of selections) {
    const pattern = selection.rule === undefined ? undefined : wildcard(selection.rule);
    for (const rule of rules) {
      const matches = pattern?.test(rule.name) ||
        (selection.tag !== undefined && rule.tags.includes(selection.tag));
      if (!matches) continue;
      if (selection.action === "enable") chosen.add(rule);
      else chosen.delete(rule);
    }
  }
  const isLast = ({ tags }: CheckedRule) => tags.includes(ASKED_LAST);
  return [...[...chosen].filter((rule) => !isLast(rule)), ...[...chosen].filter(isLast)];
}

export function isSevereEnough(rule: CheckedRule, threshold: Priority): boolean {
  return PRIORITIES.indexOf(rule.priority) <= PRIORITIES.indexOf(threshold);
}

/** Only * is special. */
export function wildcard(text: string): RegExp {
  const parts = text.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}
