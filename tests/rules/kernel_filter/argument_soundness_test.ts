// The push-down leaves out no call that a rule matches by its arguments: random rules over events with every value that an argument
// can have. And the proof sees mistakes: with a value less in the plan, it fails.

import assert from "node:assert/strict";
import fc from "fast-check";
import type { ArgumentClause } from "../../../rules/kernel_filter/argument_clauses.ts";
import { isCallReported } from "../../../rules/kernel_filter/call_model.ts";
import type { KernelFilter } from "../../../rules/kernel_filter/plan.ts";
import { textOf } from "../../../rules/kernel_filter/known_argument.ts";
import { parameterOf, RAW_ARGUMENTS, type RawArgument } from "../../../rules/kernel_filter/raw_arguments.ts";
import { flagTable } from "../../../schema/flags.ts";
import { SIGNAL_NAMES } from "../../../schema/signals.ts";
import { argumentCalls, rawsOf } from "./argument_events.ts";
import { filteredRules, replay } from "./matches.ts";

const quoted = (text: string) => JSON.stringify(text);

/** Checks of one parameter, the texts and numbers of which are such as it can have, nearly has, or never has. */
const check = fc.constantFrom(...RAW_ARGUMENTS).chain(({ event, param, values, bits }) => {
  const names = (flagTable(param.flagTable ?? "")?.entries ?? []).map(([name]) => name);
  const signals = param.type === "sigtype" ? SIGNAL_NAMES.filter((name) => name !== "") : [];
  const text = fc.constantFrom(
    ...[...names, ...signals, ...names.map((name) => name.slice(0, -2)), ...names.map((name) => `${name}|`)],
    ...[
      "PTRACE_",
      "CLONE_NEW",
      "S_IX",
      "LOCAL|AF",
      "0",
      "5",
      "13",
      "010",
      "54AB",
      "54ab",
      "-1",
      "4294967295",
      "|",
      "A",
    ],
  ).filter((text) => text !== "").map(quoted);
  const number = fc.constantFrom(
    ...values.values(),
    ...bits.values(),
    0,
    1,
    77,
    265,
    0x54ab,
    0xffff_ffff,
    -1,
  );
  const condition = fc.oneof(
    fc.tuple(fc.constantFrom("=", "!=", "contains", "icontains", "startswith", "endswith"), text)
      .map(([operator, value]) => `evt.arg.${param.name} ${operator} ${value}`),
    fc.array(text, { minLength: 1, maxLength: 10 }).map((all) =>
      `evt.arg.${param.name} in (${all.join(", ")})`
    ),
    fc.tuple(fc.constantFrom("=", "!=", "<", "<=", ">", ">="), number)
      .map(([operator, value]) => `evt.rawarg.${param.name} ${operator} ${value}`),
    fc.array(number, { minLength: 1, maxLength: 4 }).map((all) =>
      `evt.rawarg.${param.name} in (${all.join(", ")})`
    ),
    fc.constantFrom(`evt.arg.${param.name} exists`, `evt.args contains ${param.name}`, "evt.failed = false"),
  );
  return fc.tuple(condition, fc.boolean()).map(([text, isTrue]) => ({
    event,
    text: isTrue ? text : `not ${text}`,
  }));
});
const condition = fc.tuple(fc.array(check, { minLength: 1, maxLength: 3 }), fc.constantFrom("and", "or")).map(
  ([checks, joint]) => {
    const types = [...new Set(checks.map(({ event }) => event))];
    return `evt.type in (${types.join(", ")}) and (${checks.map(({ text }) => text).join(` ${joint} `)})`;
  },
);

const SEEDS = 8;
const RULES = 250;

/** Each call that a rule matches, with the rule's filter. */
function matches(
  seed: number,
  onMatch: (filter: KernelFilter, call: number, condition: string) => void,
): void {
  const conditions = fc.sample(condition, { numRuns: RULES, seed });
  const rules = filteredRules(conditions);
  replay(
    capture,
    rules,
    ({ rule, timeNs }) => onMatch(rules.filters[rule]!, Number(timeNs) - 1, conditions[rule]!),
  );
}

const { capture, calls } = argumentCalls();

function isReported(filter: KernelFilter, call: number): boolean {
  return isCallReported(filter, { ...calls[call]!, result: 0 });
}

Deno.test(`${SEEDS * RULES} random rules over ${calls.length} calls with all arguments: what a rule matches is reported`, () => {
  const matched = new Set<string>();
  for (let seed = 1; seed <= SEEDS; seed++) {
    matches(seed, (filter, call, condition) => {
      matched.add(calls[call]!.event);
      assert.ok(
        isReported(filter, call),
        `${condition} matches ${calls[call]!.event} of ${calls[call]!.arguments}`,
      );
    });
  }
  assert.deepEqual([...matched].sort(), [...new Set(calls.map(({ event }) => event))].sort());
});

