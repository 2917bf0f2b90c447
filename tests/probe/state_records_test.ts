// What the probe reports for the state alone: forks as they happen, fds that came with a message, what a copied fd refers
// to, whether the number of a close is in use; and paths that are longer than any buffer.

import assert from "node:assert/strict";
import { PROBE_LIMITS } from "../../schema/layout.ts";
import { valueOf } from "./event_values.ts";
import type { ProbeHooks } from "../../sources/live/preemption.ts";
import { liveSkipReason, record, type Recording } from "./recording.ts";

const skip = liveSkipReason();
const suffix = skip ? ` (skipped: ${skip})` : "";

function live(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: name + suffix, ignore: skip !== undefined, fn });
}

async function python(script: string, ...args: string[]): Promise<number> {
  const child = new Deno.Command("python3", { args: ["-c", script, ...args], stdin: "null", stdout: "null" })
    .spawn();
  assert.equal((await child.status).code, 0);
  return child.pid;
}

/** Records what a script does; `pid` is its process. */
async function recordScript(exitCalls: readonly string[], script: string, ...args: string[]) {
  return await recordHooked({ byPerf: false, entriesByCall: true }, exitCalls, script, ...args);
}

async function recordHooked(
  hooks: ProbeHooks,
  exitCalls: readonly string[],
  script: string,
  ...args: string[]
) {
  let pid = 0;
  const seen: Recording = await record({ exitCalls, enterCalls: [], hooks }, async () => {
    pid = await python(script, ...args);
  });
  return { ...seen, pid };
}

const int = (bytes: Uint8Array) => Number(new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(0, true));
const word = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes).replace(/\0$/, "");

const FORK_TEST =
  "each fork is told before the child runs, with the numbers of the host and of the child's namespace";
for (const byPerf of [false, true]) {
  live(
    `${FORK_TEST}, on ${byPerf ? "perf's" : "raw"} tracepoints`,
    async () => {
      const { records, events, pid } = await recordHooked(
        { byPerf, entriesByCall: true },
        ["clone", "clone3", "fork", "vfork"],
        `
import ctypes, os, threading
t = threading.Thread(target=lambda: None); t.start(); t.join()
ctypes.CDLL(None).unshare(0x20000000)
if os.fork() == 0: os._exit(0)
os.wait()
`,
      );
      // python3 may be a script that starts it
      const forks = records.filter(({ code, pid: by }) => code === PROBE_LIMITS.FORK_CODE && by === pid)
        .slice(
          -2,
        );
      assert.equal(forks.length, 2);
      const [thread, child] = forks.map(({ params }) => ({
        numbers: params.slice(0, 5).map(int),
        flags: word(params[5]!),
      }));
      assert.deepEqual([thread!.numbers[1], thread!.flags & 0x2001], [pid, 0x2001]);
      assert.deepEqual(child!.numbers.slice(1), [child!.numbers[0], pid, 1, 1]);
      assert.equal(child!.flags & 0x2001, 0);
      assert.ok(
        events.some(({ tid, def }) => tid === BigInt(child!.numbers[0]!) && def.direction === "exit"),
      );
    },
  );
}

live(
  "fds that come with a message are reported, all 253 of them, and a copy says what it refers to",
  async () => {
    const { records, events, pid } = await recordScript(
      ["recvmsg", "dup2", "dup3", "fcntl", "close"],
      `
import os, socket, sys
a, b = socket.socketpair()
l = socket.create_server(("127.0.0.1", 0)); c = socket.create_connection(l.getsockname())
f = os.open("/etc/hostname", os.O_RDONLY)
socket.send_fds(a, [b"x"], [f] * 252 + [c.fileno()])
_, fds, _, _ = socket.recv_fds(b, 1, 253)
os.dup2(fds[-1], 0); os.dup2(f, 1); os.dup2(f, 700); os.close(f)
`,
    );
    const passed = records.filter(({ code, pid: by }) => code === PROBE_LIMITS.FD_CODE && by === pid);
    assert.equal(passed.length, 253);
    assert.equal(passed.filter(({ params }) => text(params[7]) === "/etc/hostname").length, 252);
    const socket = passed.at(-1)!.params;
    assert.deepEqual([word(socket[1]!) & 0o170000, socket[6]![0]], [0o140000, 2]);
    const mine = events.filter(({ tid, def }) => tid === BigInt(pid) && def.direction === "exit");
    const copied = mine.filter(({ def }) => def.name === "dup2").slice(-3);
    assert.deepEqual(copied.slice(0, 2).map(({ own }) => word(own!) & 0o170000), [0o140000, 0o100000]);
    assert.equal(copied[2]!.own, undefined, "only what becomes standard input, output or error");
    assert.ok(mine.filter(({ def }) => def.name === "close").some(({ own }) => own?.[0] === 0));
  },
);

live(
  "a path that is too long keeps its beginning and its end; nothing in it looks like another one",
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "falco_deep_" });
    const script = `
import os, shutil, sys
os.chdir(sys.argv[1])
name = sys.argv[2]
for i in range(int(sys.argv[3])):
    os.mkdir(name); os.chdir(name)
    if i % 7 == 0:
        os.mkdir("usr"); os.chdir("usr"); os.mkdir("bin"); os.chdir("bin")
shutil.copy("/bin/true", "deep_true")
if os.fork() == 0: os.execv("./deep_true", ["deep_true"])
sys.exit(os.wait()[1])
`;
    try {
      for (const [name, depth] of [["e".repeat(100), 60], ["f".repeat(250), 40], ["g", 1500]] as const) {
        const base = `${folder}/${name[0]}`;
        await Deno.mkdir(base);
        const { events } = await recordScript(["execve"], script, base, name, `${depth}`);
        const paths = events.filter(({ def }) => def.name === "execve")
          .map((event) => valueOf(event, "trusted_exepath"))
          .filter((path): path is string => typeof path === "string" && path.endsWith("/deep_true"));
        assert.equal(paths.length, 1);
        assert.ok(paths[0]!.startsWith(`${base}/${name}/`), paths[0]!.slice(0, 80));
        assert.ok(paths[0]!.length < 4096);
        assert.equal(paths[0]!.split("/.../").length, name === "g" && depth * 2 < 2000 ? 1 : 2);
      }
    } finally {
      await new Deno.Command("rm", { args: ["-rf", folder] }).output();
    }
  },
);
