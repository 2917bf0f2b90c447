// What the probe drops first when nobody empties its rings: files, then sockets, and what processes do last of all.
// Alone: other work fills the ring too.

import { deepEqual, equal, ok } from "node:assert/strict";
import { liveSkipReason, record } from "./recording.ts";

const skip = liveSkipReason();

const RING_BYTES = 1 << 20;
/**
 * Opens until a ring has had more than enough, connects a few times and then until it has had enough of that. What stands for
 * processes is a call that nobody else makes meanwhile. One of those comes first: what python does before that, such as asking for
 * a name service where no HOME is set, does not count.
 */
const SCRIPT = `
import os, socket
def connect():
    s = socket.socket(socket.AF_UNIX); s.connect_ex("\\0nobody-is-there"); s.close()
def enter():
    try: os.chroot("/nowhere")
    except OSError: pass
os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
enter()
for _ in range(20000): os.close(os.open("/dev/null", os.O_RDONLY))
for _ in range(10000): connect()
for _ in range(20): enter()
`;

Deno.test({
  name: `in a ring that runs full files make room for sockets, and both for processes${
    skip ? ` (skipped: ${skip})` : ""
  }`,
  ignore: skip !== undefined,
  async fn() {
    let pid = 0;
    const { events, counters } = await record({
      exitCalls: ["openat", "close", "connect", "chroot"],
      enterCalls: [],
      ringBytes: RING_BYTES,
    }, async () => {
      const child = new Deno.Command("python3", { args: ["-c", SCRIPT], stdin: "null" }).spawn();
      pid = child.pid;
      ok((await child.status).success);
    });
    const dropped = ["open", "close", "connect"].filter((kind) => counters[`drops_buffer_${kind}`]! > 0n);
    deepEqual(dropped, ["open", "close", "connect"]);
    const all = events.filter(({ tid }) => tid === BigInt(pid)).map(({ def }) => def.name);
    const own = all.slice(all.indexOf("chroot") + 1);
    ok(
      own.filter((name) => name === "connect").length >= 20,
      "connects found room where opens no longer did",
    );
    ok(own.indexOf("connect") > own.lastIndexOf("openat"), "opens were dropped before connects");
    equal(own.filter((name) => name === "chroot").length, 20);
    ok(own.indexOf("chroot") > own.lastIndexOf("connect"), "connects were dropped before that");
  },
});
