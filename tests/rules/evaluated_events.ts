// Conditions evaluated by the real pipeline: text → checked rules → generated module → matcher, over events built by hand.
// In: conditions and events. Out: which conditions hold on the last event.
// Elsewhere: blocks and parameters of events (tests/assembly/event_stream.ts).

import assert from "node:assert/strict";
import { Matcher } from "../../engine/matcher.ts";
import { instantiateRules } from "../../engine/rule_module.ts";
import { compileRules } from "../../rules/compile.ts";
import { renderDiagnostics } from "../../rules/report/render.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { EVENT_CODE } from "../../schema/events.ts";
import { HEAP_AT, REGION } from "../../schema/layout.ts";
import {
  concat,
  event,
  eventBlock,
  i64,
  list,
  text,
  tuple4,
  u16,
  u32,
  u64Params,
  u8,
} from "../assembly/event_stream.ts";

const HEAP_BYTES = 32 << 20;
const WASM_PAGE_BYTES = 65536;
const code = (name: string) => EVENT_CODE[name]!;

/** Which of the conditions hold on the last event. */
export function evaluate(conditions: readonly string[], events: readonly Uint8Array[]): boolean[] {
  const rules = conditions.map((condition, at) =>
    `- rule: R${at}\n  desc: d\n  condition: ${JSON.stringify(condition)}\n  output: o\n  priority: info\n`
  );
  const { rules: loaded, diagnostics } = loadRules([makeSource("conditions.yaml", rules.join(""))]);
  assert.equal(renderDiagnostics(diagnostics.filter(({ severity }) => severity === "error")), "");
  const compiled = compileRules(loaded, { matching: "all" });

  const pages = (HEAP_AT + HEAP_BYTES) / WASM_PAGE_BYTES;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const wasm = Deno.readFileSync(new URL("../../build/matcher.wasm", import.meta.url));
  const limits = { heapEnd: HEAP_AT + HEAP_BYTES, maxThreads: 1024, maxFds: 4096 };
  const matched = new Set<string>();
  const onAlert = (rule: number) => void matched.add(compiled.rules[rule]!.name);
  const matcher = new Matcher(wasm, memory, limits, { onAlert, now: () => 0n });
  instantiateRules(matcher, compiled);
  const feed = (blocks: Uint8Array) => {
    new Uint8Array(memory.buffer).set(blocks, REGION.INGEST.at);
    assert.equal(matcher.ingest(REGION.INGEST.at, blocks.length), blocks.length);
  };
  matcher.set_evaluating(0);
  for (const before of events.slice(0, -1)) feed(eventBlock(before));
  matcher.set_evaluating(1);
  feed(eventBlock(events.at(-1)!));
  return conditions.map((_, at) => matched.has(`R${at}`));
}

/** A table of conditions, each true or false on the last event; all are evaluated in one module. */
export function assertEvaluated(
  cases: readonly (readonly [condition: string, holds: boolean])[],
  events: readonly Uint8Array[],
) {
  const conditions = cases.map(([condition]) => condition);
  const outcome = evaluate(conditions, events);
  const wrong = cases.filter(([, holds], at) => outcome[at] !== holds);
  assert.deepEqual(wrong.map(([condition, holds]) => `${condition}: expected ${holds}`), []);
}

/** The child's side of a clone: a process of its own. */
export function clone(tid: number, ptid: number, comm: string): Uint8Array {
  return event({
    type: code("CLONE_X"),
    tid,
    timeNs: 1n,
    params: [
      ...[
        i64(0),
        text(comm),
        list(),
        i64(tid),
        i64(tid),
        i64(ptid),
        text("/"),
        i64(1024),
        ...u64Params(0, 0),
      ],
      ...[u32(0), u32(0), u32(0), text(comm), list(), u32(0), u32(0), u32(0), i64(tid), i64(tid), i64(0)],
    ],
  });
}

export interface Program {
  readonly tid: number;
  readonly ptid?: number;
  readonly path: string;
  readonly args?: readonly string[];
  readonly env?: readonly string[];
  readonly uid?: number;
}

export function exec({ tid, ptid = 1, path, args = [], env = [], uid = 1000 }: Program): Uint8Array {
  const comm = path.slice(path.lastIndexOf("/") + 1).slice(0, 15);
  return event({
    type: code("EXECVE_X"),
    tid,
    timeNs: 2_000_000_005n,
    params: [
      ...[
        i64(0),
        text(path),
        list(...args),
        i64(tid),
        i64(tid),
        i64(ptid),
        text("/home/u/"),
        i64(1024),
        ...u64Params(0, 0),
      ],
      ...[u32(0), u32(0), u32(0), text(comm), list(), list(...env), u32(34816), i64(tid), u32(1000), u32(0)],
      ...[...u64Params(0, 0, 0, 0, 0, 0), u32(uid), text(path), i64(tid), u32(0), text(path)],
    ],
  });
}

export const open = (tid: number, fd: number, path: string | Uint8Array) =>
  event({
    type: code("OPEN_X"),
    tid,
    timeNs: 3n,
    params: [i64(fd), text(path), u32(1), u32(0), u32(1), i64(5)],
  });

export const write = (tid: number, fd: number, data: Uint8Array) =>
  event({
    type: code("WRITE_X"),
    tid,
    timeNs: 4n,
    params: [i64(data.length), data, i64(fd), u32(data.length)],
  });

export const socket = (tid: number, fd: number, domain: number) =>
  event({ type: code("SOCKET_X"), tid, timeNs: 3n, params: [i64(fd), u32(domain), u32(1), u32(6), u32(0)] });

export function connect4(
  tid: number,
  fd: number,
  from: [number[], number],
  to: [number[], number],
): Uint8Array {
  const address = concat([u8(2), Uint8Array.from(to[0]), u16(to[1])]);
  return event({
    type: code("CONNECT_X"),
    tid,
    timeNs: 5n,
    params: [i64(0), tuple4(from[0], from[1], to[0], to[1]), i64(fd), address],
  });
}

export function connect6(
  tid: number,
  fd: number,
  from: [number[], number],
  to: [number[], number],
): Uint8Array {
  const ends = [Uint8Array.from(from[0]), u16(from[1]), Uint8Array.from(to[0]), u16(to[1])];
  const address = concat([u8(10), Uint8Array.from(to[0]), u16(to[1])]);
  return event({
    type: code("CONNECT_X"),
    tid,
    timeNs: 5n,
    params: [i64(0), concat([u8(10), ...ends]), i64(fd), address],
  });
}

export const unlink = (tid: number, path: string, result = 0) =>
  event({ type: code("UNLINK_X"), tid, timeNs: 6n, params: [i64(result), text(path)] });

/** A shell of a login that starts a program; the last event is its execve. */
export const BASE = [
  clone(50, 1, "sshd"),
  exec({ tid: 50, path: "/usr/sbin/sshd" }),
  clone(60, 50, "bash"),
  exec({ tid: 60, ptid: 50, path: "/bin/bash" }),
  clone(70, 60, "python3"),
];
export const PYTHON = exec({
  tid: 70,
  ptid: 60,
  path: "/usr/bin/python3",
  args: ["-u", "-c", "Print", "aGVsbG8="],
  env: ["HOME=/root", "EMPTY="],
});
export const ON_EXEC = [...BASE, PYTHON];
