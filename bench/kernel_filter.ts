// What the kernel's filter saves: calls that no rule matches are made in a tight loop (a file read, opened and closed, one missed, a pipe,
// a byte over TCP, a unix and a UDP socket), and a program is run, without falco, with empty programs in place of the probe, with the filter
// off and with it, and with the program that FALCO_PEER names; and how many events reach falco while many small files are read and
// while something is compiled.
// In: rules (upstream's stable ones where they are there, else the bundled ones).
// Out: figures. The modes take turns, so that drift of the machine hits all alike; the best of each counts.

import { liveRefusal } from "../tests/live/falco_process.ts";
import { buildCallLoop, output } from "./call_loop.ts";
import type { Bench, Figure } from "./figure.ts";
import { attachFloor } from "./probe_floor.ts";
import { BUNDLED_RULES, falcoWith, PEERS, type Program, STABLE_RULES } from "./programs.ts";
import { Watcher } from "./watcher.ts";

/** Nothing watches in the first two: without programs, and with some that do nothing, at the hooks of the probe. */
const MODES = [
  "without falco",
  "empty programs",
  "filter off",
  "filter auto",
  ...PEERS.map(({ name }) => name),
];
const PROGRAMS: readonly Program[] = [falcoWith("off"), falcoWith("auto"), ...PEERS];

/** `rounds` in each turn: so many that some part of them has neither an interrupt nor a full ring. */
const CALLS = [
  { name: "getppid", rounds: 200_000 },
  { name: "read", rounds: 200_000 },
  { name: "open-close", rounds: 200_000 },
  { name: "open-missing", rounds: 200_000 },
  { name: "pipe", rounds: 100_000 },
  { name: "tcp", rounds: 100_000 },
  { name: "unix", rounds: 100_000 },
  { name: "udp", rounds: 100_000 },
  { name: "exec", rounds: 400 },
] as const;
const LOADS = [
  { name: "find | xargs cat", script: "find /usr/include -type f | head -n 3000 | xargs cat > /dev/null" },
  {
    name: "a compile",
    script: 'cd "$0" && for i in $(seq 40); do echo "#include <stdio.h>" > $i.c; cc -c $i.c; done',
  },
] as const;
const TURNS = 3;

type Values = Map<string, Map<string, number>>;

/** @param use gets what watches, if anything does */
async function watched(
  mode: string,
  folder: string,
  use: (watcher: Watcher | undefined) => Promise<unknown>,
): Promise<void> {
  const program = PROGRAMS.find(({ name }) => name === mode);
  if (program !== undefined) {
    await using watcher = await Watcher.start([...program.command, "-r", STABLE_RULES ?? BUNDLED_RULES]);
    await use(watcher);
    return;
  }
  const floor = mode === "empty programs" ? await attachFloor(folder) : undefined;
  await use(undefined);
  floor?.close();
}

async function eventsOf(watcher: Watcher): Promise<number> {
  return (await watcher.events()).values().reduce((sum, count) => sum + count, 0);
}

function keepLeast(values: Values, name: string, mode: string, value: number): void {
  const ofModes = values.get(name) ?? new Map<string, number>();
  values.set(name, ofModes.set(mode, Math.min(ofModes.get(mode) ?? Infinity, value)));
}

async function run(): Promise<readonly Figure[]> {
  const folder = await Deno.makeTempDir({ prefix: "falco_bench_" });
  try {
    const call = await buildCallLoop(folder);
    const [times, events]: [Values, Values] = [new Map(), new Map()];
    for (let turn = 0; turn < TURNS; turn++) {
      for (const mode of MODES) {
        await watched(mode, folder, async (watcher) => {
          for (const { name, rounds } of CALLS) {
            keepLeast(times, name, mode, await call(name, rounds));
          }
          // a peer may not count
          if (watcher === undefined || (await watcher.events()).size === 0) return;
          for (const { name, script } of LOADS) {
            const before = await eventsOf(watcher);
            await output("sh", "-c", script, folder);
            keepLeast(events, name, mode, await eventsOf(watcher) - before);
          }
        });
      }
    }
    return [...figuresOf(times, "ns", "without falco"), ...figuresOf(events, "events", "filter off")];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function figuresOf(values: Values, unit: string, against: string): Figure[] {
  return [...values].flatMap(([name, ofModes]) =>
    [...ofModes].filter(([mode]) => mode !== against).map(([mode, value]) => ({
      name: `${name}, ${mode}`,
      value,
      unit,
      against: { name: against, value: ofModes.get(against)! },
    }))
  );
}

const refusal = await liveRefusal();

export const KERNEL_FILTER: Bench = { name: "kernel-filter", refusal: () => refusal ?? undefined, run };
