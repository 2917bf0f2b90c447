// What was never set, and what only some captures say: empty texts, empty parameters, numbers that are no host's, the name of the
// host. Falco's values. End to end: captures of these events, replayed as a user does.

import assert from "node:assert/strict";
import { EVENT_CODE } from "../../schema/events.ts";
import { BlockWriter } from "../../scap/block_writer.ts";
import { writeMachineInfo, writeSectionHeader } from "../../scap/section.ts";
import { falco } from "../cli/falco_command.ts";
import { concat, event, eventBlock, i64, NONE, StateMatcher, text, u32 } from "./event_stream.ts";
import { clone, exec } from "./process_events.ts";

const code = (name: string) => EVENT_CODE[name]!;
const SECOND = 1_000_000_000n;
const T0 = 1_700_000_000n * SECOND;

const open = (tid: number, ...more: Uint8Array[]) =>
  event({
    type: code("OPEN_X"),
    tid,
    timeNs: T0,
    params: [i64(3), text("/etc/hostname"), u32(1), u32(0), ...more],
  });
const chdir = (path: string) =>
  event({ type: code("CHDIR_X"), tid: 1, timeNs: T0, params: [i64(0), text(path)] });

/** Lines that `falco events` prints for a capture of these events. */
async function printed(format: string, events: readonly Uint8Array[], filter = ""): Promise<string[]> {
  const writer = new BlockWriter();
  writeSectionHeader(writer);
  writeMachineInfo(writer, { cpus: 1, memoryBytes: 1n, maxPid: 1, hostname: "node7", bootEpochNs: 0n });
  const path = await Deno.makeTempFile({ suffix: ".scap" });
  try {
    await Deno.writeFile(path, concat([writer.take(), ...events.map((bytes) => eventBlock(bytes))]));
    const { code, stdout, stderr } = await falco(
      "events",
      "--trace",
      path,
      "-p",
      format,
      ...(filter ? [filter] : []),
    );
    assert.equal(code, 0, stderr);
    return stdout.trimEnd().split("\n");
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("a working directory that was never told is the empty text; so is the environment of who is not known", () => {
  const owner = new StateMatcher();
  owner.feed([exec(500, "/bin/worker")], () => assert.equal(owner.text("proc_cwd"), ""));
  owner.feed([open(600)], () => {
    assert.equal(owner.text("proc_cwd"), "./");
    const aenv = owner.matcher.exports["proc_aenv"] as (depth: number) => bigint;
    for (const depth of [0, 1, 2, 9]) assert.notEqual(aenv(depth), 0n, `proc.aenv[${depth}]`);
  });
});

Deno.test("(NULL), which old drivers wrote, is no value", async () => {
  assert.deepEqual(await printed("[%evt.arg.path]", [chdir("(NULL)"), chdir("/tmp"), chdir("(NULL")]), [
    "[<NA>]",
    "[/tmp]",
    "[(NULL]",
  ]);
});

Deno.test("an empty raw number prints 0, one that the event does not have <NA>; no condition holds for it", async () => {
  const events = [open(1, NONE, NONE), open(1, u32(7), i64(9))];
  const format = "%evt.rawarg.dev %evt.rawarg.ino %evt.rawarg.res";
  assert.deepEqual(await printed(format, events), ["0 0 <NA>", "7 9 <NA>"]);
  assert.deepEqual(await printed(format, events, "evt.rawarg.ino >= 0"), ["7 9 <NA>"]);
});

Deno.test("a number of a process beyond 32 bits is no pid", () => {
  const owner = new StateMatcher();
  const made = 4294967312;
  owner.feed([clone({ tid: made, result: 0, pid: made, ptid: 1, comm: "bash" })], () => {
    const apid = owner.matcher.exports["proc_apid"] as (depth: number) => bigint;
    assert.deepEqual([owner.number("proc_pid"), owner.number("thread_tid")], [undefined, undefined]);
    assert.equal(apid(0), -(1n << 63n));
    assert.equal(owner.text("proc_name"), "bash");
  });
});

Deno.test("a user whom no list has: root has its name and home, nobody has a shell", async () => {
  const [line] = await printed("%user.uid %user.name %user.homedir %user.shell", [
    clone({ tid: 1, result: 0, pid: 1 }),
  ]);
  assert.equal(line, "0 root /root <NA>");
});

Deno.test("evt.hostname is the host of the capture; evt.around the time around a time", async () => {
  const at = (seconds: bigint) =>
    event({ type: code("GETUID_X"), tid: 1, timeNs: T0 + seconds * SECOND, params: [u32(0)] });
  const events = [at(0n), at(1n), at(2n), at(3n)];
  const filter = `evt.around[${T0 + 1_500_000_000n}] = 500`;
  assert.deepEqual(await printed("%evt.num %evt.hostname", events, filter), ["2 node7", "3 node7"]);
  assert.deepEqual(await printed("%evt.num", events, 'evt.hostname != "node7"'), [""]);
});

Deno.test("periodic reports: thread.cpu and its parts are apart, however often they are asked", async () => {
  const report = (user: number, system: number) =>
    event({ type: code("PROCINFO_E"), tid: 1, timeNs: T0, params: [i64(user), i64(system)] });
  const events = [clone({ tid: 1, result: 0, pid: 1 }), report(4, 2), report(5, 3), report(9, 3)];
  const format = "%thread.cpu %thread.cpu.user %thread.cpu.system %evt.count.procinfo %evt.count.threadinfo";
  const filter = "thread.cpu >= 0 and thread.cpu.user >= 0";
  assert.deepEqual(await printed(format, events, filter), [
    "0.0 0.0 0.0 1 1",
    "2.0 1.0 1.0 1 1",
    "4.0 4.0 0.0 1 1",
  ]);
  assert.deepEqual((await printed("%evt.type %evt.count.procinfo", events))[0], "clone 0");
});
