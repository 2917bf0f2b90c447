// The compiled module against expectations written by hand.

import assert from "node:assert/strict";
import { compileRules } from "../../rules/compile.ts";
import { EVENT_CODE } from "../../schema/events.ts";
import { syscallByName } from "../../schema/syscalls.ts";
import type { CheckedRule } from "../../rules/check/checked.ts";
import { and, check, field, not, number, or, rule, text } from "./checked_builders.ts";
import { extractorOf, isNumeric } from "./fake_events.ts";
import { FakeMatcher } from "./fake_matcher.ts";

const OPENAT = EVENT_CODE["OPENAT_X"]!;
const EXECVE = EVENT_CODE["EXECVE_X"]!;
const CONNECT = EVENT_CODE["CONNECT_X"]!;

function evaluate(
  rules: CheckedRule[],
  code: number,
  fields: Record<string, string | bigint>,
  matching: "first" | "all" = "all",
): number[] {
  const matcher = new FakeMatcher(compileRules(rules, { matching }), isNumeric);
  const event = { code, fields: new Map(Object.entries(fields)) };
  return matcher.evaluate(code, extractorOf(event)).map((alert) => alert.rule);
}

Deno.test("a rule matches only the events that its condition names", () => {
  const compiled = compileRules([rule("r", check("evt.type", "in", ["openat", "execve"]))], {
    matching: "first",
  });
  assert.deepEqual(compiled.eventCodes, [EXECVE, OPENAT].sort((a, b) => a - b));
});

Deno.test("first stops at the first match, all reports every one in definition order", () => {
  const rules = ["a", "b", "c"].map((name, i) =>
    rule(name, and(check("evt.type", "=", ["openat"]), check("proc.name", i === 1 ? "!=" : "=", ["cat"])))
  );
  assert.deepEqual(evaluate(rules, OPENAT, { "proc.name": "cat" }, "all"), [0, 2]);
  assert.deepEqual(evaluate(rules, OPENAT, { "proc.name": "cat" }, "first"), [0]);
  assert.deepEqual(evaluate(rules, OPENAT, { "proc.name": "dog" }, "first"), [1]);
});

Deno.test("a missing value makes every check false and its negation true", () => {
  const rules = [
    rule("ne", check("proc.name", "!=", ["x"])),
    rule("eq", check("proc.name", "=", ["x"])),
    rule("not", not(check("proc.name", "=", ["x"]))),
    rule("lt", check("proc.pid", "<", [5])),
    rule("ge", check("proc.pid", ">=", [5])),
    rule("exists", check("proc.pid", "exists")),
    rule("empty", check("proc.name", "=", [""])),
    rule("prefix", check("proc.name", "startswith", [""])),
    rule("order", check("proc.name", "<", ["x"])),
  ];
  assert.deepEqual(evaluate(rules, OPENAT, {}), [2]);
  assert.deepEqual(evaluate(rules, OPENAT, { "proc.name": "", "proc.pid": 4n }), [0, 2, 3, 5, 6, 7, 8]);
});

Deno.test("outputs are rendered in order with the primitive of their type", () => {
  const outputs = [
    "evt.time",
    "proc.name",
    "proc.pid",
    "proc.tty",
    "fd.rip",
    "evt.arg.flags",
    "proc.is_exe_writable",
  ];
  const compiled = compileRules([rule("r", check("evt.type", "=", ["openat"]), outputs)], {
    matching: "first",
  });
  const matcher = new FakeMatcher(compiled, isNumeric);
  const fields = new Map<string, string | bigint>([
    ["evt.rawtime", 17n],
    ["proc.name", "cat"],
    ["proc.pid", -4n],
    ["evt.arg.flags", "O_RDONLY"],
  ]);
  const [alert] = matcher.evaluate(OPENAT, extractorOf({ code: OPENAT, fields }));
  assert.deepEqual(alert?.values, [
    { fn: "out_time", value: 17n },
    { fn: "out_text", value: "cat" },
    { fn: "out_int", value: -4n },
    { fn: "out_uint", value: undefined },
    { fn: "out_ip", value: undefined },
    { fn: "out_text", value: "O_RDONLY" },
    { fn: "out_bool", value: undefined },
  ]);
});

Deno.test("a field that many rules ask for is extracted once per event", () => {
  const rules = Array.from({ length: 20 }, (_, i) => rule(`r${i}`, check("proc.name", "=", [`name${i}`])));
  const matcher = new FakeMatcher(compileRules(rules, { matching: "all" }), isNumeric);
  const event = { code: OPENAT, fields: new Map([["proc.name", "name7"]]) };
  for (let round = 1; round <= 3; round++) {
    assert.deepEqual(matcher.evaluate(OPENAT, extractorOf(event)).map((alert) => alert.rule), [7]);
    assert.equal(matcher.calls.get("proc_name"), round);
  }
});

