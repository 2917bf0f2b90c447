// How many events a second falco takes: a recorded load is written into its rings again and again, at stated rates, faster than
// processes of this machine could make calls. One CPU writes, falco has the others, with its default rings.
// In: [--rates MILLIONS,…] [--seconds N] [--filter off|auto: what of the load is recorded] [--files: of that, opens and closes alone]
// Out: for each rate what was written, what falco's counters say became of it, and falco's CPU. With --files, programs begin meanwhile
// on the CPU that writes: none of them may be lost, however full its ring is. At the end what falco's log and alerts say of drops.
// Elsewhere: the load (flood/tape.ts), the writer (flood/writer.ts, flood/ring_writer.bpf.c).

import { parseArgs } from "node:util";
import { compileProgram } from "../scripts/compile/probe.ts";
import { FalcoProcess, liveRefusal } from "../tests/live/falco_process.ts";
import { upstreamRules } from "../tests/support/upstream.ts";
import { recordTape } from "./flood/tape.ts";
import type { WriterOrder, Written } from "./flood/writer.ts";
import { compile } from "./pipeline.ts";

const PROJECT = new URL("../", import.meta.url).pathname;
const WRITER_CPU = 0;
const DROP_ALERT = "Falco internal: syscall event drop";
const SETTLED_WITHIN_MS = 10_000;
const LOOK_INTERVAL_MS = 200;
/** what falco itself costs meanwhile is not part of the question */
const SETTINGS = [
  "webserver.enabled=true",
  "webserver.listen_address=127.0.0.1",
  "webserver.listen_port=0",
  "webserver.prometheus_metrics_enabled=true",
  "metrics.enabled=true",
  "metrics.interval=1h",
  "metrics.rule_costs_enabled=false",
];

interface Counts {
  /** that the probe made, and those of them that found no room */
  readonly made: number;
  readonly dropped: number;
  /** that the matcher has taken */
  readonly taken: number;
  readonly alerts: number;
  /** programs that began */
  readonly executed: number;
  readonly droppedBy: ReadonlyMap<string, number>;
}

interface FloodFigures extends Omit<Counts, "made"> {
  readonly written: Written;
  /** programs that began meanwhile, since we wanted it */
  readonly begun: number;
  /** that falco's counters say nothing of; a few when others make events just then */
  readonly unaccounted: number;
  readonly engineNs: number;
  readonly allNs: number;
}

async function readCounts(address: string): Promise<Counts> {
  const text = await (await fetch(`${address}/metrics`)).text();
  const sum = (pattern: RegExp) =>
    [...text.matchAll(pattern)].reduce((all, [, value]) => all + Number(value), 0);
  const kinds = new Map<string, number>();
  for (
    const [, kind, value] of text.matchAll(
      /^falcosecurity_scap_n_drops_buffer_total\{.*drop="(\w+)"\} (\d+)$/gm,
    )
  ) {
    kinds.set(kind!, (kinds.get(kind!) ?? 0) + Number(value));
  }
  return {
    made: sum(/^falcosecurity_scap_n_evts_total (\d+)$/gm),
    dropped: sum(/^falcosecurity_scap_n_drops_total (\d+)$/gm),
    taken: sum(/^falcosecurity_falco_events_total\{.*\} (\d+)$/gm),
    alerts: sum(/^falcosecurity_falco_alerts_total (\d+)$/gm),
    executed: sum(/^falcosecurity_falco_events_total\{.*type="execve"\} (\d+)$/gm),
    droppedBy: kinds,
  };
}

/** Once the rings are empty; others on this machine make events meanwhile, too. */
async function settledCounts(address: string): Promise<Counts> {
  const endMs = performance.now() + SETTLED_WITHIN_MS;
  while (true) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
    const counts = await readCounts(address);
    if (counts.made === counts.dropped + counts.taken || performance.now() > endMs) return counts;
  }
}

/** Nanoseconds on a CPU: of the thread that had most of it, and of all. */
function cpuTimes(pid: number): Map<string, number> {
  const times = new Map<string, number>();
  for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
    times.set(name, Number(Deno.readTextFileSync(`/proc/${pid}/task/${name}/schedstat`).split(" ")[0]));
  }
  return times;
}

