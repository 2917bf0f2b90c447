// Rules over recordings: which open events and which fds each rule matches, with what the kernel knows of the call.
// In: conditions, recordings. Out: a callback for each match, with the number of the condition.
// Elsewhere: what must follow from them (soundness_test.ts).

import assert from "node:assert/strict";
import { readAlert } from "../../../engine/alert_reader.ts";
import { Matcher } from "../../../engine/matcher.ts";
import { instantiateRules } from "../../../engine/rule_module.ts";
import type { AlertValue } from "../../../alerts/alert.ts";
import { compileRules } from "../../../rules/compile.ts";
import { loadRules } from "../../../rules/load.ts";
import { lower } from "../../../rules/lower/lower.ts";
import { kernelFilter } from "../../../rules/kernel_filter/kernel_filter.ts";
import type { KernelFilter } from "../../../rules/kernel_filter/plan.ts";
import { makeSource } from "../../../rules/text/source.ts";
import { EVENTS } from "../../../schema/events.ts";
import { HEAP_AT, REGION } from "../../../schema/layout.ts";

/** What the proof needs of an event, whatever the rule itself prints. */
const OUTPUT =
  "%evt.rawres %evt.rawarg.flags %evt.rawarg.mode %fd.nameraw %fd.realname %fd.type %fd.l4proto %evt.arg.domain %fd.name";

/** Of a rule that matches everything not all matches are looked at. */
const MATCHES_READ = 300;
const HEAP_BYTES = 96 << 20;
const PAGE_BYTES = 65536;

export interface Match {
  readonly rule: number;
  readonly event: string;
  readonly timeNs: bigint;
  readonly result: bigint;
  readonly flags: number;
  readonly mode: number;
  readonly path: Uint8Array;
  readonly resolved: Uint8Array;
  readonly fdType: string;
  readonly l4proto: string;
  /** of a call that makes a socket */
  readonly domain: string;
  /** the path, after that of the directory to which it is relative */
  readonly name: Uint8Array;
}

export interface FilteredRules {
  readonly code: ReturnType<typeof compileRules>;
  /** of each rule alone */
  readonly filters: readonly KernelFilter[];
}

export function filteredRules(conditions: readonly string[]): FilteredRules {
  const text = conditions.map((condition, at) =>
    `- rule: R${at}\n  desc: d\n  condition: ${
      JSON.stringify(condition)
    }\n  output: "${OUTPUT}"\n  priority: info\n`
  );
  const { rules, diagnostics } = loadRules([makeSource("random.yaml", text.join(""))]);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  assert.deepEqual(errors.map(({ message }) => message), []);
  assert.equal(rules.length, conditions.length);
  return {
    code: compileRules(rules, { matching: "all" }),
    filters: rules.map((rule) => kernelFilter(lower([rule], "all"), [rule.name])),
  };
}

export function replay(
  recording: Uint8Array,
  { code }: Pick<FilteredRules, "code">,
  onMatch: (match: Match) => void,
): void {
  const pages = (HEAP_AT + HEAP_BYTES) / PAGE_BYTES;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const wasm = Deno.readFileSync(new URL("../../../build/matcher.wasm", import.meta.url));
  const limits = { heapEnd: HEAP_AT + HEAP_BYTES, maxThreads: 32768, maxFds: 1 << 18 };
  const seen = new Map<number, number>();
  const onAlert = (rule: number, at: number, bytes: number) => {
    if (rule < 0) return;
    const before = seen.get(rule) ?? 0;
    seen.set(rule, before + 1);
    if (before > MATCHES_READ && before % MATCHES_READ !== 0) return;
    const { eventType, values, timeNs } = readAlert(new Uint8Array(memory.buffer, at, bytes).slice());
    onMatch({ rule, event: EVENTS[eventType]!.name, timeNs, ...read(values) });
  };
  const matcher = new Matcher(wasm, memory, limits, { onAlert, now: () => 0n });
  instantiateRules(matcher, code);
  for (let at = 0; at < recording.length;) {
    const part = recording.subarray(at, at + REGION.INGEST.bytes);
    new Uint8Array(memory.buffer).set(part, REGION.INGEST.at);
    const taken = matcher.ingest(REGION.INGEST.at, part.length);
    assert.ok(taken > 0, `a recording that cannot be read at ${at}`);
    at += taken;
  }
}

const encoder = new TextEncoder();

function read(values: readonly AlertValue[]): Omit<Match, "rule" | "event" | "timeNs"> {
  const [result, flags, mode, path, resolved, fdType, l4proto, domain, name] = values.map((value) =>
    "value" in value ? value.value : undefined
  );
  const text = (value: unknown) => typeof value === "string" ? value : "";
  const bytes = (value: unknown) => encoder.encode(typeof value === "string" ? value : "");
  return {
    result: typeof result === "bigint" ? result : 0n,
    flags: Number(typeof flags === "string" ? `0x${flags}` : flags ?? 0), // printed in hexadecimal
    mode: Number(mode ?? 0),
    path: bytes(path),
    resolved: bytes(resolved),
    fdType: text(fdType),
    l4proto: text(l4proto),
    domain: text(domain),
    name: bytes(name),
  };
}
