// The compiled probe against the schema: what the loader writes and what the matcher reads lie where the C code has
// them, and every program that the table names is there.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { EVENTS } from "../../schema/events.ts";
import { PROBE_COUNTERS, PROBE_LIMITS, PROBE_SETTINGS, settingAt } from "../../schema/layout.ts";
import {
  interestBytes,
  PROBE_PROGRAMS,
  programTable,
  withClosesAtEntry,
} from "../../schema/probe_programs.ts";
import { syscallByName, SYSCALLS } from "../../schema/syscalls.ts";
import { readObjectFile } from "./object_file.ts";

const OBJECT = fileURLToPath(new URL("../../build/probe.bpf.o", import.meta.url));

function object() {
  return readObjectFile(Deno.readFileSync(OBJECT));
}

Deno.test("the counters of the probe lie where the schema says", () => {
  const shape = object().structs.get("probe_counters");
  assert.deepEqual(shape?.members, PROBE_COUNTERS.map((name, i) => ({ name, at: 8 * i })));
  assert.equal(shape?.bytes, 8 * PROBE_COUNTERS.length);
});

Deno.test("the settings of the probe lie where the schema says", () => {
  const shape = object().structs.get("probe_settings");
  assert.deepEqual(shape?.members, PROBE_SETTINGS.map((name) => ({ name, at: settingAt(name) })));
  assert.equal(shape?.bytes, 8 * PROBE_SETTINGS.length);
});

Deno.test("the maps that the loader writes have sections of their own, and the licence lets the kernel load it", () => {
  const { sections } = object();
  for (const name of [".rodata.settings", ".data.interest", ".maps", "license"]) {
    assert.ok(sections.has(name), `section ${name}`);
  }
});

Deno.test("no section of a program names a raw tracepoint only: kernels that preempt these need all for perf's too", () => {
  const names = [...object().sections.keys()];
  assert.deepEqual(names.filter((name) => /^(tp_btf|raw_tp|raw_tracepoint)\b/.test(name)), []);
  assert.ok(names.includes("sys_exit"));
});

Deno.test("every program of the table is in the object, and no other hooked function", () => {
  const { functions } = object();
  const programs = PROBE_PROGRAMS.map(({ program }) => program);
  assert.deepEqual(programs.filter((name) => !functions.has(name)), []);
  const hooked = [...functions].filter((name) => /^([xet]_|dispatch_|process_(exec|exit)$)/.test(name));
  assert.deepEqual(hooked.filter((name) => !programs.includes(name)), []);
});

Deno.test("a call leads to one program, and only calls without an event of their own to the generic one", () => {
  const exit = PROBE_PROGRAMS.filter(({ hook }) => hook === "exit").flatMap(({ syscalls }) => syscalls);
  assert.equal(new Set(exit).size, exit.length);
  const table = programTable("exit");
  for (const call of SYSCALLS) {
    if (call.x86_64 === null || call.x86_64 >= PROBE_LIMITS.MAX_SYSCALLS) continue;
    const program = table.get(call.x86_64);
    assert.equal(program, call.exitEvent === 1 ? "x_generic" : `x_${call.name}`, call.name);
  }
});

Deno.test("the calls that can be seen at entry are those with an event at entry, and close", () => {
  const expected = SYSCALLS.filter((call) => {
    const event = call.enterEvent === undefined ? undefined : EVENTS[call.enterEvent];
    return call.x86_64 !== null && event?.direction === "enter" && call.exitEvent !== null;
  }).map((call) => call.x86_64!).concat(syscallByName("close")!.x86_64!).sort((a, b) => a - b);
  assert.deepEqual([...programTable("enter").keys()].sort((a, b) => a - b), expected);
});

Deno.test("withClosesAtEntry() marks closes that are reported, of 64-bit and of 32-bit programs, and nothing else", () => {
  const { INTEREST_ENTER, INTEREST_IA32_ENTER } = PROBE_LIMITS;
  const plain = interestBytes(["close", "openat"], ["openat"]);
  const marked = withClosesAtEntry(plain);
  const changed = [...marked.entries()].filter(([at, bits]) => bits !== plain[at])
    .map(([at, bits]) => [at, bits ^ plain[at]!]);
  assert.deepEqual(changed, [[3, INTEREST_ENTER], [6, INTEREST_IA32_ENTER]]);
  const without = interestBytes(["openat"], ["openat"]);
  assert.deepEqual(withClosesAtEntry(without), without);
});

Deno.test("interestBytes() marks a call for 64-bit and for 32-bit programs, and socketcall for sockets", () => {
  const bytes = interestBytes(["openat", "connect", "no such call"], ["openat"]);
  const number = (name: string) => syscallByName(name)!.x86_64!;
  const { INTEREST_EXIT, INTEREST_ENTER, INTEREST_IA32_EXIT, INTEREST_IA32_ENTER } = PROBE_LIMITS;
  assert.equal(bytes[number("openat")], INTEREST_EXIT | INTEREST_ENTER);
  assert.equal(bytes[number("connect")], INTEREST_EXIT);
  assert.equal(bytes[295], INTEREST_IA32_EXIT | INTEREST_IA32_ENTER, "openat of 32-bit programs");
  assert.equal(bytes[362], INTEREST_IA32_EXIT, "connect of 32-bit programs");
  assert.equal(bytes[102], INTEREST_IA32_EXIT, "socketcall");
  assert.equal(bytes.filter((value) => value !== 0).length, 5);
  const bits = [INTEREST_EXIT, INTEREST_ENTER, INTEREST_IA32_EXIT, INTEREST_IA32_ENTER];
  assert.equal(new Set([...bits, 1 << PROBE_LIMITS.INTEREST_REALPATH_SHIFT]).size, 5, "a bit for each");
});
