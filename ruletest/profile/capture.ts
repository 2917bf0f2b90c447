// What rules make falco capture: the event types that each of them needs, and those that it needs alone.
// In: compiled rules, events by type. Out: by rule, names and counts.
//
// Types are all that is known here. Where the probe drops events by more than their type, what a rule lets through is
// less than all events of its types: that comes in here, by rule, from what is made for the probe.

import { type CheckedRule, compileRules } from "../../rules/mod.ts";
import { isHighVolumeIo, syscallsOfEvent } from "../../schema/mod.ts";
import { eventByCode } from "../explain/event_names.ts";

export interface Captured {
  /** event types that are captured for the rule */
  readonly types: readonly string[];
  /** those that are captured for no other */
  readonly alone: readonly string[];
  /** events of the latter */
  readonly events_alone: number;
}

export function captureOf(
  rules: readonly CheckedRule[],
  events: ReadonlyMap<number, bigint>,
): readonly Captured[] {
  const codes = rules.map(capturedCodes);
  const users = new Map<number, number>();
  for (const code of codes.flat()) users.set(code, (users.get(code) ?? 0) + 1);
  return codes.map((own) => {
    const alone = own.filter((code) => users.get(code) === 1);
    return {
      types: names(own),
      alone: names(alone),
      events_alone: alone.reduce((sum, code) => sum + Number(events.get(code) ?? 0n), 0),
    };
  });
}

/** Calls that move data are only captured for rules that name them. */
function capturedCodes(rule: CheckedRule): readonly number[] {
  if (rule.source !== "syscall") return [];
  const { eventCodes, namedIo } = compileRules([rule], { matching: "all" });
  const named = new Set(namedIo.map(({ code }) => code));
  return eventCodes.filter((code) =>
    named.has(code) || !syscallsOfEvent(code).some(({ sc }) => isHighVolumeIo(sc))
  );
}

function names(codes: readonly number[]): string[] {
  return [...new Set(codes.map(eventByCode))];
}
