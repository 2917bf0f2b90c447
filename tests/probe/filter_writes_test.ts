// Writes with a rule that asks for a file by its path: those on a file that a rule can match are reported, whichever way it came to the
// process, and those on files whose opens were left out are not. The probe is compared with the model.

import assert from "node:assert/strict";
import { isCallReported } from "../../rules/kernel_filter/call_model.ts";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import type { ProbeHooks } from "../../sources/live/preemption.ts";
import { assertNothingDropped, CProgram } from "./c_program.ts";
import { valueOf } from "./event_values.ts";
import { liveSkipReason, record } from "./recording.ts";

const skip = liveSkipReason();
const suffix = skip ? ` (skipped: ${skip})` : "";
const ROUNDS = 8;

interface Told {
  readonly bytes: number;
  readonly isUnknown: boolean;
  readonly how: string;
}

function told(text: string): Told[] {
  return text.trim().split("\n").map((line) => {
    const [bytes, known, ...how] = line.split(" ");
    return { bytes: Number(bytes), isUnknown: known === "unknown", how: how.join(" ") };
  });
}

const RAW: ProbeHooks = { byPerf: false, entriesByCall: false };
const CASES: readonly { readonly name: string; readonly hooks: ProbeHooks; readonly plainReads?: false }[] = [
  { name: "programs on raw tracepoints", hooks: RAW },
  { name: "programs on perf's tracepoints", hooks: { byPerf: true, entriesByCall: false } },
  { name: "programs on tracepoints of calls", hooks: { byPerf: false, entriesByCall: true } },
  { name: "on a kernel without plain reads", hooks: RAW, plainReads: false },
];

for (const { name, ...how } of CASES) {
  Deno.test({
    name: `a write is reported where its file can be one that a rule asks for, ${name}${suffix}`,
    ignore: skip !== undefined,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "falco_filter_" });
      try {
        const paths = ["spared", "wanted"].map((file) => `${folder}/${file}`);
        for (const path of paths) await Deno.writeTextFile(path, "");
        const program = await CProgram.compile(folder, "filtered_writes");
        const condition = `evt.type = write and fd.name startswith ${folder}/wan`;
        const { rules } = loadRules([makeSource(
          "r.yaml",
          `- rule: r\n  desc: d\n  condition: ${condition}\n  output: "%fd.name"\n  priority: info\n`,
        )]);
        const { kernelFilter, filter } = compileRules(rules, { matching: "all" });
        assert.equal(kernelFilter.filesAsked, undefined);
        // its first open comes before the probe
        const child = new Deno.Command(program.path, {
          args: [...paths, String(ROUNDS)],
          stdin: "piped",
          stdout: "piped",
        }).spawn();
        await untilOpen(child.pid, paths[0]!);
        let said = "";
        const exitCalls = [
          "open",
          "openat",
          "write",
          "close",
          "close_range",
          "dup",
          "dup2",
          "fcntl",
          "pipe2",
        ];
        const seen = await record({
          exitCalls: [...exitCalls, "recvmsg", "pidfd_getfd", "memfd_create", "clone", "execve"],
          enterCalls: ["open", "openat"],
          filter,
          ...how,
        }, async () => {
          const writer = child.stdin.getWriter();
          await writer.write(new Uint8Array([10]));
          const { success, stdout } = await child.output();
          assert.ok(success);
          said = new TextDecoder().decode(stdout);
          await writer.close().catch(() => undefined);
        });
        assertNothingDropped(seen.counters);
        const all = told(said);
        const lengths = new Set(all.map(({ bytes }) => bytes));
        assert.equal(lengths.size, all.length, "each has a length of its own");
        const reported = new Set(
          seen.events.filter(({ def }) => def.name === "write").map((event) => Number(valueOf(event, "res"))),
        );
        const spared = new Map<string, number>();
        for (const { bytes, isUnknown, how } of all) {
          const isWanted = isCallReported(kernelFilter, {
            event: "write",
            result: bytes,
            kind: "file",
            isUnknown,
          });
          if (isWanted) assert.ok(reported.has(bytes), `${how}: ${bytes} bytes are reported`);
          else spared.set(how, (spared.get(how) ?? 0) + (reported.has(bytes) ? 0 : 1));
        }
        // another file can have taken the place of a mark meanwhile: that is seldom
        for (const [how, count] of spared) assert.ok(count > ROUNDS / 2, `${how}: ${count} are left out`);
        assert.ok(spared.size >= 8, [...spared.keys()].join(", "));
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

async function untilOpen(pid: number, path: string): Promise<void> {
  for (;;) {
    for (const { name } of Deno.readDirSync(`/proc/${pid}/fd`)) {
      if (await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => "") === path) return;
    }
  }
}
