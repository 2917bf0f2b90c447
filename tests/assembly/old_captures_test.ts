// What only captures of old versions hold: periodic reports of what threads used, and process lists with odd arguments.
// Conversion of old events is tested in convert_test.ts.

import assert from "node:assert/strict";
import { EVENT_CODE } from "../../schema/events.ts";
import { block, concat, event, i64, list, StateMatcher, text, u32 } from "./event_stream.ts";

const PROCESS_LIST_V1 = 0x202;

/** An entry of the first version of the list. */
function listed(tid: number, comm: string, args: Uint8Array): Uint8Array {
  const sized = (bytes: Uint8Array) =>
    concat([new Uint8Array(new Uint16Array([bytes.length]).buffer), bytes]);
  const name = new TextEncoder().encode(comm);
  return concat([
    ...[
      i64(tid),
      i64(tid),
      i64(1),
      sized(name),
      sized(name),
      sized(args),
      sized(new TextEncoder().encode("/")),
    ],
    ...[i64(1024), u32(0), u32(0), u32(0)],
  ]);
}

const report = (tid: number, user: number, system: number) =>
  event({ type: EVENT_CODE["PROCINFO_E"]!, tid, params: [i64(user), i64(system)] });

function double(owner: StateMatcher, extractor: string): number | undefined {
  const bits = (owner.matcher.exports[extractor] as () => bigint)();
  return bits === -(1n << 63n) ? undefined : new Float64Array(new BigInt64Array([bits]).buffer)[0];
}

function seeded(args: Uint8Array): StateMatcher {
  const owner = new StateMatcher();
  assert.ok(owner.ingest(block(PROCESS_LIST_V1, listed(10, "sshd", args))) > 0);
  return owner;
}

Deno.test("a periodic report is of a thread, and none is made up for it", () => {
  const owner = seeded(text("-D"));
  const names: (string | undefined)[] = [];
  owner.onEvent = () => names.push(owner.text("proc_cmdline"));
  owner.feed([report(10, 1, 0)], () => names.push(owner.text("proc_cmdline")));
  owner.feed([report(11, 1, 0)], () => names.push(owner.text("proc_cmdline")));
  assert.deepEqual(names, ["sshd -D", undefined]);
  assert.equal(owner.counter("THREADS"), 1);
});

Deno.test("thread.cpu is what a report adds to the one before, 100 at most; other events have none", () => {
  const owner = seeded(text("-D"));
  const seen: (number | undefined)[] = [];
  const look = () => seen.push(double(owner, "thread_cpu"));
  for (const [user, system] of [[4, 2], [5, 3], [5, 3], [900, 3], [1, 0]] as const) {
    owner.feed([report(10, user, system)], look);
  }
  owner.feed([event({ type: EVENT_CODE["GETUID_X"]!, tid: 10, params: [u32(0)] })], look);
  assert.deepEqual(seen, [0, 2, 0, 100, 100, undefined]);
});

Deno.test("arguments without text at the end of a list count", () => {
  const rows: [Uint8Array, string, number][] = [
    [new Uint8Array(0), "sshd", 0],
    [new Uint8Array(1), "sshd", 0],
    [new Uint8Array(2), "sshd  ", 2],
    [list("-D", ""), "sshd -D ", 2],
    [list("", "-D"), "sshd  -D", 2],
  ];
  for (const [args, cmdline, count] of rows) {
    const owner = seeded(args);
    owner.feed([report(10, 0, 0)], () => {
      assert.equal(owner.text("proc_cmdline"), cmdline);
      assert.equal(owner.number("proc_cmdnargs"), count);
    });
  }
});
