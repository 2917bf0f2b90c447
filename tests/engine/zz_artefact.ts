// The built matcher, and rules that match nothing, for tests of the engine.

import { compileRules } from "../../rules/compile.ts";
import type { RuleCode } from "../../engine/rule_module.ts";

const MATCHER = new URL("file:///tmp/t/mx/build/matcher.wasm");

/** Why tests with the matcher cannot run; undefined when they can. */
export const matcherMissing: string | undefined = (() => {
  try {
    Deno.statSync(MATCHER);
    return undefined;
  } catch {
    return "build/matcher.wasm is not built: deno task build";
  }
})();

export function readMatcher(): Uint8Array<ArrayBuffer> {
  return Deno.readFileSync(MATCHER);
}

export function noRules(): RuleCode {
  return compileRules([], { matching: "first" });
}
