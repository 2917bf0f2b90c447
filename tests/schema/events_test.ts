import assert from "node:assert/strict";
import {
  CURRENT_EVENTS,
  EVENT_CODE,
  EVENT_FLAGS,
  eventCode,
  eventConstant,
  EVENTS,
  eventsNamed,
  paramIndex,
} from "../../schema/events.ts";
import { flagTable } from "../../schema/flags.ts";
import { rawArgType } from "../../schema/raw_arg.ts";
import { readReference } from "./reference.ts";

Deno.test("events are indexed by their code", () => {
  assert.equal(EVENTS.length, 454);
  assert.equal(CURRENT_EVENTS.length, 196);
  assert.ok(EVENTS.every((event, i) => event.code === i));
  assert.equal(EVENTS[307]!.name, "openat");
});

Deno.test("enter events are even, exit events odd", () => {
  for (const event of EVENTS) assert.equal(event.direction, event.code % 2 === 0 ? "enter" : "exit");
});

Deno.test("eventCode finds the current version, eventsNamed all of them", () => {
  assert.equal(eventCode("openat", "exit"), 307);
  assert.equal(eventCode("execve", "exit"), 293);
  assert.equal(eventCode("execve", "enter"), undefined);
  assert.equal(eventCode("NA", "enter"), undefined);
  assert.deepEqual(eventsNamed("openat").map((event) => event.code), [102, 103, 306, 307]);
});

Deno.test("constants of current events are unique", () => {
  assert.equal(Object.keys(EVENT_CODE).length, CURRENT_EVENTS.length);
  assert.equal(EVENT_CODE["OPENAT_X"], 307);
  assert.equal(EVENT_CODE["GENERIC_X"], 1);
  for (const event of CURRENT_EVENTS) assert.match(eventConstant(event), /^[A-Z0-9_]+_[EX]$/);
});

Deno.test("flag parameters name a table that exists, and only they do", () => {
  for (const event of EVENTS) {
    for (const param of event.params) {
      const wantsTable = /^(enum)?flags|^mode$/.test(param.type);
      assert.equal(param.flagTable !== undefined, wantsTable, `${event.name} ${param.name}`);
      if (param.flagTable !== undefined) assert.ok(flagTable(param.flagTable), param.flagTable);
      assert.equal(param.variants !== undefined, param.type === "dyn", `${event.name} ${param.name}`);
    }
  }
});

Deno.test("relative paths point at a directory fd", () => {
  for (const event of CURRENT_EVENTS) {
    for (const param of event.params) {
      assert.equal(param.dirfdParam !== undefined, param.type === "fsrelpath", `${event.name} ${param.name}`);
      if (param.dirfdParam !== undefined) {
        assert.equal(event.params[param.dirfdParam]!.type, "fd", event.name);
      }
    }
  }
});

Deno.test("an event that uses an fd has an fd parameter", () => {
  for (const event of CURRENT_EVENTS) {
    if ((event.flags & EVENT_FLAGS.USES_FD) === 0) continue;
    assert.ok(event.params.some((param) => param.type === "fd"), event.name);
  }
});

Deno.test("paramIndex gives the position of a parameter", () => {
  assert.equal(paramIndex(307, "flags"), 3);
  assert.equal(paramIndex(307, "nothing"), undefined);
});

Deno.test("rawArgType takes the type of the parameter", () => {
  assert.equal(rawArgType("fd"), "int");
  assert.equal(rawArgType("flags"), "uint");
  assert.equal(rawArgType("name"), "string");
  assert.equal(rawArgType("addr"), "bytes");
  assert.equal(rawArgType("nothing"), undefined);
});

const reference = readReference("events.tsv");
Deno.test({
  name: "events agree with Falco's table",
  fn() {
    assert.equal(reference.length, EVENTS.length);
    for (const row of reference) {
      const event = EVENTS[Number(row["id"])]!;
      assert.deepEqual({
        name: event.name,
        direction: event.direction,
        category: String(event.categoryBits),
        flags: String(event.flags),
        params: event.params.map((param) => `${param.name}:${param.type}`).join(","),
      }, {
        name: row["name"],
        direction: row["direction"],
        category: row["category"],
        flags: row["flags"],
        params: row["params"],
      });
    }
  },
});