Deno.test("what was remembered for one event is not used for the next", () => {
  const big = Array.from({ length: 20 }, (_, i) => `name-${i}`);
  const shared = check("proc.name", "in", big);
  const rules = [
    rule("a", and(shared, check("proc.pid", "=", [1]))),
    rule("b", and(shared, check("proc.pid", "=", [2]))),
  ];
  const matcher = new FakeMatcher(compileRules(rules, { matching: "all" }), isNumeric);
  const run = (name: string, pid: bigint) =>
    matcher.evaluate(
      OPENAT,
      extractorOf({
        code: OPENAT,
        fields: new Map<string, string | bigint>([["proc.name", name], ["proc.pid", pid]]),
      }),
    ).map((alert) => alert.rule);
  assert.deepEqual(run("name-3", 1n), [0]);
  assert.deepEqual(run("other!", 1n), []);
  assert.deepEqual(run("name-4", 2n), [1]);
});

Deno.test("either end of a connection may match, != wants both to differ", () => {
  const ip = (a: number, b: number, c: number, d: number) =>
    ({ kind: "ip", bytes: Uint8Array.of(a, b, c, d) }) as const;
  const net = { kind: "net", bytes: Uint8Array.of(10, 0, 0, 0), prefixBits: 8 } as const;
  const rules = [
    rule("eq", check("fd.ip", "=", [ip(10, 0, 0, 1)])),
    rule("ne", check("fd.ip", "!=", [ip(10, 0, 0, 1)])),
    rule("net", check("fd.net", "=", [net])),
    rule("not net", check("fd.net", "!=", [net])),
    rule("port", check("fd.port", "in", [number(22), number(80), number(443)])),
    rule("port ne", check("fd.port", "!=", [number(80)])),
  ];
  const near = "\x0a\0\0\x01", far = "\x08\x08\x08\x08";
  const connection = (client: string, server: string, port: bigint) =>
    evaluate(rules, CONNECT, {
      "fd.ip.source": client,
      "fd.ip.target": server,
      "fd.port.source": 5000n,
      "fd.port.target": port,
    });
  assert.deepEqual(connection(near, far, 80n), [0, 2, 4]);
  assert.deepEqual(connection(far, far, 53n), [1, 3, 5]);
  assert.deepEqual(
    evaluate(rules, CONNECT, { "fd.ip.target": near, "fd.port.target": 53n }),
    [0, 2, 5],
    "a listening socket",
  );
  assert.deepEqual(
    evaluate(rules, CONNECT, { "fd.cip": near, "fd.sip": near, "fd.cport": 80n, "fd.sport": 80n }),
    [],
    "the ends as client and server are not asked, since they need a role",
  );
  assert.deepEqual(evaluate(rules, CONNECT, {}), []);
});

Deno.test("an ancestor field without a number searches the line of ancestors, the process itself excluded", () => {
  const rules = [
    rule("any", check("proc.aname", "in", ["sshd", "nginx"])),
    rule("second", check("proc.aname[2]", "=", ["sshd"])),
  ];
  const line = { "proc.aname[0]": "nginx", "proc.aname[1]": "bash", "proc.aname[2]": "sshd" };
  assert.deepEqual(evaluate(rules, EXECVE, line), [0, 1]);
  assert.deepEqual(evaluate(rules, EXECVE, { ...line, "proc.aname[2]": "init" }), []);
});

Deno.test("the catch-all event compares evt.type when it runs", () => {
  const rules = [
    rule("generic", check("evt.type", "=", ["getcwd"])),
    rule("madvise", check("evt.type", "in", ["madvise", "openat"])),
  ];
  const compiled = compileRules(rules, { matching: "all" });
  assert.ok(compiled.eventCodes.includes(1));
  assert.deepEqual(evaluate(rules, 1, { "evt.type": "madvise" }), [1]);
  assert.deepEqual(evaluate(rules, 1, { "evt.type": "msync" }), []);
  const madvise = syscallByName("madvise")!.sc;
  assert.deepEqual([...compiled.genericSyscalls ?? []], [madvise], "and says which calls it is about");
  assert.equal(
    compileRules([rule("any", check("proc.name", "=", ["x"]))], { matching: "all" }).genericSyscalls,
    undefined,
  );
});

Deno.test("a parameter that the event does not have makes the check false", () => {
  const rules = [
    rule("flags", check("evt.arg.flags", "contains", ["O_CREAT"])),
    rule("raw", check("evt.rawarg.dev", ">", [5])),
  ];
  assert.deepEqual(compileRules([rules[1]!], { matching: "all" }).eventCodes.includes(EXECVE), false);
  assert.deepEqual(evaluate(rules, OPENAT, { "evt.arg.flags": "O_CREAT|O_EXCL", "evt.rawarg.dev": 6n }), [
    0,
    1,
  ]);
});

Deno.test("transformers work on either side", () => {
  const lower = { kind: "transformer", name: "tolower", operands: [field("proc.name")] } as const;
  const base = { kind: "transformer", name: "basename", operands: [field("proc.exepath")] } as const;
  const length = { kind: "transformer", name: "len", operands: [field("proc.name")] } as const;
  const rules = [
    rule("lower", check(lower, "=", ["cat"])),
    rule("base", check("proc.name", "=", [base])),
    rule("len", check(length, ">", [3])),
    rule("or", or(check(lower, "=", [text("dog")]), check(lower, "=", ["cat"]))),
  ];
  assert.deepEqual(evaluate(rules, OPENAT, { "proc.name": "CAT", "proc.exepath": "/bin/CAT" }), [0, 1, 3]);
  assert.deepEqual(evaluate(rules, OPENAT, { "proc.name": "horse" }), [2]);
});
