// What `falco bench` finds on this host, with a rule that wants no open, and how it tells it.
// Alone: it measures this host.

import { deepEqual, equal, ok } from "node:assert/strict";
import { loadSettings } from "../../config/mod.ts";
import { benchHost, type HostBench } from "../../hostbench/bench_host.ts";
import { benchText } from "../../hostbench/bench_text.ts";
import { otherMonitors } from "../../hostbench/other_monitors.ts";
import { loadRules } from "../../rules/load.ts";
import { liveRefusal } from "../live/falco_process.ts";

const refusal = await liveRefusal();
/** Opens for writing alone: those of the flood are for reading. */
const RULE = `- rule: R
  desc: d
  priority: INFO
  output: o %fd.name
  condition: evt.type in (open, openat) and evt.is_open_write = true and fd.name = /nowhere/at-all
`;

Deno.test({
  name: `a flood of opens that no rule wants reaches falco with the filter off, and not with it on${
    refusal ? ` (skipped: ${refusal})` : ""
  }`,
  ignore: refusal !== null,
  async fn() {
    const loaded = loadRules([{ path: "r.yaml", text: RULE }], { lint: false });
    const { settings } = loadSettings(undefined, []);
    const found = await benchHost({ loaded, settings, log: () => {}, floodSeconds: 0.5, turns: 1 });
    equal(found.rules, 1);
    deepEqual(found.calls.map(({ call }) => call), [
      ...["getppid", "read", "open, close", "UDP socket, connect, close", "vfork, exec, exit"],
    ]);
    for (const { none, off, auto } of found.calls) ok(none > 0 && off > 0 && auto > 0);
    const [off, auto, none] = found.flood;
    deepEqual(found.flood.map(({ mode }) => mode), ["off", "auto", "none"]);
    ok(off!.events + off!.dropped >= off!.opens, JSON.stringify(off));
    // what others open for reading is left out, too
    ok(auto!.events < off!.events / 10, JSON.stringify(auto));
    ok(off!.cpu_seconds > 0);
    deepEqual([none!.events, none!.dropped, none!.cpu_seconds], [0, 0, 0]);
  },
});

Deno.test("what it found is two tables, and notes where something else is part of it", () => {
  const found: HostBench = {
    kernel: "6.1.0",
    cpus: 2,
    rules: 25,
    calls: [
      { call: "getppid", none: 130, off: 168.4, auto: 167 },
      { call: "open, close", none: 907, off: 1530, auto: 906 },
    ],
    flood: [
      {
        mode: "off",
        processes: 1,
        seconds: 5,
        opens: 1_200_000,
        events: 3_600_000,
        dropped: 7,
        cpu_seconds: 2.04,
      },
      { mode: "none", processes: 1, seconds: 5, opens: 2_000_000, events: 0, dropped: 0, cpu_seconds: 0 },
    ],
    notes: ["what is there anyway is part of all figures, those without falco too: auditd (7)"],
  };
  equal(
    benchText(found),
    `Linux 6.1.0, 2 CPUs, 25 rules about system calls
note: what is there anyway is part of all figures, those without falco too: auditd (7)

nanoseconds a call  without falco  added, filter off  added, filter auto
getppid                       130                +38                 +37
open, close                   907               +623                  −1

Files opened and closed as fast as one process can, 5 s:
                  opened  events of it  dropped  CPU of falco
without falco  2,000,000             0        0         0.0 s
filter off     1,200,000     3,600,000        7         2.0 s`,
  );
});

Deno.test("other monitors are found by their names, without this process and those that end meanwhile", async () => {
  const proc = await Deno.makeTempDir();
  const add = async (pid: number, comm?: string) => {
    await Deno.mkdir(`${proc}/${pid}`);
    if (comm !== undefined) await Deno.writeTextFile(`${proc}/${pid}/comm`, `${comm}\n`);
  };
  await add(1, "systemd");
  await add(20, "falco");
  await add(21, "falco");
  await add(300, "auditd");
  await add(301);
  await Deno.mkdir(`${proc}/self`);
  deepEqual(otherMonitors(proc, 21), ["auditd (300)", "falco (20)"]);
  await Deno.remove(proc, { recursive: true });
});
