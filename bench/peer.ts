// What falco and the program that FALCO_PEER names take while a process opens and closes one file as fast as it can: how often that was
// possible, how many events were dropped, CPU and memory of the program.
// In: upstream's stable rules for both, a file that none of them matches. Out: figures. The programs take turns: of opens the most counts,
// of all else the least. Elsewhere: what calls cost (kernel_filter.ts) and loads (loads.ts) with either.

import { liveRefusal } from "../tests/live/falco_process.ts";
import { buildCallLoop } from "./call_loop.ts";
import type { Bench, Figure } from "./figure.ts";
import { falcoWith, PEERS, type Program, STABLE_RULES } from "./programs.ts";
import { Watcher } from "./watcher.ts";

const TURNS = 3;
const FLOOD_SECONDS = 30;
/** What a program lets go after its start is not its own for good. */
const SETTLE_MS = 15_000;
const PROGRAMS: readonly Program[] = [...PEERS, falcoWith("off"), falcoWith("auto")];

interface Taken {
  readonly opens: number;
  readonly drops: number;
  readonly cpuMs: number;
  readonly residentMiB: number;
  readonly anonymousMiB: number;
}

const UNITS: Readonly<Record<keyof Taken, string>> = {
  opens: "opens",
  drops: "events",
  cpuMs: "ms",
  residentMiB: "MiB",
  anonymousMiB: "MiB",
};

async function flooded(program: Program, flood: () => Promise<number>): Promise<Taken> {
  await using watcher = await Watcher.start([...program.command, "-r", STABLE_RULES!]);
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const [cpuBefore, dropsBefore] = [watcher.cpuSeconds(), await watcher.drops()];
  const opens = await flood();
  const [cpuAfter, drops] = [watcher.cpuSeconds(), await watcher.drops() - dropsBefore];
  const { residentKiB, anonymousKiB } = watcher.memory();
  return {
    opens,
    drops,
    cpuMs: (cpuAfter - cpuBefore) * 1000,
    residentMiB: residentKiB / 1024,
    anonymousMiB: anonymousKiB / 1024,
  };
}

function better(one: Taken | undefined, other: Taken): Taken {
  if (one === undefined) return other;
  const least = (key: keyof Taken) => Math.min(one[key], other[key]);
  return {
    opens: Math.max(one.opens, other.opens),
    drops: least("drops"),
    cpuMs: least("cpuMs"),
    residentMiB: least("residentMiB"),
    anonymousMiB: least("anonymousMiB"),
  };
}

async function run(): Promise<readonly Figure[]> {
  const folder = await Deno.makeTempDir({ prefix: "falco_bench_" });
  try {
    const call = await buildCallLoop(folder);
    const flood = () => call("flood", FLOOD_SECONDS);
    const taken = new Map<string, Taken>();
    let alone = 0;
    for (let turn = 0; turn < TURNS; turn++) {
      alone = Math.max(alone, await flood());
      for (const program of PROGRAMS) {
        taken.set(program.name, better(taken.get(program.name), await flooded(program, flood)));
      }
    }
    return figuresOf(taken, alone);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function figuresOf(taken: ReadonlyMap<string, Taken>, alone: number): Figure[] {
  const [peer, ...others] = [...taken].map(([name, values]) => ({ name, values }));
  const opens = { name: "without falco", value: alone };
  return (Object.keys(UNITS) as (keyof Taken)[]).flatMap((key) => {
    const figure = ({ name, values }: { name: string; values: Taken }): Figure => ({
      name: `flood of opens, ${FLOOD_SECONDS} s, ${name}: ${key}`,
      value: values[key],
      unit: UNITS[key],
    });
    if (key === "opens") return [peer!, ...others].map((one) => ({ ...figure(one), against: opens }));
    const against = { name: peer!.name, value: peer!.values[key] };
    // what the peer has none of is no measure
    return [
      figure(peer!),
      ...others.map((one) => ({ ...figure(one), ...against.value > 0 ? { against } : {} })),
    ];
  });
}

const noLive = await liveRefusal();

function refusal(): string | undefined {
  if (noLive !== null) return noLive;
  if (PEERS.length === 0) return "FALCO_PEER names no program";
  return STABLE_RULES === undefined ? "upstream's rules are not there" : undefined;
}

export const PEER: Bench = { name: "peer", refusal, run };
