// The probe and the model are fed the same calls and agree on which are left out by an argument: options, commands, signals, flags,
// with bits in the upper half, without a name, and by the 32-bit entry. And what the table says of parameters is what the probe
// shows of each call (rules/kernel_filter/raw_arguments.ts).

import assert from "node:assert/strict";
import { compileRules } from "../../rules/compile.ts";
import { type CallSeen, isCallReported } from "../../rules/kernel_filter/call_model.ts";
import type { FdKind } from "../../rules/kernel_filter/fd_kinds.ts";
import { parameterOf, RAW_ARGUMENTS, unionOf } from "../../rules/kernel_filter/raw_arguments.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { eventCode } from "../../schema/events.ts";
import { syscallsOfEvent } from "../../schema/syscalls.ts";
import type { FilterNeeds } from "../../sources/matcher_port.ts";
import { assertNothingDropped, CProgram } from "./c_program.ts";
import { valueOf } from "./event_values.ts";
import { liveSkipReason, record, type SeenEvent } from "./recording.ts";

const skip = liveSkipReason();
const suffix = skip ? ` (skipped: ${skip})` : "";

const WATCHED = [...new Set(RAW_ARGUMENTS.map(({ event }) => event))];

const CONDITIONS = {
  "some values of each argument": [
    "evt.type in (kill, tkill, tgkill) and evt.arg.sig in (SIGKILL, SIGTERM)",
    "evt.type = socket and evt.arg.domain contains AF_PACKET",
    "evt.type = ptrace and evt.arg.request in (PTRACE_ATTACH, PTRACE_SEIZE, PTRACE_TRACEME)",
    "evt.type = prctl and evt.arg.option = PR_SET_NAME",
    "evt.type = bpf and (evt.arg.cmd = 5 or evt.arg.cmd = BPF_PROG_LOAD)",
    "evt.type = fcntl and evt.arg.cmd = F_SETFL",
    "evt.type in (unshare, setns) and (evt.arg.flags contains CLONE_NEW or evt.arg.nstype contains CLONE_NEW)",
    "evt.type = mount and evt.arg.flags contains BIND",
    "evt.type in (chmod, fchmod, fchmodat) and (evt.arg.mode contains S_ISUID or evt.arg.mode contains S_ISGID)",
    "evt.type = mprotect and evt.arg.prot contains PROT_EXEC",
    "evt.type = unlinkat and evt.arg.flags contains AT_REMOVEDIR",
    "evt.type = renameat2 and evt.arg.flags in (RENAME_EXCHANGE, RENAME_WHITEOUT)",
    "evt.type = ioctl and evt.arg.request = 5412",
    "evt.type = seccomp and evt.rawarg.op = 2",
    "evt.type = keyctl and evt.arg.operation startswith KEYCTL_DESC",
  ],
  "all but some values": [
    "evt.type in (kill, tgkill) and not evt.arg.sig in (SIGCHLD, SIGURG, SIGWINCH)",
    "evt.type = ptrace and evt.arg.request != PTRACE_SYSCALL",
    "evt.type = prctl and not evt.rawarg.option in (15, 16, 23)",
    "evt.type = bpf and not (evt.rawarg.cmd = 1 or evt.rawarg.cmd = 2)",
    "evt.type = socket and not evt.arg.domain in (AF_INET, AF_INET6)",
    "evt.type = ioctl and evt.rawarg.request != 0x5413",
    "evt.type = chmod and not evt.arg.mode contains S_IXUSR",
  ],
} as const;

/** Of families; those over IP are asked for datagrams. */
const KINDS: ReadonlyMap<bigint, FdKind> = new Map([[1n, "unix"], [16n, "netlink"], [2n, "udp"], [
  10n,
  "udp",
]]);

type Told = CallSeen & { readonly arguments: readonly bigint[] };