/** The clause with one needed value, or one needed bit, less. */
function weakened(clause: ArgumentClause): ArgumentClause {
  const { values, mask, sparesListed } = clause;
  if (sparesListed && values.length === 1 && values[0] === 0 && mask !== 0xffff_ffff) {
    return { ...clause, mask: mask & (mask - 1) };
  }
  return sparesListed ? { ...clause, mask: 0, values: [0] } : { ...clause, values: values.slice(1) };
}

Deno.test("a plan with one value or bit less is caught by the same check", () => {
  const [clauses, caught] = [new Set<string>(), new Set<string>()];
  matches(1, (filter, call, condition) => {
    const mutant = {
      ...filter,
      calls: filter.calls?.map((one) => ({ ...one, clauses: one.clauses.map(weakened) })) ?? [],
    };
    const { event } = calls[call]!;
    if (filter.calls?.find((one) => one.event === event)?.clauses.length) {
      clauses.add(`${event} ${condition}`);
    }
    if (!isReported(mutant, call)) caught.add(`${event} ${condition}`);
  });
  assert.ok(caught.size > clauses.size / 2, `${caught.size} of ${clauses.size}`);
});

Deno.test("each value of an argument has the text that the matcher shows, and a name shows all its bits", () => {
  const expected: {
    readonly condition: string;
    readonly isMet: (argument: RawArgument, value: number) => boolean;
  }[] = RAW_ARGUMENTS.flatMap((argument) => {
    const { event, param, kind } = argument;
    const field = `evt.type = ${event} and evt.arg.${param.name}`;
    if (kind === "flags") {
      return flagTable(param.flagTable ?? "")!.entries.map(([name, bits]) => ({
        condition: `${field} in (${quoted(name)})`,
        isMet: (_: RawArgument, value: number) => value === bits,
      }));
    }
    const values = new Set(rawsOf(argument).map((raw) => parameterOf(argument, raw)));
    return [...values].map((value) => ({
      condition: `${field} = ${quoted(textOf(argument, value))}`,
      isMet: (_: RawArgument, other: number) => other === value,
    }));
  });
  const rules = filteredRules(expected.map(({ condition }) => condition));
  const matched = new Set<number>();
  replay(capture, rules, ({ rule, timeNs }) => {
    matched.add(rule);
    const { argument, value } = calls[Number(timeNs) - 1]!;
    assert.ok(expected[rule]!.isMet(argument, value), `${expected[rule]!.condition} matches ${value}`);
  });
  const numbers = expected.flatMap(({ condition }, rule) => / in /.test(condition) ? [] : [rule]);
  assert.deepEqual(numbers.filter((rule) => !matched.has(rule)).map((rule) => expected[rule]!.condition), []);
});

Deno.test("calls that change what the matcher knows are reported whatever the rules are", () => {
  const state: readonly (readonly [string, number, bigint])[] = [
    ["prctl", 0, 36n], // PR_SET_CHILD_SUBREAPER
    ["prctl", 0, 37n],
    ["fcntl", 1, 0n], // F_DUPFD
    ["fcntl", 1, 2n], // F_SETFD
    ["fcntl", 1, 1030n], // F_DUPFD_CLOEXEC
    ["unshare", 0, 0x10000000n], // CLONE_NEWUSER gives all capabilities
    ["unshare", 0, 0x400n], // CLONE_FILES ends the sharing of fds
    ["setns", 1, 0x10000000n],
    ["socket", 0, 17n], // of no kind that can be left out
    ["mount", 3, 0n],
  ];
  const { filters } = filteredRules([
    "evt.type in (prctl, fcntl, unshare, setns, socket) and (evt.arg.option = PR_GET_NAME or evt.arg.cmd = F_GETFL or " +
    "evt.arg.flags contains CLONE_NEWNET or evt.arg.nstype contains CLONE_NEWNET or evt.arg.domain = AF_INET)",
    "evt.type = openat and fd.name = /none",
  ]);
  for (const [event, at, argument] of state) {
    for (const filter of filters) {
      const seen = { event, result: 0, arguments: Object.assign([], { [at]: argument }) };
      assert.ok(isCallReported(filter, seen), `${event} of ${argument}`);
    }
  }
  const [first] = filters;
  assert.ok(!isCallReported(first!, { event: "prctl", result: 0, arguments: [15n] }));
  assert.ok(!isCallReported(first!, { event: "unshare", result: 0, arguments: [0x20000n] }));
});
