// Lowering: what is decided by the event's type, boolean rules, the order of operands.

import assert from "node:assert/strict";
import { EVENT_CODE } from "../../schema/events.ts";
import type { CheckedExpr } from "../../rules/check/checked.ts";
import type { PredicateNode } from "../../rules/lower/ir.ts";
import { EVALUATED_EVENTS } from "../../rules/lower/events.ts";
import { lower, type Program } from "../../rules/lower/lower.ts";
import { and, check, not, number, or, rule } from "./checked_builders.ts";

const OPENAT = EVENT_CODE["OPENAT_X"]!;

function program(...conditions: CheckedExpr[]): Program {
  return lower(conditions.map((condition, i) => rule(`r${i}`, condition)), "all");
}

function codes(condition: CheckedExpr): number[] {
  return program(condition).events.map(({ event }) => event.code);
}

function residual(condition: CheckedExpr, code = OPENAT): PredicateNode | undefined {
  return program(condition).events.find(({ event }) => event.code === code)?.candidates[0]?.condition;
}

Deno.test("entry events of calls are not evaluated, tracepoints are", () => {
  const evaluated = new Set(EVALUATED_EVENTS.map((event) => event.code));
  assert.ok(evaluated.has(EVENT_CODE["PROCEXIT_E"]!));
  for (const name of ["OPEN_E", "OPENAT_E", "CONNECT_E", "CREAT_E"]) {
    assert.ok(!evaluated.has(EVENT_CODE[name]!), name);
  }
});

Deno.test("negation and disjunction of evt.type give the right set of events", () => {
  const all = EVALUATED_EVENTS.map((event) => event.code);
  assert.deepEqual(codes(not(check("evt.type", "=", ["openat"]))), all.filter((code) => code !== OPENAT));
  assert.deepEqual(
    codes(
      and(
        or(check("evt.type", "=", ["openat"]), check("evt.type", "=", ["setuid"])),
        not(check("evt.type", "in", ["setuid"])),
      ),
    ),
    [OPENAT],
  );
  assert.deepEqual(codes(or(check("proc.name", "=", ["x"]), check("evt.type", "=", ["openat"]))), all);
});

Deno.test("evt.num = 0 is never, evt.num >= 0 is always", () => {
  assert.deepEqual(codes(check("evt.num", "=", [0])), []);
  assert.deepEqual(
    residual(and(check("evt.num", ">=", [0]), check("proc.name", "=", ["x"]))),
    residual(check("proc.name", "=", ["x"])),
  );
});

Deno.test("fd fields are missing on events without an fd: the check is false, its negation true", () => {
  const setuid = EVENT_CODE["SETUID_X"]!;
  assert.ok(!codes(check("fd.name", "startswith", ["/etc"])).includes(setuid));
  assert.equal(residual(not(check("fd.name", "startswith", ["/etc"])), setuid)?.kind, "constant");
});

Deno.test("a field that the matcher cannot extract makes the check false", () => {
  assert.deepEqual(codes(check("evt.infra.docker.name", "=", ["start"])), []);
});

Deno.test("contradictions and tautologies fold", () => {
  const name = check("proc.name", "=", ["x"]);
  assert.deepEqual(codes(and(name, not(name))), []);
  assert.equal(residual(or(name, not(name)))?.kind, "constant");
});

Deno.test("cheap and decisive operands come first", () => {
  const node = residual(and(
    check("proc.aname", "=", ["x"]),
    check("proc.cmdline", "contains", ["x"]),
    check("proc.pid", "=", [1]),
  ));
  assert.ok(node?.kind === "and");
  assert.deepEqual(node.operands.map((operand) => operand.kind), ["compare", "test", "ancestors"]);
});

Deno.test("after a rule that always matches, first reaches nothing", () => {
  const rules = [
    rule("always", check("evt.type", "=", ["openat"])),
    rule("never reached", check("evt.type", "=", ["openat"])),
  ];
  const [event] = lower(rules, "first").events;
  assert.deepEqual(event?.candidates.map((candidate) => candidate.rule), [0]);
  assert.deepEqual(lower(rules, "all").events[0]?.candidates.length, 2);
});

Deno.test("evt.type.is means every event of the name", () => {
  assert.deepEqual(codes(check("evt.type.is.openat", "=", [1])), [OPENAT]);
  assert.ok(!codes(check("evt.type.is.openat", "=", [0])).includes(OPENAT));
});

Deno.test("events from outside the stream of calls are those of containers, users and groups", () => {
  const async = codes(check("evt.is_async", "=", [number(1)]));
  for (const name of ["USERADDED_E", "GROUPDELETED_E", "ASYNCEVENT_E"]) {
    assert.ok(async.includes(EVENT_CODE[name]!), name);
  }
  assert.ok(!async.includes(OPENAT));
  assert.deepEqual(codes(check("evt.asynctype", "exists")), async);
  assert.deepEqual(codes(check("evt.asynctype", "=", ["useradded"])), [EVENT_CODE["USERADDED_E"]]);
});

Deno.test("an ancestor field without a number searches the ancestors, where Falco does so", () => {
  for (const name of ["proc.aname", "proc.aexe", "proc.aexepath", "proc.acmdline", "proc.aenv"]) {
    assert.equal(residual(check(name, "contains", ["x"]))?.kind, "ancestors", name);
  }
  assert.equal(residual(check("proc.apid", "=", [1]))?.kind, "ancestors");
  assert.equal(residual(check("proc.aargs", "contains", ["x"]))?.kind, "test", "one text of all ancestors");
  assert.equal(residual(check("proc.aenv[HOME]", "=", ["x"]))?.kind, "test");
});
