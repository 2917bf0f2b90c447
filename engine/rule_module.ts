// The generated rule module, set beside the matcher: same memory, same table, the matcher's exports as imports.
// In: what rules/compile.ts made. Out: the table filled with one function per event code.
// Elsewhere: the contract between the two modules (docs/architecture.md).

import type { CompiledRules } from "../rules/compile.ts";
import type { Matcher } from "./matcher.ts";

/** What the engine needs of the compiled rules; names and output templates stay with who prints alerts. */
export type RuleCode = Pick<CompiledRules, "wasm" | "constantsBytes" | "eventCodes"> & {
  /** Falco's numbers of the generic system calls that rules name; all of them when it is left out */
  readonly genericSyscalls?: ReadonlySet<number>;
  /** see CompiledRules; false when it is left out */
  readonly usesRealpath?: boolean;
};

/**
 * Returns the address of the module's constants, which `free` gives back.
 * @param recording a match records the event instead of reporting an alert
 */
export function instantiateRules(matcher: Matcher, rules: RuleCode, recording = false): number {
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
  const module = new WebAssembly.Module(new Uint8Array(rules.wasm));
  new WebAssembly.Instance(module, {
    env: {
      memory: matcher.memory,
      table: matcher.table,
      base: new WebAssembly.Global({ value: "i32", mutable: false }, base),
    },
    matcher: imports,
  });
  return base;
}
