// The back half of the rule compiler: checked rules → one WebAssembly module and what the engine needs beside it.
// In: rules in definition order, as the front half checked them. Out: bytes, sizes, the tables of the alerts.

import { emit } from "./emit/emit.ts";
import { genericSyscalls } from "./lower/generic_calls.ts";
import { lower } from "./lower/lower.ts";
import type { CheckedRule, OutputTemplate, Priority } from "./checked.ts";
import { usedExtractors } from "./used_extractors.ts";

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

export interface CompiledRules {
  readonly wasm: Uint8Array;
  /** what to allocate in the matcher's memory before the module is instantiated */
  readonly constantsBytes: number;
  /** functions in the module, for reports */
  readonly functions: number;
  /** event types that at least one rule can match, ascending */
  readonly eventCodes: readonly number[];
  /** Falco's numbers of the calls without an event of their own that rules name; absent: any of them */
  readonly genericSyscalls?: ReadonlySet<number>;
  /** rules ask for the path of an opened file as the kernel resolved it */
  readonly usesRealpath: boolean;
  /** the position is the number that the module hands to out_begin */
  readonly rules: readonly CompiledRule[];
}

export interface CompileOptions {
  /** stop at the first match of an event, or report every match */
  readonly matching: "first" | "all";
}

export function compileRules(rules: readonly CheckedRule[], { matching }: CompileOptions): CompiledRules {
  const program = lower(rules, matching);
  const { wasm, constantsBytes, functions } = emit(program, matching);
  const generic = genericSyscalls(program);
  return {
    wasm,
    constantsBytes,
    functions,
    ...(generic === undefined ? {} : { genericSyscalls: generic }),
    eventCodes: program.events.map(({ event }) => event.code),
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
