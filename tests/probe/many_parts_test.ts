// What the probe follows in steps, a few of which its verifier sees at a time: chunks of data, arguments, ancestors. Each has
// more parts here than one such group holds. Paths and fds of a message: state_records_test.ts; texts of the filter: filter_test.ts.

import assert from "node:assert/strict";
import { liveSkipReason, record, type SeenEvent } from "./recording.ts";

const skip = liveSkipReason();
const suffix = skip ? ` (skipped: ${skip})` : "";

function live(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: name + suffix, ignore: skip !== undefined, fn });
}

/** Events of what a script does. */
async function eventsOf(exitCalls: readonly string[], script: string): Promise<readonly SeenEvent[]> {
  const { events } = await record({ exitCalls, enterCalls: [] }, async () => {
    const { code } = await new Deno.Command("python3", { args: ["-c", script], stdout: "null" }).output();
    assert.equal(code, 0);
  });
  return events.filter(({ def }) => def.direction === "exit" || def.name === "procexit");
}

function bytes({ def, params }: SeenEvent, name: string): Uint8Array {
  return params[def.params.findIndex((param) => param.name === name)]!;
}

const text = (event: SeenEvent, name: string) => new TextDecoder().decode(bytes(event, name));
const number = (event: SeenEvent, name: string) => {
  const value = bytes(event, name);
  return Number(new DataView(value.buffer, value.byteOffset).getBigInt64(0, true));
};
const pairs = (count: number) => Array.from({ length: count }, (_, i) => `${i}`.padStart(2, "0")).join("");

live("data in many chunks is joined in their order, the first 32 of them", async () => {
  const events = await eventsOf(
    ["writev"],
    `
import os
r, w = os.pipe()
os.writev(w, [b"%02d" % i for i in range(20)])
os.writev(w, [b"%02d" % i for i in range(40)])
`,
  );
  const written = events.filter(({ def }) => def.name === "writev").map((event) => text(event, "data"));
  assert.ok(written.includes(pairs(20)));
  assert.ok(written.includes(pairs(32)), written.join("\n"));
});

live("of an execve that fails all arguments are told, up to 65 of them", async () => {
  const events = await eventsOf(
    ["execve"],
    `
import os
for count in (20, 90):
    try: os.execv("/nowhere/falco_parts", ["%d parts" % count] + ["%02d" % i for i in range(count)])
    except OSError: pass
`,
  );
  const args = new Map(
    events.filter(({ def, params }) => def.name === "execve" && params.length > 2)
      .map((event) => [text(event, "exe").replace("\0", ""), text(event, "args").replaceAll("\0", "")]),
  );
  assert.equal(args.get("20 parts"), pairs(20));
  assert.equal(args.get("90 parts"), pairs(64));
});

live("who inherits a process's children is found, many ancestors above", async () => {
  const events = await eventsOf(
    [],
    `
import ctypes, os, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) # PR_SET_CHILD_SUBREAPER
above, pid = os.getpid(), 0
for depth in range(20):
    pid = os.fork()
    if pid: break
if pid and os.getpid() != above:
    if depth == 19: os._exit(7) # before its child
    os.waitpid(pid, 0)
    os._exit(0)
if not pid:
    while os.getppid() != above: time.sleep(0.01)
    os._exit(0)
while True:
    try: os.wait()
    except ChildProcessError: break
`,
  );
  const heirs = events.filter((event) => event.def.name === "procexit" && number(event, "status") === 7 << 8)
    .map((event) => number(event, "reaper_tid"));
  assert.equal(heirs.length, 1);
  const process = events.filter(({ def, tid }) => def.name === "procexit" && tid === BigInt(heirs[0]!));
  assert.equal(process.length, 1, "it is the one that has declared itself");
});
