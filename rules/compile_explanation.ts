// One rule → a module that tells of each event how far the rule was from matching, and why.
// In: a checked rule, those that would take its events before. Out: what the engine runs like rules, and how to read its reports.
// Elsewhere: the rules as they run (compile.ts), what is made of the reports (ruletest/explain/).

import { type CompiledRules, compileRules } from "./compile.ts";
import type {
  CheckedCheck,
  CheckedExpr,
  CheckedField,
  CheckedOperand,
  CheckedRule,
  OutputField,
} from "./check/checked.ts";
import { DISTANCES, emitExplanation, EXCLUDED } from "./emit/explanation.ts";
import { endpoints, isAnyAncestor } from "./lower/operand.ts";
import { leavesOf } from "./lower/lower_leaves.ts";
import { lowerExplanation } from "./lower/lower_explanation.ts";
import { fieldByName } from "../schema/mod.ts";

/** How many ancestors are shown of a field that stands for all of them. */
const ANCESTORS = 8;

export interface ExplanationOptions {
  readonly rule: CheckedRule;
  /** rules that take an event before it does, where only the first match counts */
  readonly earlier: readonly CheckedRule[];
  /** how many events of each distance are reported */
  readonly kept: number;
  /** this event alone, of whatever type */
  readonly event?: bigint;
  /** events of this process and those below it alone */
  readonly below?: bigint;
}

/** What is reported of an event: its distance, that from what the rule asks for, the answers of `checks`, of `earlier`, then `values`. */
export interface CompiledExplanation {
  readonly code:
    & Pick<
      CompiledRules,
      "wasm" | "constantsBytes" | "eventCodes" | "genericSyscalls" | "namedIo" | "usesRealpath"
    >
    & { readonly leaves: { readonly offsetBytes: number; readonly words: number } };
  /** which counter is that of events that the rule excludes; those before count by distance */
  readonly excludedCounter: number;
  /** which counters are those of events that the rule looks at, by the code of the event */
  readonly typeCounters: readonly { readonly code: number; readonly counter: number }[];
  readonly checks: readonly CheckedCheck[];
  readonly earlier: readonly CheckedRule[];
  readonly values: readonly OutputField[];
  /** by check, which of `values` it looks at */
  readonly looksAt: readonly (readonly number[])[];
  /** about the event as such; positions in `values` */
  readonly about: readonly number[];
}

export function compileExplanation(options: ExplanationOptions): CompiledExplanation {
  const { rule, earlier, kept, event, below } = options;
  const checks = leavesOf(rule.condition);
  const values = new ValueTable();
  const about = rule.source === "syscall" ? ABOUT.map((name) => values.add(field(name))) : [];
  const looksAt = checks.map((check) =>
    [check.left, ...check.right].flatMap((operand) => values.addAll(operand))
  );
  const filters = [
    ...event === undefined ? [] : [equals("evt.num", event, rule)],
    ...below === undefined ? [] : [
      { kind: "or", operands: [equals("proc.pid", below, rule), equals("proc.apid", below, rule)] } as const,
    ],
  ];
  const program = lowerExplanation({
    rule,
    earlier,
    values: values.list,
    filters,
    everyType: event !== undefined,
  });
  const { eventCodes, genericSyscalls, namedIo, usesRealpath } = compileRules([rule], { matching: "all" });
  const emitted = emitExplanation(program, kept);
  return {
    code: {
      wasm: emitted.wasm,
      constantsBytes: emitted.constantsBytes,
      eventCodes,
      ...(genericSyscalls === undefined ? {} : { genericSyscalls }),
      namedIo,
      usesRealpath,
      leaves: { offsetBytes: 0, words: DISTANCES + emitted.countedTypes.length },
    },
    excludedCounter: EXCLUDED,
    typeCounters: emitted.countedTypes.map((code, index) => ({ code, counter: DISTANCES + index })),
    checks,
    earlier,
    values: values.list,
    looksAt,
    about,
  };
}

/** What tells one event from another. */
const ABOUT = ["evt.type", "proc.name", "proc.pid", "proc.cmdline"];

class ValueTable {
  readonly list: OutputField[] = [];
  readonly #known = new Map<string, number>();

  add(operand: OutputField["operand"]): number {
    const key = operandText(operand);
    let at = this.#known.get(key);
    if (at === undefined) {
      at = this.list.length;
      this.list.push({ key, operand });
      this.#known.set(key, at);
    }
    return at;
  }

  /** A field that stands for several values gives all of them; a constant none. */
  addAll(operand: CheckedOperand): number[] {
    if (operand.kind === "transformer") return [this.add(operand)];
    if (operand.kind !== "field") return [];
    const ends = endpoints(operand.field);
    if (ends !== undefined) return ends.map((end) => this.add(end));
    if (isAnyAncestor(operand)) {
      return Array.from({ length: ANCESTORS }, (_, depth) => this.add({ ...operand, arg: depth + 1 }));
    }
    return [this.add(operand)];
  }
}

/** As a rule would write it. */
function operandText(operand: CheckedOperand): string {
  switch (operand.kind) {
    case "field": {
      const { field: { name }, arg } = operand;
      if (arg === undefined) return name;
      return name === "evt.arg" || name === "evt.rawarg" ? `${name}.${arg}` : `${name}[${arg}]`;
    }
    case "transformer": {
      const arg = operand.arg === undefined ? "" : `[${operand.arg}]`;
      return `${operand.name}(${operand.operands.map(operandText).join(", ")})${arg}`;
    }
    case "text":
      return JSON.stringify(new TextDecoder().decode(operand.bytes));
    case "number":
    case "bool":
      return String(operand.value);
    default:
      return operand.bytes.join(".");
  }
}

function field(name: string): CheckedField {
  const def = fieldByName(name);
  if (def === undefined) throw new Error(`Internal error: the catalogue lacks ${name}`);
  return { kind: "field", field: def };
}

function equals(name: string, value: bigint, { span }: CheckedRule): CheckedExpr {
  return { kind: "check", left: field(name), operator: "=", right: [{ kind: "number", value }], span };
}
