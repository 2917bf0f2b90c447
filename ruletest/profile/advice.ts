// What would make rules cheaper, where it is worth it: each piece of advice has the figures that it rests on.
// In: a profile's rules, and for a recording a way to measure other rules on it. Out: advice, what saves most first.
//
// The order of checks is none of it: falco evaluates cheap and decisive ones first, however a rule is written
// (rules/lower/logic.ts).

import type { CheckedExpr, CheckedRule } from "../../rules/mod.ts";
import { fieldByName } from "../../schema/mod.ts";
import type { Advice, ProfiledRule } from "./profile.ts";

/** A rule that takes less of the time of all rules is cheap enough. */
const WORTH_SHARE = 0.05;
/** What is saved has to be as much of the rule's time, … */
const WORTH_SAVING = 0.3;
/** … and so much of all events. */
const WORTH_EVENTS = 0.05;

export interface Measured {
  readonly nanoseconds: number;
  readonly evaluations: number;
}

export interface AdviceInput {
  readonly rules: readonly ProfiledRule[];
  readonly checked: readonly CheckedRule[];
  readonly events: number;
  /** names of event types at which a rule matched, by rule */
  readonly matchedTypes: ReadonlyMap<string, ReadonlySet<string>>;
  /** the time of one rule with this condition among the others, on the same events; none where they do not come again */
  readonly measure?: (rule: CheckedRule, condition: CheckedExpr) => Promise<Measured>;
}

export async function adviceFor(input: AdviceInput): Promise<readonly Advice[]> {
  const { rules, events } = input;
  const advice: Advice[] = [];
  for (const rule of rules) {
    const { captures: { alone, events_alone } } = rule;
    if (events_alone >= WORTH_EVENTS * events && events_alone > 0) {
      const part = Math.round(100 * events_alone / events);
      advice.push({
        rule: rule.rule,
        kind: "capture",
        text: `${part} % of all events are captured for this rule alone: ${list(alone)}. ` +
          (rule.matches === 0 ? "It matched none of them. " : "") +
          "Restrict it with `evt.type`, or do without it, if that is more than it is worth.",
        events: events_alone,
      });
    }
    const types = await fewerTypes(rule, input);
    if (types !== undefined) advice.push(types);
  }
  return advice;
}

/** A rule that looks at many types of events and matched only some: measured with a check of the type in front. */
async function fewerTypes(
  rule: ProfiledRule,
  { checked, matchedTypes, measure }: AdviceInput,
): Promise<Advice | undefined> {
  const matched = matchedTypes.get(rule.rule);
  const { types } = rule.captures;
  if (measure === undefined || matched === undefined || rule.share < WORTH_SHARE) return undefined;
  if (matched.size * 2 > types.length) return undefined;
  const one = checked.find(({ name }) => name === rule.rule)!;
  const after = await measure(one, { kind: "and", operands: [typeIn(matched, one), one.condition] });
  // less time without fewer looks is chance
  const saved = Math.min(
    (rule.nanoseconds - after.nanoseconds) / Math.max(1, rule.nanoseconds),
    (rule.evaluations - after.evaluations) / Math.max(1, rule.evaluations),
  );
  if (saved < WORTH_SAVING) return undefined;
  const percent = Math.round(100 * (1 - after.nanoseconds / rule.nanoseconds));
  const names = [...matched].sort().join(", ");
  return {
    rule: rule.rule,
    kind: "types",
    text: `It can match ${types.length} event types and matched ${list([...matched])} alone. With ` +
      `\`evt.type in (${names})\` in front it takes ${percent} % less time on these events.`,
    before_ns: rule.nanoseconds,
    after_ns: Math.round(after.nanoseconds),
  };
}

function typeIn(names: ReadonlySet<string>, { span }: CheckedRule): CheckedExpr {
  const encoder = new TextEncoder();
  return {
    kind: "check",
    left: { kind: "field", field: fieldByName("evt.type")! },
    operator: "in",
    right: [...names].sort().map((name) => ({ kind: "text", bytes: encoder.encode(name) })),
    span,
  };
}

const SHOWN = 5;

function list(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).join(", ");
  return names.length > SHOWN ? `${shown} and ${names.length - SHOWN} more` : shown;
}