function told(text: string): readonly Told[] {
  return text.trim().split("\n").map((line) => {
    const [event = "", result, ...args] = line.split(" ");
    const kind = event === "socket" ? KINDS.get(BigInt.asUintN(32, BigInt(args[0]!))) : undefined;
    return { event, result: Number(result), arguments: args.map(BigInt), kind };
  });
}

/** The calls that the program tells of, and the events of its thread about such calls. */
async function watch(
  filter?: FilterNeeds,
): Promise<{ readonly calls: readonly Told[]; readonly events: readonly SeenEvent[] }> {
  const folder = await Deno.makeTempDir({ prefix: "falco_filter_" });
  try {
    const program = await CProgram.compile(folder, "filtered_arguments");
    const names = WATCHED.flatMap((event) => syscallsOfEvent(eventCode(event, "exit")!)).map(({ name }) =>
      name
    );
    let [tid, said] = [0n, ""];
    const { events, counters } = await record({
      exitCalls: names,
      enterCalls: [],
      ...filter === undefined ? {} : { filter },
    }, async () => {
      ({ tid, said } = await program.run(folder));
    });
    assertNothingDropped(counters);
    const calls = told(said);
    assert.ok(calls.length > 500, `${calls.length} calls`);
    const own = events.filter(({ tid: one, def }) =>
      one === tid && def.direction === "exit" && WATCHED.includes(def.name)
    );
    // the first call that it tells of is the first of its kind
    const first = own.findIndex(({ def }) => def.name === "ptrace");
    return { calls, events: own.slice(Math.max(first, 0)) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function line(event: string, result: unknown): string {
  return `${event} ${result}`;
}

function lineOf(event: SeenEvent): string {
  return line(event.def.name, valueOf(event, event.def.params[0]!.name));
}

Deno.test({
  name: `parameters are the function of an argument that the table says, for every value of it${suffix}`,
  ignore: skip !== undefined,
  async fn() {
    const { calls, events } = await watch();
    assert.deepEqual(events.map(lineOf), calls.map(({ event, result }) => line(event, result)));
    for (const [i, event] of events.entries()) {
      for (const argument of RAW_ARGUMENTS.filter((one) => one.event === event.def.name)) {
        const passed = calls[i]!.arguments[argument.at]!;
        // of more bits nothing is said; flags of very old programs have a mark in the upper half of 32 bits
        if (passed >> 32n !== 0n || (event.def.name === "mount" && passed >> 16n === 0xc0edn)) continue;
        const shown = Number(valueOf(event, argument.param.name));
        // bits without a name can be there as well
        const named = argument.kind === "flags" ? (shown & unionOf(argument.bits.values())) >>> 0 : shown;
        assert.equal(named, parameterOf(argument, Number(passed)), `${lineOf(event)} of ${passed}`);
      }
    }
  },
});

for (const [name, conditions] of Object.entries(CONDITIONS)) {
  Deno.test({
    name: `the probe and the model agree on calls by an argument: ${name}${suffix}`,
    ignore: skip !== undefined,
    async fn() {
      const text = conditions.map((condition, at) =>
        `- rule: r${at}\n  desc: d\n  condition: ${condition}\n  output: o\n  priority: info\n`
      );
      const { rules, diagnostics } = loadRules([makeSource("r.yaml", text.join(""))]);
      assert.deepEqual(diagnostics.filter(({ severity }) => severity === "error"), []);
      const { kernelFilter, filter } = compileRules(rules, { matching: "all" });
      const { calls, events } = await watch(filter);
      // fcntls that remain are decided once more, by what they copy (filter_fds_test.ts)
      const isCompared = (event: string) => event !== "fcntl" || kernelFilter.fcntlAsked !== undefined;
      const wanted = calls.filter((call) => isCallReported(kernelFilter, call) && isCompared(call.event));
      const spared = calls.length - wanted.length;
      assert.ok(spared > 100, `${spared} calls are left out`);
      assert.deepEqual(
        events.filter(({ def }) => isCompared(def.name)).map(lineOf),
        wanted.map(({ event, result }) => line(event, result)),
      );
    },
  });
}
