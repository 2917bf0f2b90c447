// A matcher whose rules are one function of a test: called for every event that rules may see, it can ask all
// extractors. In: that function. Out: the matcher, ready to ingest.

import { Matcher } from "../../engine/matcher.ts";
import { EVENT_COUNT } from "../../schema/events.ts";
import { HEAP_AT } from "../../schema/layout.ts";

const HEAP_BYTES = 192 << 20;
const WASM_PAGE_BYTES = 65536;

/** (module (import "m" "f" (func)) (export "f" (func 0))): turns a JavaScript function into a table element. */
const CALLBACK_MODULE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 4, 1, 0x60, 0, 0],
  ...[2, 7, 1, 1, 0x6d, 1, 0x66, 0, 0],
  ...[7, 5, 1, 1, 0x66, 0, 0],
);

export function matcherCalling(evaluate: () => void): Matcher {
  const pages = (HEAP_AT + HEAP_BYTES) / WASM_PAGE_BYTES;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const wasm = Deno.readFileSync(new URL("../../build/matcher.wasm", import.meta.url));
  const limits = { heapEnd: HEAP_AT + HEAP_BYTES, maxThreads: 32768, maxFds: 1 << 20 };
  const matcher = new Matcher(wasm, memory, limits, { onAlert: () => {}, now: () => 0n });
  const module = new WebAssembly.Module(CALLBACK_MODULE);
  const callback = new WebAssembly.Instance(module, { m: { f: evaluate } }).exports["f"] as () => void;
  for (let code = 0; code < EVENT_COUNT; code++) matcher.table.set(code, callback);
  return matcher;
}
