// The back half of the rule compiler: checked rules → one WebAssembly module and what the engine needs besides it.
// In: rules in definition order, as the front half checked them. Out: bytes, sizes, the tables of the alerts.

import type { CostCounting, CostPlan } from "./emit/costs.ts";
import { emit, type Emitted } from "./emit/emit.ts";
import type { LeafPlan } from "./emit/leaf_counters.ts";
import { hostNamesOf } from "./lower/host_names.ts";
import { genericSyscalls } from "./lower/generic_calls.ts";
import { lower } from "./lower/lower.ts";
import { type LeafOrder, lowerLeaves } from "./lower/lower_leaves.ts";
import { type NamedIo, namedIo } from "./lower/named_io.ts";
import { kernelFilter } from "./kernel_filter/kernel_filter.ts";
import type { KernelFilter } from "./kernel_filter/plan.ts";
import { type FilterTable, filterTable } from "./kernel_filter/table.ts";
import type { CheckedRule, OutputTemplate } from "./check/checked.ts";
import type { Priority } from "../base/mod.ts";
import { usedExtractors } from "./lower/used_extractors.ts";

export interface CompiledRule {
  readonly name: string;
  readonly priority: Priority;
  readonly source: string;
  readonly tags: readonly string[];
  readonly desc: string;
  readonly output: OutputTemplate;
  /** a match lets a capture begin */
  readonly capture: boolean;
  /** 0: as the settings say */
  readonly captureDurationMs: number;
}

/** The rules of one source of JSON events. */
export interface SourceRules {
  readonly wasm: Uint8Array;
  readonly constantsBytes: number;
  /** absent unless asked for */
  readonly leaves?: LeafPlan;
}

export interface CompiledRules {
  readonly wasm: Uint8Array;
  /** what to allocate in the matcher's memory before the module is instantiated */
  readonly constantsBytes: number;
  /** functions in the module, for reports */
  readonly functions: number;
  /** where the module counts what each rule costs; absent unless asked for */
  readonly costs?: CostPlan;
  /** where the module counts what each check answered; absent unless asked for */
  readonly leaves?: LeafPlan;
  /** event types that at least one rule can match, ascending */
  readonly eventCodes: readonly number[];
  /** Falco's numbers of the calls without an event of their own that rules name; absent: any of them */
  readonly genericSyscalls?: ReadonlySet<number>;
  /** calls that move data and that rules name */
  readonly namedIo: readonly NamedIo[];
  /** rules ask for the path of an opened file as the kernel resolved it */
  readonly usesRealpath: boolean;
  /** what the kernel may leave out, and why it may not */
  readonly kernelFilter: KernelFilter;
  /** the same for the probe */
  readonly filter: FilterTable;
  /** names of hosts that conditions compare with */
  readonly hostNames: readonly string[];
  /** modules for events of other sources than system calls, by the name of the source */
  readonly others: ReadonlyMap<string, SourceRules>;
  /** the position is the number that a module hands to out_begin */
  readonly rules: readonly CompiledRule[];
}

export interface CompileOptions {
  /** stop at the first match of an event, or report every match */
  readonly matching: "first" | "all";
  /** let the module count what each rule costs (emit/costs.ts) */
  readonly costs?: CostCounting;
  /** let the modules count what each check answered, evaluated in this order (lower/lower_leaves.ts) */
  readonly leaves?: LeafOrder;
}

export function compileRules(
  rules: readonly CheckedRule[],
  { matching, costs = false, leaves: order }: CompileOptions,
): CompiledRules {
  const program = lower(rules, matching);
  const emitted = (of: string): Emitted => {
    if (order === undefined) {
      return of === "syscall"
        ? emit(program, matching, { costs })
        : emit(lower(rules, matching, of), matching);
    }
    const counted = lowerLeaves(rules, matching, order, of);
    const leaves = { program: counted, order };
    return emit(counted, matching, { costs: of === "syscall" && costs, leaves });
  };
  const { wasm, constantsBytes, functions, costs: plan, leaves } = emitted("syscall");
  const generic = genericSyscalls(program);
  const inKernel = kernelFilter(program, rules.map(({ name }) => name));
  return {
    wasm,
    constantsBytes,
    functions,
    ...(plan === undefined ? {} : { costs: plan }),
    ...(leaves === undefined ? {} : { leaves }),
    ...(generic === undefined ? {} : { genericSyscalls: generic }),
    eventCodes: program.events.map(({ event }) => event.code),
    namedIo: namedIo(rules, program),
    kernelFilter: inKernel,
    filter: filterTable(inKernel),
    others: new Map(
      [...new Set(rules.map(({ source }) => source))].filter((source) => source !== "syscall")
        .map((source) => [source, emitted(source)]),
    ),
    hostNames: hostNamesOf(rules),
    usesRealpath: usedExtractors(rules).has("fd_realname"),
    rules: rules.map(({ name, priority, source, tags, desc, output, capture, captureDurationMs }) => ({
      name,
      priority,
      source,
      tags,
      desc,
      output,
      capture,
      captureDurationMs,
    })),
  };
}
