// Measures what falco costs on this host: with the kernel's filter off, with it on, and without falco, in turns.
// In: loaded rules, settings. Out: a HostBench.
// Elsewhere: the calls (maker.ts), a run of the engine (service/run/observe.ts), how it is shown (bench_text.ts).

import process from "node:process";
import type { Settings } from "../config/mod.ts";
import { compileRules, type LoadResult } from "../rules/mod.ts";
import { syscallByName } from "../schema/mod.ts";
import { droppedEvents, observe, type ObserveOptions } from "../service/mod.ts";
import type { CallTimes } from "./call_times.ts";
import { flood, timesOfCalls } from "./maker.ts";
import { otherMonitors } from "./other_monitors.ts";

export interface BenchOptions {
  readonly loaded: LoadResult;
  readonly settings: Settings;
  readonly log: ObserveOptions["log"];
  /** of each flood */
  readonly floodSeconds: number;
  /** how often each call is measured in each mode; the least counts */
  readonly turns?: number;
}

/** What `engine.kernel_filter` is in a turn; none: no falco. */
export type Mode = "none" | "off" | "auto";

/** All that `falco bench --json` prints. */
export interface HostBench {
  readonly kernel: string;
  readonly cpus: number;
  readonly rules: number;
  /** nanoseconds of a call in each mode, its own cost in the kernel included */
  readonly calls: readonly ({ readonly call: string } & Readonly<Record<Mode, number>>)[];
  readonly flood: readonly FloodResult[];
  /** what else there is to know, in words */
  readonly notes: readonly string[];
}

export interface FloodResult {
  readonly mode: Mode;
  readonly processes: number;
  readonly seconds: number;
  readonly opens: number;
  /** of opens and closes, everybody's, that reached falco's engine */
  readonly events: number;
  readonly dropped: number;
  /** of falco, all threads */
  readonly cpu_seconds: number;
}

/** falco first: where it cannot run, that is told at once. */
const MODES: readonly Mode[] = ["off", "auto", "none"];
const FLOOD_CALLS = ["open", "openat", "close"];
const USUAL_TURNS = 3;

export async function benchHost(
  { loaded, settings, log, floodSeconds, turns = USUAL_TURNS }: BenchOptions,
): Promise<HostBench> {
  const rules = loaded.rules.filter(({ source }) => source === "syscall");
  const compiled = compileRules(rules, { matching: settings.rule_matching });
  const watch = async <T>(mode: Mode, during: () => Promise<T>) => {
    if (mode === "none") return { value: await during() };
    let value: T | undefined;
    const seen = await observe({
      rules: compiled,
      settings,
      log,
      isMonitored: true,
      filterMode: mode,
      during: async () => value = await during(),
    });
    if (value === undefined) throw new Error("The measurement was interrupted");
    return { value, seen };
  };

  const times = new Map<Mode, CallTimes[]>(MODES.map((mode) => [mode, []]));
  for (let turn = 0; turn < turns; turn++) {
    for (const mode of MODES) times.get(mode)!.push((await watch(mode, timesOfCalls)).value);
  }
  const cpus = navigator.hardwareConcurrency;
  const processes = Math.max(1, cpus - 1);
  const floods: FloodResult[] = [];
  for (const mode of MODES) {
    const { value, seen } = await watch(mode, async () => {
      const before = process.cpuUsage();
      const opens = await flood(processes, floodSeconds);
      const { user, system } = process.cpuUsage(before);
      return { opens, cpu_seconds: (user + system) / 1e6 };
    });
    floods.push({
      mode,
      processes,
      seconds: floodSeconds,
      opens: value.opens,
      events: floodEvents(seen?.events ?? new Map()),
      dropped: Number(droppedEvents(seen?.counters ?? {})),
      cpu_seconds: seen === undefined ? 0 : value.cpu_seconds,
    });
  }
  return {
    kernel: Deno.osRelease(),
    cpus,
    rules: rules.length,
    calls: callsOf(times),
    flood: floods,
    notes: notesOf(times),
  };
}

/** What a flood consists of; others that open something meanwhile are counted, too. */
function floodEvents(events: ReadonlyMap<number, bigint>): number {
  const codes = FLOOD_CALLS.flatMap((name) => {
    const { enterEvent, exitEvent } = syscallByName(name)!;
    return [enterEvent, exitEvent];
  });
  return codes.reduce<number>((sum, code) => sum + Number(events.get(code ?? -1) ?? 0n), 0);
}

function callsOf(times: ReadonlyMap<Mode, readonly CallTimes[]>): HostBench["calls"] {
  const least = (mode: Mode, call: string) =>
    Math.min(...times.get(mode)!.map((found) => found[call] ?? Infinity));
  return namesOf(times)
    .filter((call) => MODES.every((mode) => Number.isFinite(least(mode, call))))
    .map((call) => ({ call, none: least("none", call), off: least("off", call), auto: least("auto", call) }));
}

function namesOf(times: ReadonlyMap<Mode, readonly CallTimes[]>): string[] {
  return Object.keys(times.get("none")![0]!);
}

function notesOf(times: ReadonlyMap<Mode, readonly CallTimes[]>): string[] {
  const missing = namesOf(times).filter((call) => times.get("none")![0]![call] === null);
  const others = otherMonitors();
  return [
    ...missing.map((call) => `not measured: ${call}, since this host has no /bin/true`),
    ...others.length === 0
      ? []
      : [`what is there anyway is part of all figures, those without falco too: ${others.join(", ")}`],
  ];
}
