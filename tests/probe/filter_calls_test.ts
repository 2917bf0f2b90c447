// The probe and the model are fed the same calls and agree on which are left out by their result and the kind of their fd: sockets
// of many families, pipes and other fds, passed and exchanged ones, numbers that name nothing.

import assert from "node:assert/strict";
import { compileRules } from "../../rules/compile.ts";
import { type CallSeen, isCallReported, isCloseReported } from "../../rules/kernel_filter/call_model.ts";
import { FD_KINDS } from "../../rules/kernel_filter/fd_kinds.ts";
import type { KernelFilter } from "../../rules/kernel_filter/plan.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { syscallsOfEvent } from "../../schema/syscalls.ts";
import { eventCode } from "../../schema/events.ts";
import type { ProbeHooks } from "../../sources/live/preemption.ts";
import { assertNothingDropped, CProgram } from "./c_program.ts";
import { valueOf } from "./event_values.ts";
import { liveSkipReason, record } from "./recording.ts";

const skip = liveSkipReason();
const suffix = skip ? ` (skipped: ${skip})` : "";

const CONDITIONS = {
  "rules that ask nothing of fds": "evt.type = openat and fd.name = /none",
  "rules on sockets over IP":
    "evt.type in (sendto, recvfrom, connect, recvmsg, socket, pipe2, read, accept4, close) and fd.typechar in (4, 6)",
  "rules on sockets over IP that are not TCP":
    "evt.type in (sendto, recvfrom, sendmsg, read, write) and fd.l4proto != tcp and fd.typechar in (4, 6)",
  "rules on successful calls of all kinds":
    "evt.type in (socket, connect, sendto, recvfrom, recvmsg, read, getsockopt, eventfd2, pipe2, chdir) and evt.failed = false",
  "rules on unix sockets": "evt.type in (sendto, recvmsg, connect, accept4, socket) and fd.type = unix",
  "rules on pipes and events": "evt.type in (read, write, close) and fd.type in (pipe, event)",
  "rules on files": "evt.type in (write, close) and fd.type in (file, memfd) and fd.name startswith /none",
} as const;

const WATCHED = [
  ...["socket", "socketpair", "setsockopt", "getsockopt", "bind", "listen", "connect", "accept4", "shutdown"],
  ...["sendto", "recvfrom", "sendmsg", "recvmsg", "recvmmsg", "read", "write", "close", "pipe2", "eventfd2"],
  ...["epoll_create1", "memfd_create", "prlimit", "chdir"],
];

interface Told extends CallSeen {
  readonly isKnown: boolean;
}

function told(text: string): Told[] {
  return text.trim().split("\n").map((line) => {
    const [event = "", result, kind, flag] = line.split(" ");
    return {
      event,
      result: Number(result),
      kind: FD_KINDS.find((one) => one === kind),
      hasControl: flag === "c",
      connectsAtOnce: flag === "f",
      isKnown: flag === "k",
    };
  });
}

function isExpected(filter: KernelFilter, call: Told): boolean {
  return call.event === "close"
    ? isCloseReported(filter, call.kind, call.isKnown)
    : isCallReported(filter, call);
}

const RAW: ProbeHooks = { byPerf: false, entriesByCall: false };
const BY_CALL: ProbeHooks = { byPerf: false, entriesByCall: true };
interface Case {
  readonly name: string;
  readonly condition: string;
  readonly hooks: ProbeHooks;
  readonly plainReads?: false;
}

const CASES: readonly Case[] = [
  ...Object.entries(CONDITIONS).map(([name, condition]) => ({ name, condition, hooks: RAW })),
  {
    name: "rules on sockets over IP that are not TCP, on a kernel without plain reads",
    condition: CONDITIONS["rules on sockets over IP that are not TCP"],
    hooks: RAW,
    plainReads: false,
  },
  {
    name: "rules on unix sockets, on a kernel without plain reads",
    condition: CONDITIONS["rules on unix sockets"],
    hooks: RAW,
    plainReads: false,
  },
  {
    name: "rules on sockets over IP, entries seen by their own tracepoints",
    condition: CONDITIONS["rules on sockets over IP"],
    hooks: BY_CALL,
  },
];

for (const { name, condition, hooks, plainReads } of CASES) {
  Deno.test({
    name: `the probe and the model agree on calls: ${name}${suffix}`,
    ignore: skip !== undefined,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "falco_filter_" });
      try {
        const { rules } = loadRules([makeSource(
          "r.yaml",
          `- rule: r\n  desc: d\n  condition: ${condition}\n  output: o %fd.name\n  priority: info\n`,
        )]);
        const { kernelFilter, filter } = compileRules(rules, { matching: "all" });
        const program = await CProgram.compile(folder, "filtered_calls");
        const calls = WATCHED.flatMap((event) => syscallsOfEvent(eventCode(event, "exit")!));
        let [tid, said] = [0n, ""];
        const seen = await record({
          exitCalls: [...calls.map((call) => call.name), "open", "openat", "dup", "dup2"],
          enterCalls: ["open", "openat", "connect"],
          filter,
          hooks,
          ...plainReads === undefined ? {} : { plainReads },
        }, async () => {
          ({ tid, said } = await program.run(folder));
        });
        assertNothingDropped(seen.counters);
        const made = told(said);
        assert.ok(made.length > 100, `${made.length} calls`);
        const own = seen.events.filter((event) => event.tid === tid);
        const exits = own.filter(({ def }) => def.direction === "exit" && WATCHED.includes(def.name));
        const shown = exits.map((event) => {
          const result = ["socket", "accept4", "memfd_create"].includes(event.def.name) ? "fd" : "res";
          return `${event.def.name} ${valueOf(event, event.def.params[0]!.name) ?? result}`;
        });
        const wanted = made.filter((call) => isExpected(kernelFilter, call))
          .map(({ event, result }) => `${event} ${result}`);
        // what the program does besides (its start, its answer) is not in the list
        assert.deepEqual(inOrder(shown, wanted), []);
        const spared = made.filter((call) => !isExpected(kernelFilter, call))
          .map(({ event, result }) => `${event} ${result}`);
        const surplus = shown.length - wanted.length;
        assert.ok(surplus < 20, `${surplus} events that the program does not tell of`);
        assert.ok(spared.length > 0);
        const entries = own.filter(({ def }) => def.name === "connect" && def.direction === "enter").length;
        const connects = made.filter((call) => call.event === "connect");
        const ofUnspared = connects.filter((call) =>
          !isCallReported(kernelFilter, { ...call, result: 0 })
        ).length;
        assert.equal(entries, connects.length - ofUnspared, "entries of connect");
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** Those of `wanted` that do not come in this order. */
function inOrder(shown: readonly string[], wanted: readonly string[]): string[] {
  let at = 0;
  return wanted.filter((one) => {
    const found = shown.indexOf(one, at);
    if (found < 0) return true;
    at = found + 1;
    return false;
  });
}
