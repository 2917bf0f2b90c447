// The probe in the kernel, watching a program that makes the calls: each event has the form that the schema says, and
// the values that the program gave. One recording serves all steps.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { EVENT_CODE } from "../../schema/events.ts";
import { PROBE_PROGRAMS } from "../../schema/probe_programs.ts";
import { syscallByName } from "../../schema/syscalls.ts";
import { formFaults, valueOf, valuesOf } from "./event_values.ts";
import { liveSkipReason, record, type Recording, type SeenEvent } from "./recording.ts";

const SOURCE = fileURLToPath(new URL("calls.c", import.meta.url));
const skip = liveSkipReason();

const ALL_EXIT_CALLS = PROBE_PROGRAMS.filter(({ hook }) => hook === "exit").flatMap(({ syscalls }) =>
  syscalls
);
const ENTER_CALLS = PROBE_PROGRAMS.filter(({ hook }) => hook === "enter").flatMap(({ syscalls }) => syscalls);

interface Lab {
  readonly folder: string;
  readonly program: string;
}

async function withLab(use: (lab: Lab) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "falco_probe_" });
  try {
    const program = `${folder}/calls`;
    const args = ["-O1", "-static", "-o", program, SOURCE];
    const built = await new Deno.Command("cc", { args, stderr: "piped" }).output();
    assert.ok(built.success, new TextDecoder().decode(built.stderr));
    await use({ folder, program });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs the program in a new folder; returns its process number. */
async function runCalls(lab: Lab): Promise<number> {
  const folder = await Deno.makeTempDir({ dir: lab.folder });
  const child = new Deno.Command(lab.program, { args: [folder], stdin: "null", env: { PROBE: "seen" } })
    .spawn();
  assert.equal((await child.status).code, 0);
  return child.pid;
}

function named(
  events: readonly SeenEvent[],
  name: string,
  direction: "enter" | "exit" = "exit",
): SeenEvent[] {
  return events.filter(({ def }) => def.name === name && def.direction === direction);
}

/** What a process did after it became the program: before, it is a copy of this process that makes itself ready. */
function sinceExec(events: readonly SeenEvent[], pid: number): SeenEvent[] {
  const own = events.filter(({ tid }) => tid === BigInt(pid));
  const start = own.findIndex(({ def }, i) => def.name === "execve" && valueOf(own[i]!, "res") === 0n);
  return own.slice(Math.max(start, 0));
}

/** The first event of a name with a value in one parameter. */
function find(events: readonly SeenEvent[], name: string, param: string, value: string | bigint): SeenEvent {
  const found = named(events, name).filter((event) => valueOf(event, param) === value);
  assert.ok(found.length > 0, `an event ${name} with ${param}=${value}`);
  return found[0]!;
}

type Step = (t: Deno.TestContext, name: string, check: () => void) => Promise<boolean>;
const step: Step = (t, name, check) => t.step(name, check);

async function checkForms(t: Deno.TestContext, seen: Recording, mine: readonly SeenEvent[]): Promise<void> {
  await step(t, "every event of the machine has the parameters of its type, in their forms", () => {
    const faults = new Set(seen.events.flatMap(formFaults));
    assert.deepEqual([...faults], []);
  });
  await step(t, "every call that has a program is reported", () => {
    const codes = new Set(mine.map(({ def }) => def.code));
    const missing = ALL_EXIT_CALLS.filter((name) => {
      const code = syscallByName(name)!.exitEvent!;
      return code !== EVENT_CODE.GENERIC_X && !codes.has(code);
    });
    assert.deepEqual(missing, []);
  });
  await step(t, "nothing was dropped, and every tail call found its program", () => {
    const { reported, page_faults: _, ...others } = seen.counters;
    assert.equal(Number(reported), seen.events.length);
    assert.deepEqual(Object.entries(others).filter(([, count]) => count !== 0n), []);
  });
  await step(t, "nothing of the own process is reported", () => {
    const own = new Set([...Deno.readDirSync("/proc/self/task")].map(({ name }) => BigInt(name)));
    assert.deepEqual(seen.events.filter(({ tid }) => own.has(tid)), []);
  });
}

async function checkFiles(t: Deno.TestContext, mine: readonly SeenEvent[], folder: RegExp): Promise<void> {
  await step(t, "open: name, flags in Falco's numbers, mode, device and inode of the new file", () => {
    const event = find(mine, "open", "name", "first");
    assert.deepEqual(valuesOf(event, "flags", "mode"), [0x1000n | 0x4000n | 0x100n | 4n | 3n, 0o640n]);
    assert.ok((valueOf(event, "ino") as bigint) > 0n && (valueOf(event, "fd") as bigint) > 2n);
    assert.ok((valueOf(event, "dev") as bigint) > 0n);
  });
  await step(t, "openat: an event at entry and one at return, also for a file that does not exist", () => {
    assert.deepEqual(valuesOf(find(mine, "openat", "name", "missing"), "fd", "dirfd", "flags", "ino"), [
      -2n,
      -100n,
      0x41n,
      0n,
    ]);
    const entry = named(mine, "openat", "enter").find((event) => valueOf(event, "name") === "missing");
    assert.deepEqual(valuesOf(entry!, "dirfd", "flags", "mode"), [-100n, 0x41n, 0n]);
  });
  await step(t, "openat: a name that cannot be read and a null pointer are empty parameters", () => {
    assert.equal(named(mine, "openat").filter((event) => valueOf(event, "name") === undefined).length, 2);
  });
  await step(t, "read and write: the data, the size asked for and the one there was", () => {
    assert.deepEqual(valuesOf(find(mine, "write", "data", "hello"), "res", "size"), [5n, 5n]);
    assert.deepEqual(valuesOf(find(mine, "read", "data", "hxylo"), "res", "size"), [5n, 10n]);
    assert.deepEqual(valuesOf(named(mine, "pwrite")[0]!, "data", "pos"), ["xy", 1n]);
    const [writev] = named(mine, "writev");
    assert.equal((valueOf(writev!, "data") as string).slice(0, 5), "abcde");
    assert.equal(writev!.params[1]!.length, 80, "the data are cut at the snaplen");
    assert.equal(valueOf(writev!, "size"), 205n);
  });
  await step(t, "dup, fcntl, pipe, close_range, close: the fds", () => {
    const fd = valueOf(find(mine, "open", "name", "first"), "fd");
    assert.deepEqual(valuesOf(named(mine, "dup2")[0]!, "res", "oldfd", "newfd"), [50n, fd, 50n]);
    assert.deepEqual(valuesOf(named(mine, "dup3")[0]!, "res", "oldfd", "newfd", "flags"), [
      51n,
      fd,
      51n,
      0x1000n,
    ]);
    assert.deepEqual(valuesOf(named(mine, "fcntl")[0]!, "res", "fd", "cmd", "arg"), [60n, fd, 26n, 60n]);
    assert.deepEqual(valuesOf(named(mine, "close_range")[0]!, "res", "first", "last"), [0n, 100n, 200n]);
    assert.deepEqual(valuesOf(find(mine, "close", "fd", -1n), "res"), [-9n]);
    assert.equal(valueOf(named(mine, "pipe2")[0]!, "flags"), 0x1040n);
    assert.ok((valueOf(named(mine, "pipe")[0]!, "ino") as bigint) > 0n);
  });
  await step(t, "paths are reported as the caller gave them", () => {
    assert.match(String(valueOf(named(mine, "chdir")[0]!, "path")), folder);
    assert.deepEqual(valuesOf(named(mine, "rename")[0]!, "res", "oldpath", "newpath"), [
      0n,
      "first",
      "second",
    ]);
    assert.deepEqual(valuesOf(named(mine, "symlinkat")[0]!, "target", "linkdirfd", "linkpath"), [
      "fourth",
      -100n,
      "soft2",
    ]);
    assert.deepEqual(valuesOf(named(mine, "chmod")[0]!, "filename", "mode"), ["fourth", 0o4711n]);
    assert.deepEqual(valuesOf(named(mine, "unlinkat")[0]!, "name", "flags"), ["folder/inner", 0x200n]);
    assert.deepEqual(valuesOf(named(mine, "mknod")[0]!, "path", "mode"), ["queue", 0o10600n]);
    assert.deepEqual(valuesOf(named(mine, "mount")[0]!, "res", "dev", "dir", "type", "flags"), [
      -2n,
      "none",
      "/nowhere",
      "tmpfs",
      3n,
    ]);
  });
}

async function checkSockets(t: Deno.TestContext, mine: readonly SeenEvent[]): Promise<void> {
  await step(t, "connect and accept: the same two ends in the same order", () => {
    const connect = named(mine, "connect").find((event) =>
      String(valueOf(event, "tuple")).startsWith("027f000001")
    );
    const tuple = String(valueOf(connect!, "tuple"));
    assert.equal(valueOf(named(mine, "accept")[0]!, "tuple"), tuple);
    assert.equal(valueOf(connect!, "addr"), "02" + tuple.slice(14), "the address is the tuple's far end");
    assert.deepEqual(valuesOf(named(mine, "listen")[0]!, "res", "backlog"), [0n, 5n]);
  });
  await step(t, "sendto, recvfrom, sendmsg, recvmsg: data and ends", () => {
    assert.deepEqual(valuesOf(named(mine, "sendto")[0]!, "res", "data"), [10n, "over there"]);
    assert.deepEqual(valuesOf(named(mine, "recvfrom")[0]!, "res", "data"), [10n, "over there"]);
    assert.equal(valueOf(named(mine, "recvfrom")[0]!, "tuple"), valueOf(named(mine, "sendto")[0]!, "tuple"));
    assert.deepEqual(valuesOf(named(mine, "sendmsg")[0]!, "data", "size"), ["message", 7n]);
    assert.deepEqual(valuesOf(named(mine, "recvmsg")[0]!, "data", "size"), ["message", 7n]);
    assert.deepEqual(valuesOf(named(mine, "sendmmsg")[0]!, "res", "data"), [7n, "message"]);
  });
  await step(t, "IPv6 and unix addresses, abstract names with their own end", () => {
    const addresses = named(mine, "connect").map((event) => String(valueOf(event, "addr")));
    assert.ok(addresses.includes("0a" + "00".repeat(15) + "01" + "9210"), "::1 and 4242, low byte first");
    assert.ok(addresses.includes("01" + new TextEncoder().encode("listening\0").toHex()));
    assert.ok(addresses.includes("01" + new TextEncoder().encode("nameless\0").toHex()));
  });
}

async function checkProcesses(
  t: Deno.TestContext,
  events: readonly SeenEvent[],
  mine: readonly SeenEvent[],
  lab: Lab,
): Promise<void> {
  const pid = mine[0]!.tid;
  await step(t, "execve: everything about the new program, from its memory and its file", () => {
    const event = find(mine, "execve", "exe", lab.program);
    assert.deepEqual(valuesOf(event, "res", "tid", "pid"), [0n, pid, pid]);
    const parent = valueOf(event, "ptid"); // the thread that started it, as in Falco
    assert.ok(Deno.statSync(`/proc/${Deno.pid}/task/${parent}`).isDirectory);
    assert.match(String(valueOf(event, "args")), /^\/.*\/falco_probe_[^\0]+\0$/);
    assert.match(String(valueOf(event, "env")), /(^|\0)PROBE=seen\0/);
    assert.deepEqual(valuesOf(event, "comm", "trusted_exepath", "filename"), [
      "calls",
      lab.program,
      lab.program,
    ]);
    const file = Deno.statSync(lab.program);
    assert.equal(valueOf(event, "exe_ino"), BigInt(file.ino!));
    const mtimeMs = Number((valueOf(event, "exe_ino_mtime") as bigint) / 1_000_000n);
    assert.equal(mtimeMs, file.mtime!.getTime());
    assert.ok((valueOf(event, "exe_ino_ctime") as bigint) >= (valueOf(event, "exe_ino_mtime") as bigint));
    assert.equal((valueOf(event, "flags") as bigint) & 1n, 1n, "root can write it");
    assert.match(String(valueOf(event, "cgroups")), /^\w+=\/[^\0]*\0/);
  });
  await step(t, "execve that fails: the arguments that were meant, at most the given ones", () => {
    const [failed, without] = named(mine, "execve").filter((event) => valueOf(event, "res") === -2n);
    assert.deepEqual(valuesOf(failed!, "exe", "args", "env", "filename"), [
      "first",
      "second\0third words\0",
      "A=1\0B=\0",
      "/nowhere/program",
    ]);
    assert.deepEqual(valuesOf(without!, "exe", "args", "env"), [undefined, undefined, undefined]);
    assert.deepEqual(valuesOf(named(mine, "execveat")[0]!, "res", "exe"), [-9n, "first"]);
  });
  await step(t, "fork, vfork, clone, clone3: an event in the parent and one in the child", () => {
    for (const name of ["fork", "vfork", "clone3"]) {
      const parent = named(mine, name)[0]!;
      const child = named(events, name).find((event) => event.tid === valueOf(parent, "res"));
      assert.ok(child, `the child of ${name} is seen`);
      assert.deepEqual(valuesOf(child, "res", "ptid", "exe"), [0n, pid, lab.program]);
      assert.deepEqual(valuesOf(child, "tid", "vtid"), [child.tid, child.tid]);
    }
  });
  await step(t, "procexit: the code, the signal, the heir", () => {
    const exitOf = (name: string) => {
      const child = valueOf(named(mine, name)[0]!, "res");
      const event = named(events, "procexit", "enter").find(({ tid }) => tid === child);
      return event && valuesOf(event, "status", "ret", "sig", "core");
    };
    assert.deepEqual(exitOf("fork"), [7n << 8n, 7n, 0n, 0n]);
    assert.deepEqual(exitOf("vfork"), [8n << 8n, 8n, 0n, 0n]);
    assert.deepEqual(exitOf("clone"), [9n, 0n, 9n, 0n]);
    const orphaningTid = valueOf(named(mine, "fork")[1]!, "res");
    const orphaning = named(events, "procexit", "enter").find(({ tid }) => tid === orphaningTid);
    assert.equal(valueOf(orphaning!, "reaper_tid"), pid, "the nearest subreaper");
  });
  await step(t, "execveat that succeeds is an execve, of the file behind the fd", () => {
    const child = valueOf(named(mine, "clone3")[0]!, "res");
    const event = named(events, "execve").find(({ tid }) => tid === child);
    assert.deepEqual(valuesOf(event!, "res", "exe", "args", "env"), [
      0n,
      "first",
      "second\0third words\0",
      "A=1\0B=\0",
    ]);
    assert.match(String(valueOf(event!, "trusted_exepath")), /\/bin\/true$/);
  });
  await step(t, "identity and security: ids, requests, commands and names", () => {
    assert.deepEqual(valuesOf(named(mine, "setreuid")[0]!, "res", "ruid", "euid"), [0n, 0n, 0xffffffffn]);
    assert.deepEqual(valuesOf(find(mine, "prctl", "option", 15n), "arg2_str", "arg2_int"), ["renamed", 0n]);
    assert.deepEqual(valuesOf(named(mine, "ptrace")[0]!, "res", "request", "pid"), [-3n, 11n, 0x3fffffffn]);
    assert.deepEqual(valuesOf(named(mine, "setns")[0]!, "fd", "nstype"), [-1n, 0x40n]);
    assert.deepEqual(valuesOf(named(mine, "init_module")[0]!, "img", "length", "uargs"), [
      "not an image",
      12n,
      "option=1",
    ]);
    assert.deepEqual(valuesOf(named(mine, "delete_module")[0]!, "name", "flags"), ["no such module", 2n]);
    assert.equal(valueOf(named(mine, "memfd_create")[0]!, "name"), "kept");
    assert.deepEqual(valuesOf(named(mine, "tgkill")[0]!, "res", "pid", "tid"), [0n, pid, pid]);
  });
  await step(t, "a call without an event of its own has its numbers", () => {
    const number = syscallByName("sched_yield")!;
    const event = find(mine, "syscall", "nativeID", BigInt(number.x86_64!));
    assert.equal(valueOf(event, "ID"), BigInt(number.sc));
  });
  await step(t, "times are the day's, and do not go back", () => {
    const nowNs = BigInt(Date.now()) * 1_000_000n;
    assert.ok(nowNs - mine[0]!.timeNs < 60_000_000_000n && mine[0]!.timeNs < nowNs + 1_000_000_000n);
    assert.ok(mine.every((event, i) => i === 0 || event.timeNs >= mine[i - 1]!.timeNs));
  });
}

/** Every event counts for such a rule, so the filter is in use, with what it takes for reading the kernel's memory, and leaves nothing out. */
const NOTHING_LEFT_OUT = compileRules(
  loadRules([makeSource(
    "r.yaml",
    "- rule: r\n  desc: d\n  condition: evt.type = open and evt.deltatime > 0\n  output: o\n  priority: info\n",
  )]).rules,
  { matching: "all" },
).filter;
const WAYS = [
  { name: "on raw tracepoints", byPerf: false },
  { name: "on perf's tracepoints", byPerf: true },
  {
    name: "with the filter, which reads by plain loads where the kernel lets it",
    byPerf: false,
    filter: NOTHING_LEFT_OUT,
  },
];

for (const { name, byPerf, filter } of WAYS) {
  Deno.test({
    name: `the probe reports each call with its parameters, ${name}` + (skip ? ` (skipped: ${skip})` : ""),
    ignore: skip !== undefined,
    async fn(t) {
      await withLab(async (lab) => {
        let pid = 0;
        const hooks = { byPerf, entriesByCall: !byPerf };
        const options = { exitCalls: ALL_EXIT_CALLS, enterCalls: ENTER_CALLS, hooks };
        const seen = await record(filter === undefined ? options : { ...options, filter }, async () => {
          pid = await runCalls(lab);
        });
        const mine = sinceExec(seen.events, pid);
        await checkForms(t, seen, mine);
        await checkFiles(t, mine, /falco_probe_/);
        await checkSockets(t, mine);
        await checkProcesses(t, seen.events, mine, lab);
      });
    },
  });
}

Deno.test({
  name: `the probe reports only the calls it is asked for${skip ? ` (skipped: ${skip})` : ""}`,
  ignore: skip !== undefined,
  async fn() {
    await withLab(async (lab) => {
      let pid = 0;
      const seen = await record(
        { exitCalls: ["close", "openat"], enterCalls: [], dropFailed: true },
        async () => {
          pid = await runCalls(lab);
        },
      );
      const mine = seen.events.filter(({ tid }) => tid === BigInt(pid));
      assert.deepEqual(
        new Set(seen.events.map(({ def }) => def.name)),
        new Set(["close", "openat", "procexit"]),
      );
      assert.ok(mine.length >= 3);
      assert.deepEqual(
        mine.filter(({ def }) => def.name !== "procexit").filter((event) => {
          return (valueOf(event, event.def.params[0]!.name) as bigint) < 0n;
        }),
        [],
        "with drop_failed, calls that failed are left out",
      );
    });
  },
});
