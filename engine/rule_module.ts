// The generated rule module, set next to the matcher: same memory, same table, the matcher's exports as imports.
// In: what rules/compile.ts made. Out: the table filled with one function per event code.
// Elsewhere: the contract between the two modules (rules/README.md, assembly/README.md).

// types alone: the compiler of rules would be part of the engine's thread
import type { CompiledRules, CostPlan, CounterPlace, FilterTable } from "../rules/mod.ts";
import { NO_RULE, TABLE } from "../schema/mod.ts";
import type { RuleNeeds } from "../sources/mod.ts";
import type { Matcher } from "./matcher.ts";
import { type RuleCost, RuleCosts } from "./rule_costs.ts";

/** What the engine needs of the compiled rules; names and output templates stay with who prints alerts. */
export type RuleCode = Pick<CompiledRules, "wasm" | "constantsBytes" | "eventCodes"> & {
  /** Falco's numbers of the generic system calls that rules name; all of them when it is left out */
  readonly genericSyscalls?: ReadonlySet<number>;
  /** see CompiledRules; none when it is left out */
  readonly namedIo?: CompiledRules["namedIo"];
  /** see CompiledRules; false when it is left out */
  readonly usesRealpath?: boolean;
  /** what they cannot match; everything is reported without it */
  readonly filter?: FilterTable;
  /** the module counts what its rules cost */
  readonly costs?: CostPlan;
  /** the module counts what its checks answer */
  readonly leaves?: CounterPlace;
  /** `wasm`, compiled already */
  readonly module?: WebAssembly.Module;
};

/** Only what the worker needs crosses over: an output template may hold functions of the field catalogue. */
export function workerRules(rules: RuleCode): RuleCode {
  const {
    wasm,
    constantsBytes,
    eventCodes,
    genericSyscalls,
    namedIo,
    usesRealpath,
    costs,
    leaves,
    module,
    filter,
  } = rules;
  return {
    wasm,
    constantsBytes,
    eventCodes,
    ...(genericSyscalls === undefined ? {} : { genericSyscalls }),
    namedIo: namedIo ?? [],
    usesRealpath: usesRealpath ?? false,
    ...(filter === undefined ? {} : { filter }),
    ...(costs === undefined ? {} : { costs }),
    ...(leaves === undefined ? {} : { leaves: { offsetBytes: leaves.offsetBytes, words: leaves.words } }),
    ...(module === undefined ? {} : { module }),
  };
}

/** What the source has to report for them. */
export function needsOf(
  { eventCodes, genericSyscalls, namedIo = [], usesRealpath, filter }: RuleCode,
): RuleNeeds {
  return {
    eventCodes,
    ...(genericSyscalls === undefined ? {} : { genericSyscalls }),
    namedIo: namedIo.map(({ code }) => code),
    usesRealpath: usesRealpath ?? false,
    ...(filter === undefined ? {} : { filter }),
  };
}

/** The rules that evaluate in one matcher: others take their place between two events. */
export class RuleSlot {
  readonly #matcher: Matcher;
  readonly #recording: boolean;
  readonly #extractors: WebAssembly.ModuleImports;
  #base = 0;
  #costs: RuleCosts | undefined;
  #leaves: CounterPlace | undefined;

  /**
   * @param recording a match records the event instead of reporting an alert
   * @param extractors of fields besides the matcher's own, which they come before
   */
  constructor(matcher: Matcher, recording: boolean, extractors: WebAssembly.ModuleImports = {}) {
    this.#matcher = matcher;
    this.#extractors = extractors;
    this.#recording = recording;
  }

  /**
   * From here on these rules evaluate. Nothing holds the module before any longer: the table has lost its functions, and
   * its constants are free. When this throws, the rules before go on.
   */
  put(rules: RuleCode): void {
    const costs = rules.costs && new RuleCosts(rules.costs);
    const base = instantiateRules(this.#matcher, rules, this.#recording, costs, this.#extractors);
    if (this.#base !== 0) this.#matcher.exports.free(this.#base);
    this.#base = base;
    this.#costs = costs;
    this.#leaves = rules.leaves;
  }

  /** Of the rules that evaluate now. */
  costs(): RuleCost[] {
    return this.#costs?.read() ?? [];
  }

  /** What checks of the rules that evaluate now have answered, a copy (rules/emit/leaf_counts.ts reads it); empty without counters. */
  leafWords(): BigUint64Array<ArrayBuffer> {
    if (this.#leaves === undefined) return new BigUint64Array(0);
    const { offsetBytes, words } = this.#leaves;
    return new BigUint64Array(
      new BigUint64Array(this.#matcher.memory.buffer, this.#base + offsetBytes, words),
    );
  }
}

/**
 * Returns the address of the module's constants, which `free` gives back.
 * @param recording a match records the event instead of reporting an alert
 * @param costs of exactly these rules, when they have a plan for it
 */
export function instantiateRules(
  matcher: Matcher,
  rules: RuleCode,
  recording = false,
  costs: RuleCosts | undefined = rules.costs && new RuleCosts(rules.costs),
  extractors: WebAssembly.ModuleImports = {},
): number {
  const base = matcher.exports.allocate(Math.max(rules.constantsBytes, 8));
  if (base === 0) {
    throw new Error(
      `Cannot load the rules: no room for ${rules.constantsBytes} bytes of constants in the matcher's heap`,
    );
  }
  // a BufferSource may not lie in shared memory
  const { exports } = matcher;
  const imports = recording
    ? { ...exports, out_begin: exports.record_matching, out_end: exports.record_nothing }
    : exports;
  try {
    const module = rules.module ?? new WebAssembly.Module(new Uint8Array(rules.wasm));
    new WebAssembly.Instance(module, {
      env: {
        memory: matcher.memory,
        table: matcher.table,
        base: new WebAssembly.Global({ value: "i32", mutable: false }, base),
      },
      matcher: { ...imports, ...extractors },
      ...(costs === undefined ? {} : { costs: { mark: costs.mark } }),
    });
  } catch (error) {
    exports.free(base);
    throw error;
  }
  costs?.attach(matcher.memory, base);
  tellNoRule(matcher);
  return base;
}

/** Tells the matcher for which events the rules have nothing to evaluate: it does not even find their parameters. */
function tellNoRule({ memory, table, exports }: Matcher): void {
  const noRule = new Uint8Array(memory.buffer, NO_RULE.at, NO_RULE.codes);
  // no event has the last code
  const nothing = table.get(TABLE.MATCHER_FIRST - 1);
  for (let code = 0; code < NO_RULE.codes; code++) noRule[code] = table.get(code) === nothing ? 1 : 0;
  exports.rules_changed();
}