async function write(order: WriterOrder): Promise<Written> {
  const program = new URL("./flood/writer.ts", import.meta.url).pathname;
  const { stdout, success } = await new Deno.Command("taskset", {
    args: ["-c", String(WRITER_CPU), Deno.execPath(), "run", "-A", program, JSON.stringify(order)],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("Cannot measure: the writer failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** One after the other, on the CPU that writes. */
async function beginPrograms(seconds: number): Promise<number> {
  const script = `end=$(($(date +%s) + ${seconds})); n=0
    while [ $(date +%s) -lt $end ]; do /bin/true; n=$((n + 2)); done; echo $n`;
  const { stdout } = await new Deno.Command("taskset", {
    args: ["-c", String(WRITER_CPU), "sh", "-c", script],
  }).output();
  return Number(new TextDecoder().decode(stdout));
}

async function flood(
  falco: FalcoProcess,
  address: string,
  order: WriterOrder,
  programs: boolean,
): Promise<FloodFigures> {
  const before = await settledCounts(address), cpuBefore = cpuTimes(falco.pid);
  const [written, begun] = await Promise.all([write(order), programs ? beginPrograms(order.seconds) : 0]);
  const after = await settledCounts(address), cpuAfter = cpuTimes(falco.pid);
  const spent = [...cpuAfter].map(([thread, ns]) => ns - (cpuBefore.get(thread) ?? 0));
  const taken = after.taken - before.taken, dropped = after.dropped - before.dropped;
  return {
    written,
    taken,
    dropped,
    unaccounted: after.made - before.made - taken - dropped,
    alerts: after.alerts - before.alerts,
    begun,
    executed: after.executed - before.executed,
    droppedBy: new Map(
      [...after.droppedBy].map(([kind, count]) => [kind, count - before.droppedBy.get(kind)!]),
    ),
    engineNs: Math.max(...spent),
    allNs: spent.reduce((sum, ns) => sum + ns, 0),
  };
}

function linesOf(figures: FloodFigures): string[] {
  const { written, taken, dropped, unaccounted, alerts, begun, executed, droppedBy, engineNs, allNs } =
    figures;
  const kinds = [...droppedBy].filter(([, count]) => count > 0).map(([kind, count]) => `${kind} ${count}`);
  return [
    `${millions(written.records / written.seconds)} million records a second for ${
      written.seconds.toFixed(1)
    } s:`,
    `  written: ${written.records}, of them events in the ring ${written.reported}, dropped ${written.dropped}`,
    `  falco: ${taken} events taken, ${dropped} dropped, ${unaccounted} unaccounted for, ${alerts} alerts`,
    `  CPU: the engine's thread ${(engineNs / 1e9).toFixed(2)} s (${
      (engineNs / taken).toFixed(0)
    } ns an event), ` +
    `all threads ${(allNs / 1e9).toFixed(2)} s`,
    ...begun === 0
      ? []
      : [`  programs: ${begun} begun by us, ${executed} seen by falco, those of others too`],
    ...dropped === 0 ? [] : [`  dropped: ${kinds.join(", ")}`],
  ];
}

function millions(count: number): string {
  return (count / 1e6).toFixed(2);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      rates: { type: "string", default: "0.5,1,2,3" },
      seconds: { type: "string", default: "10" },
      filter: { type: "string", default: "off" },
      files: { type: "boolean", default: false },
    },
  });
  const refusal = await liveRefusal();
  if (refusal !== null) throw new Error(`Cannot measure here: ${refusal}`);
  const folder = await Deno.makeTempDir({ prefix: "falco_flood_" });
  const object = `${folder}/ring_writer.bpf.o`;
  await compileProgram(PROJECT, "bench/flood/ring_writer.bpf.c", "clang", object);
  const filter = values.filter === "auto" ? "auto" : "off";
  const tape = await recordTape(compile(["falco_rules"]), filter, values.files ? "files" : "all");
  Deno.writeFileSync(`${folder}/tape`, tape.records);
  console.log(
    `${tape.count} records, ${(tape.records.length / tape.count).toFixed(0)} bytes each on average`,
  );
  const last = navigator.hardwareConcurrency - 1;
  const settings = SETTINGS.flatMap((setting) => ["-o", setting]);
  const falco = await FalcoProcess.start(
    ["-r", upstreamRules("falco_rules.yaml"), ...settings],
    undefined,
    ["taskset", "-c", `${WRITER_CPU + 1}-${last}`],
  );
  try {
    const isServing = (line: string) => /web server: (\S+)/.exec(line)?.[1];
    await falco.logged((log) => log.some((line) => isServing(line) !== undefined));
    const address = falco.log.map(isServing).find((found) => found !== undefined)!;
    let most = 0;
    for (const rate of values.rates.split(",").map(Number)) {
      const order = {
        falco: falco.pid,
        object,
        tape: `${folder}/tape`,
        perSecond: rate * 1e6,
        seconds: Number(values.seconds),
      };
      const figures = await flood(falco, address, order, values.files);
      console.log(linesOf(figures).join("\n"));
      if (figures.dropped === 0) most = Math.max(most, figures.written.records / figures.written.seconds);
    }
    console.log(`without a drop: ${millions(most)} million records a second`);
    for (const line of falco.log.filter((line) => /\bdrop|\blost/.test(line))) console.log(`log: ${line}`);
    for (const { rule, output } of falco.alerts) if (rule === DROP_ALERT) console.log(`alert: ${output}`);
  } finally {
    await falco.stop();
    await tape.close();
    await Deno.remove(folder, { recursive: true });
  }
}

if (import.meta.main) await main();
