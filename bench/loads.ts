// What loads of a host cost falco: events that reach it and the CPU that it takes itself, with the kernel's filter off and on, with
// upstream's stable rules and with the bundled ones; of the program that FALCO_PEER names the same, with the stable ones.
// Out: figures, and of what the filter leaves the types of events that there is most of.
// The programs take turns, and of each figure the least counts: what else the host does is part of all. Elsewhere: the loads (load_scripts.ts).

import { liveRefusal } from "../tests/live/falco_process.ts";
import type { Bench, Figure } from "./figure.ts";
import { type Load, LOADS } from "./load_scripts.ts";
import { BUNDLED_RULES, falcoWith, PEERS, type Program, STABLE_RULES } from "./programs.ts";
import { Watcher } from "./watcher.ts";

const TURNS = 3;
const TYPES_SHOWN = 6;

/** The bundled ones may ask for what another program does not know. */
const RULES: readonly {
  readonly name: string;
  readonly file: string;
  readonly programs: readonly Program[];
}[] = [
  ...STABLE_RULES === undefined ? [] : [{
    name: "stable rules",
    file: STABLE_RULES,
    programs: [falcoWith("off"), falcoWith("auto"), ...PEERS],
  }],
  { name: "bundled rules", file: BUNDLED_RULES, programs: [falcoWith("off"), falcoWith("auto")] },
];

/** What was least in all turns. */
interface Cost {
  cpuMs: number;
  events: number;
  types: ReadonlyMap<string, number>;
}

async function shell(script: string, folder: string): Promise<void> {
  const { success } = await new Deno.Command("sh", { args: ["-c", script, folder], stdout: "null" }).output();
  if (!success) throw new Error(`Cannot measure: a load has failed: ${script}`);
}

async function measure(watcher: Watcher, load: Load, folder: string, least: Cost | undefined): Promise<Cost> {
  const [cpuBefore, before] = [watcher.cpuSeconds(), await watcher.events()];
  await shell(load.run, folder);
  const after = await watcher.events();
  const cpuMs = (watcher.cpuSeconds() - cpuBefore) * 1000;
  const types = new Map([...after].map(([type, count]) => [type, count - (before.get(type) ?? 0)]));
  const events = types.values().reduce((sum, count) => sum + count, 0);
  const isLess = least === undefined || events < least.events;
  return {
    cpuMs: Math.min(cpuMs, least?.cpuMs ?? Infinity),
    ...isLess ? { events, types } : { events: least.events, types: least.types },
  };
}

async function run(): Promise<readonly Figure[]> {
  const folder = await Deno.makeTempDir({ prefix: "falco_bench_" });
  const costs = new Map<string, Cost>();
  try {
    for (const { prepare, run } of LOADS) {
      await shell(prepare, folder);
      // what is read for the first time would be read for the first program only
      await shell(run, folder);
    }
    for (let turn = 0; turn < TURNS; turn++) {
      for (const { name: rules, file, programs } of RULES) {
        for (const program of programs) {
          await using watcher = await Watcher.start([...program.command, "-r", file]);
          for (const load of LOADS) {
            const key = `${load.name}, ${rules}, ${program.name}`;
            costs.set(key, await measure(watcher, load, folder, costs.get(key)));
          }
        }
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return LOADS.flatMap(({ name }) =>
    RULES.flatMap((rules) => figuresOf(`${name}, ${rules.name}`, rules.programs, costs))
  );
}

function figuresOf(name: string, programs: readonly Program[], costs: ReadonlyMap<string, Cost>): Figure[] {
  const [off, ...others] = programs.map((program) => ({
    program,
    cost: costs.get(`${name}, ${program.name}`)!,
  }));
  return others.flatMap(({ program, cost }) => {
    const against = (value: number) => ({ name: off!.program.name, value });
    const cpu = {
      name: `${name}, ${program.name}: CPU`,
      value: cost.cpuMs,
      unit: "ms",
      against: against(off!.cost.cpuMs),
    };
    const most = [...cost.types].sort(([, a], [, b]) => b - a).slice(0, TYPES_SHOWN);
    return [
      {
        name: `${name}, ${program.name}: events`,
        value: cost.events,
        unit: "events",
        against: against(off!.cost.events),
      },
      ...most.map(([type, count]) => ({
        name: `${name}, ${program.name}: ${type}`,
        value: count,
        unit: "events",
        against: against(off!.cost.types.get(type) ?? 0),
      })),
      cpu,
    ];
  });
}

const refusal = await liveRefusal();

export const LOADS_OF_HOSTS: Bench = { name: "loads", refusal: () => refusal ?? undefined, run };
