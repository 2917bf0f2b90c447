// What watching costs the watched: one system call in a tight loop, without falco and with it. Rounds alternate
// between the two, so that drift of the machine hits both alike; the best round of each counts.

import { FalcoProcess, liveRefusal } from "../tests/live/falco_process.ts";
import type { Bench, Figure } from "./figure.ts";

const CALLS = [
  { name: "getppid", rounds: 2_000_000, what: "filtered in the kernel" },
  { name: "dup2", rounds: 1_000_000, what: "reported, fixed size" },
  { name: "open-close", rounds: 300_000, what: "two reported, one with a path" },
] as const;

const TURNS = 3;

async function measure(program: string, call: string, rounds: number): Promise<number> {
  const { stdout } = await new Deno.Command(program, { args: [call, String(rounds)] }).output();
  return Number(new TextDecoder().decode(stdout));
}

async function run(): Promise<readonly Figure[]> {
  const program = await Deno.makeTempFile();
  const source = new URL("./syscall_loop.c", import.meta.url).pathname;
  await new Deno.Command("cc", { args: ["-O2", "-o", program, source] }).output();
  const best = new Map<string, { off: number; on: number }>();
  for (let turn = 0; turn < TURNS; turn++) {
    for (const mode of ["off", "on"] as const) {
      const falco = mode === "on" ? await FalcoProcess.start([]) : undefined;
      for (const { name, rounds } of CALLS) {
        const ns = await measure(program, name, rounds);
        const entry = best.get(name) ?? { off: Infinity, on: Infinity };
        entry[mode] = Math.min(entry[mode], ns);
        best.set(name, entry);
      }
      await falco?.stop();
    }
  }
  await Deno.remove(program);
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
