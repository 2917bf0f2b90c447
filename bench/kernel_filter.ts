// What the kernel's filter saves: calls that no rule matches are made in a tight loop (a file opened and closed, one missed, a pipe,
// a byte over TCP, a unix and a UDP socket) without falco, with empty programs in place of the probe, with the filter off and
// with it; and how many events reach falco while many small files are read and while something is compiled.
// In: rules (upstream's stable ones where they are there, else the bundled ones).
// Out: figures. The modes take turns, so that drift of the machine hits all alike; the best of each counts.

import { FalcoProcess, liveRefusal } from "../tests/live/falco_process.ts";
import { upstreamMissing, upstreamRules } from "../tests/support/upstream.ts";
import type { Bench, Figure } from "./figure.ts";
import { attachFloor } from "./probe_floor.ts";

/** `empty`: programs that do nothing, at the same hooks; no falco. */
const MODES = ["none", "empty", "off", "auto"] as const;
type Mode = typeof MODES[number];

const CALLS = [
  { name: "getppid", rounds: 2_000_000 },
  { name: "open-close", rounds: 300_000 },
  { name: "open-missing", rounds: 300_000 },
  { name: "pipe", rounds: 100_000 },
  { name: "tcp", rounds: 100_000 },
  { name: "unix", rounds: 100_000 },
  { name: "udp", rounds: 100_000 },
] as const;
const LOADS = [
  { name: "find | xargs cat", script: "find /usr/include -type f | head -n 3000 | xargs cat > /dev/null" },
  {
    name: "a compile",
    script: 'cd "$0" && for i in $(seq 40); do echo "#include <stdio.h>" > $i.c; cc -c $i.c; done',
  },
] as const;
const TURNS = 3;

type Values = Map<string, Map<Mode, number>>;

async function output(program: string, ...args: string[]): Promise<string> {
  const { stdout, success } = await new Deno.Command(program, { args, stderr: "inherit" }).output();
  if (!success) throw new Error(`Cannot measure: ${program} failed`);
  return new TextDecoder().decode(stdout);
}

/** @returns how many events falco evaluated meanwhile, as it says at its end */
async function watched(mode: Mode, folder: string, use: () => Promise<unknown>): Promise<number> {
  if (mode === "none" || mode === "empty") {
    const floor = mode === "empty" ? await attachFloor(folder) : undefined;
    await use();
    floor?.close();
    return 0;
  }
  const rules = upstreamMissing === undefined ? ["-r", upstreamRules("falco_rules.yaml")] : [];
  const falco = await FalcoProcess.start([...rules, "-o", `engine.kernel_filter=${mode}`]);
  await use();
  await falco.stop();
  const told = falco.log.map((line) => /\b(\d+) events in /.exec(line)?.[1]).find((count) =>
    count !== undefined
  );
  if (told === undefined) throw new Error("Cannot measure: falco does not say how many events there were");
  return Number(told);
}

function keepLeast(values: Values, name: string, mode: Mode, value: number): void {
  const ofModes = values.get(name) ?? new Map<Mode, number>();
  values.set(name, ofModes.set(mode, Math.min(ofModes.get(mode) ?? Infinity, value)));
}

async function run(): Promise<readonly Figure[]> {
  const folder = await Deno.makeTempDir({ prefix: "falco_bench_" });
  try {
    const loop = `${folder}/loop`;
    const source = new URL("./syscall_loop.c", import.meta.url).pathname;
    await output("cc", "-O2", "-o", loop, source);
    const [times, events]: Values[] = [new Map(), new Map()];
    for (let turn = 0; turn < TURNS; turn++) {
      for (const mode of MODES) {
        await watched(mode, folder, async () => {
          for (const { name, rounds } of CALLS) {
            keepLeast(times!, name, mode, Number(await output(loop, name, String(rounds), source)));
          }
        });
        if (mode === "none" || mode === "empty") continue;
        for (const { name, script } of LOADS) {
          keepLeast(
            events!,
            name,
            mode,
            await watched(mode, folder, () => output("sh", "-c", script, folder)),
          );
        }
      }
    }
    return [...figuresOf(times!, "ns", "none"), ...figuresOf(events!, "events", "off")];
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function figuresOf(values: Values, unit: string, against: Mode): Figure[] {
  return [...values].flatMap(([name, ofModes]) =>
    [...ofModes].filter(([mode]) => mode !== against).map(([mode, value]) => ({
      name: mode === "empty" ? `${name}, empty programs` : `${name}, filter ${mode}`,
      value,
      unit,
      against: { name: against === "none" ? "without falco" : "filter off", value: ofModes.get(against)! },
    }))
  );
}

const refusal = await liveRefusal();

export const KERNEL_FILTER: Bench = { name: "kernel-filter", refusal: () => refusal ?? undefined, run };
