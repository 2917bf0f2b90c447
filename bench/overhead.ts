// What watching costs the watched: one system call in a tight loop, without falco and with it. Rounds alternate
// between the two, so that drift of the machine hits both alike; the best round of each counts.

import { FalcoProcess, liveRefusal } from "../tests/live/falco_process.ts";
import { buildCallLoop } from "./call_loop.ts";
import type { Bench, Figure } from "./figure.ts";

/** `rounds` in each turn: a part of them without an interrupt is enough, and each part is followed by a pause. */
const CALLS = [
  { name: "getppid", rounds: 200_000, what: "filtered in the kernel" },
  { name: "dup2", rounds: 200_000, what: "reported, fixed size" },
  { name: "open-close", rounds: 200_000, what: "two reported, one with a path" },
] as const;

const TURNS = 3;

async function run(): Promise<readonly Figure[]> {
  const folder = await Deno.makeTempDir({ prefix: "falco_bench_" });
  const call = await buildCallLoop(folder);
  const best = new Map<string, { off: number; on: number }>();
  for (let turn = 0; turn < TURNS; turn++) {
    for (const mode of ["off", "on"] as const) {
      const falco = mode === "on" ? await FalcoProcess.start([]) : undefined;
      for (const { name, rounds } of CALLS) {
        const ns = await call(name, rounds);
        const entry = best.get(name) ?? { off: Infinity, on: Infinity };
        entry[mode] = Math.min(entry[mode], ns);
        best.set(name, entry);
      }
      await falco?.stop();
    }
  }
  await Deno.remove(folder, { recursive: true });
  return CALLS.map(({ name, what }) => {
    const { off, on } = best.get(name)!;
    return {
      name: `${name}, ${what}`,
      value: on,
      unit: "ns",
      against: { name: "without falco", value: off },
    };
  });
}

const refusal = await liveRefusal();

export const OVERHEAD: Bench = { name: "overhead", refusal: () => refusal ?? undefined, run };
