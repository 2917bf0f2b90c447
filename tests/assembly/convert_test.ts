// Events of older captures are current ones when rules see them: parameters from enter events, added ones, other types.

import assert from "node:assert/strict";
import fc from "fast-check";
import { CONVERSIONS } from "../../schema/conversions.ts";
import { EVENT_CODE, EVENT_FLAGS, EVENTS, isCurrentEvent } from "../../schema/events.ts";
import {
  block,
  concat,
  event,
  i64,
  list,
  NONE,
  StateMatcher,
  text,
  u16,
  u32,
  u64Params,
} from "./event_stream.ts";

interface Seen {
  readonly type: string | undefined;
  readonly args: string | undefined;
  readonly number: number | undefined;
}

interface OldEvent {
  readonly type: number;
  readonly tid?: number;
  readonly params: readonly Uint8Array[];
}

const isLarge = (type: number) => ((EVENTS[type]?.flags ?? 0) & EVENT_FLAGS.LARGE_PAYLOAD) !== 0;

/** What rules see of some events. */
function evaluated(events: readonly OldEvent[], owner = new StateMatcher()): Seen[] {
  const seen: Seen[] = [];
  owner.onEvent = () =>
    seen.push({
      type: owner.text("evt_type"),
      args: owner.text("evt_args"),
      number: owner.number("evt_num"),
    });
  for (const { type, tid = 7, params } of events) {
    const bytes = event({ type, tid, params, large: isLarge(type) });
    const consumed = owner.ingest(block(isLarge(type) ? 0x221 : 0x216, concat([u16(0), bytes])));
    assert.ok(consumed > 0, `event ${type} is damaged`);
  }
  return seen;
}

Deno.test("what an enter event held is a parameter of the exit event, and the enter event is not counted", () => {
  const read = [
    { type: 6, params: [i64(5), u32(100)] },
    { type: 7, params: [i64(2), text("hi")] },
  ];
  assert.deepEqual(evaluated(read), [{ type: "read", args: "res=2 data=hi. fd=5 size=100", number: 1 }]);
});

Deno.test("without its enter event, or after another one, an exit event has defaults", () => {
  const close = { type: 5, params: [i64(0)] };
  assert.equal(evaluated([close])[0]?.args, "res=0 fd=0");
  assert.equal(evaluated([{ type: 6, params: [i64(5), u32(100)] }, close])[0]?.args, "res=0 fd=0");
  assert.equal(
    evaluated([{ type: 4, tid: 8, params: [i64(3)] }, close])[0]?.args,
    "res=0 fd=0",
    "of another thread",
  );
  assert.equal(evaluated([{ type: 4, params: [i64(3)] }, close])[0]?.args, "res=0 fd=3");
  assert.equal(
    evaluated([{ type: 4, params: [i64(3)] }, close, close])[1]?.args,
    "res=0 fd=0",
    "it is used once",
  );
});

Deno.test("an old type becomes the current type", () => {
  const unlink = [{ type: 100, params: [text("/etc/x")] }, { type: 101, params: [i64(0)] }];
  const [seen] = evaluated(unlink);
  assert.equal(seen?.type, EVENTS[279]!.name);
  assert.match(seen?.args ?? "", /path=\/etc\/x/);
});

Deno.test("a process of 2016 gets its name in as many steps as it takes", () => {
  const owner = new StateMatcher();
  const exec = [i64(0), text("/bin/sh"), list("-c", "x"), i64(7), i64(7), i64(1), text("/"), i64(1024)];
  const names: (string | undefined)[] = [];
  owner.onEvent = () => names.push(owner.text("proc_name"), owner.text("proc_args_all"));
  for (
    const params of [
      [...exec, ...u64Params(0, 0), u32(1), u32(2), u32(3), text("sh")],
      [...exec, ...u64Params(0, 0), u32(1), u32(2), u32(3), text("sh"), list("A=1")],
    ]
  ) {
    const type = params.length === 14 ? 173 : 215;
    owner.ingest(block(0x216, concat([u16(0), event({ type, tid: 7, params })])));
  }
  // the oldest ones do not carry the name
  assert.deepEqual(names, ["/bin/sh", "-c x", "sh", "-c x"]);
});

Deno.test("every line of the table leads to a current event with all its parameters", () => {
  for (const { code, params, action } of CONVERSIONS) {
    const owner = new StateMatcher();
    const old = { type: code, params: Array.from({ length: params }, () => NONE) };
    const seen = evaluated([old], owner);
    if (action === "store") {
      assert.deepEqual(seen, [], `${code} is kept`);
      continue;
    }
    assert.equal(
      owner.counter("EVENTS_DAMAGED") + owner.counter("EVENTS_UNKNOWN"),
      0,
      `${code} with ${params}`,
    );
    assert.ok(owner.counter("EVENTS") <= 1);
  }
});

Deno.test("the table knows every event that is no longer made and still read", () => {
  const known = new Set(CONVERSIONS.map(({ code }) => code));
  const lost = EVENTS.filter((one) =>
    !isCurrentEvent(one) && one.direction === "exit" && (one.flags & EVENT_FLAGS.UNUSED) === 0 &&
    !known.has(one.code)
  ).map(({ code, name }) => `${code} ${name}`);
  assert.deepEqual(lost, []);
  for (const { newCode, code } of CONVERSIONS) {
    assert.equal(newCode % 2, code % 2, `${code} stays an enter or an exit event`);
  }
});

Deno.test("current events are left as they are", () => {
  const params = [i64(3), text("/x"), u32(1), u32(0), u32(0), i64(0)];
  assert.equal(evaluated([{ type: EVENT_CODE["OPEN_X"]!, params }])[0]?.number, 1);
});

Deno.test("old events of any content do no harm", () => {
  const owner = new StateMatcher();
  const old = fc.constantFrom(...CONVERSIONS).chain(({ code, params }) =>
    fc.record({
      type: fc.constant(code),
      tid: fc.constantFrom(1, 2, 3),
      params: fc.array(fc.uint8Array({ maxLength: 3000 }), { minLength: params, maxLength: params }),
    })
  );
  fc.assert(fc.property(fc.array(old, { maxLength: 6 }), (events) => void evaluated(events, owner)), {
    numRuns: 300,
  });
  // lengths that lie
  fc.assert(
    fc.property(old, fc.nat(200), fc.nat(255), (one, at, value) => {
      const bytes = event(one);
      bytes[26 + at % Math.max(bytes.length - 26, 1)] = value;
      owner.ingest(block(0x216, concat([u16(0), bytes])));
    }),
    { numRuns: 300 },
  );
});
