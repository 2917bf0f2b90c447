// A soak of the whole service: `deno task soak [SECONDS [EVENTS [ALERTS [RELOAD_SECONDS]]]]`. Falco watches this host
// under a steady load, with alerts to all kinds of sinks, rules that change and receivers that die and come back.
// In: how long, by default ten minutes; how much a second; seconds between reloads. Out: figures; exit code 1 when a
// marked call is neither an alert nor a part of a count at some sink, or falco says that it dropped something.
// Elsewhere: the run itself (soak/run_soak.ts).

import { liveRefusal } from "../tests/live/falco_process.ts";
import { runSoak, type SoakReport } from "./soak/run_soak.ts";

const DEFAULT_SECONDS = 600;

/** What is wrong with a run; nothing when every marked call is accounted for. */
export function soakProblems({ made, sinks, dropped, exitCode }: SoakReport): string[] {
  const problems = sinks.filter((sink) => sink.missing(made) !== 0)
    .map((sink) =>
      `${sink.sink}: ${sink.missing(made)} of ${made.alerts + made.noisy} marked calls are missing`
    );
  problems.push(...dropped.map((line) => `dropped: ${line}`));
  if (exitCode !== 0) problems.push(`exit code ${exitCode}`);
  return problems;
}

function describe(report: SoakReport, loads: readonly string[]): string[] {
  const { made, sinks, memory, reloads, deaths, retries, eventDrops } = report;
  const perSecond = (count: number) => `${count} (${Math.round(count / made.seconds)} a second)`;
  const ms = (value: number | undefined) => value === undefined ? "" : value.toFixed(1);
  const rows = sinks.map((sink) => [
    sink.sink,
    sink.alerts,
    sink.noisyPassed,
    sink.noisySuppressed,
    sink.missing(made),
    sink.duplicates,
    sink.outOfOrder,
    ms(sink.latencyMs(0.5)),
    ms(sink.latencyMs(0.99)),
  ]);
  const head = [
    "sink",
    "alerts",
    "noisy passed",
    "counted",
    "missing",
    "twice",
    "disorder",
    "p50 ms",
    "p99 ms",
  ];
  return [
    `${made.seconds.toFixed(0)} s; load of the machine at start and end: ${loads.join(" | ")}`,
    `made: ${perSecond(made.events)} events, ${
      perSecond(made.alerts + made.noisy)
    } marked, ${made.noisy} of them noisy`,
    `events ${eventDrops}; ${reloads} reloads, ${deaths} deaths of receivers, ${retries} retries`,
    `resident memory: ${memory.firstMiB.toFixed(1)} → ${memory.lastMiB.toFixed(1)} MiB, ` +
    `at most ${memory.mostMiB.toFixed(1)}, slope ${memory.kibPerMinute.toFixed(0)} KiB a minute`,
    ...[head, ...rows].map((row) =>
      row.map((cell, at) => at === 0 ? String(cell).padEnd(42) : String(cell).padStart(13)).join("")
    ),
  ];
}

if (import.meta.main) {
  const refusal = await liveRefusal();
  if (refusal !== null) {
    console.error(`no soak: ${refusal}`);
    Deno.exit(2);
  }
  const load = () => Deno.readTextFileSync("/proc/loadavg").split(" ").slice(0, 3).join(" ");
  const loads = [load()];
  const report = await runSoak({
    seconds: Number(Deno.args[0] ?? DEFAULT_SECONDS),
    eventsPerSecond: Number(Deno.args[1] ?? 100_000),
    alertsPerSecond: Number(Deno.args[2] ?? 100),
    reloadSeconds: Number(Deno.args[3] ?? 10),
    lifeSeconds: 10,
  });
  loads.push(load());
  for (const line of describe(report, loads)) console.log(line);
  const problems = soakProblems(report);
  for (const problem of problems) console.log(problem);
  if (problems.length > 0) console.log(report.log.slice(-60).join("\n"));
  Deno.exit(problems.length > 0 ? 1 : 0);
}
