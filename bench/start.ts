// How long falco takes until it watches, and how much CPU until then.
// In: executables, or nothing for the source tree; [--turns N] (5), [--percent N] of one CPU as the limit (needs control groups of
// version 1), [-- ARGUMENTS of falco]. Out: a line for each of them.
// They take turns, so that what else the machine does meets all of them. Of the CPU the least counts; the time on the clock is the
// machine's affair, too. Elsewhere: what the parts of a start take (docs/performance.md).

import { parseArgs } from "node:util";
import { FalcoProcess } from "../tests/live/falco_process.ts";
import { SOURCE_TREE } from "../tests/support/program.ts";

const START_LIMIT_MS = 300_000;
const CONTROLLER = "/sys/fs/cgroup/cpu";
const PERIOD_US = 100_000;
const TICKS_A_SECOND = 100;

interface Start {
  readonly readyMs: number;
  /** of all threads, in the program and in the kernel */
  readonly userMs: number;
  readonly systemMs: number;
}

/** A group of processes that get so much of one CPU together. */
class CpuLimit {
  readonly #folder = `${CONTROLLER}/falco_bench_${Deno.pid}`;

  constructor(percent: number) {
    Deno.mkdirSync(this.#folder);
    Deno.writeTextFileSync(`${this.#folder}/cpu.cfs_period_us`, `${PERIOD_US}`);
    Deno.writeTextFileSync(`${this.#folder}/cpu.cfs_quota_us`, `${PERIOD_US * percent / 100}`);
  }

  /** A command that becomes the command after it, in the group. */
  get wrapper(): readonly string[] {
    return ["sh", "-c", `echo $$ > ${this.#folder}/cgroup.procs && exec "$@"`, "sh"];
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.#folder);
  }
}

async function start(
  program: readonly string[],
  args: readonly string[],
  wrapper: readonly string[],
): Promise<Start> {
  const startMs = performance.now();
  const falco = await FalcoProcess.start(args, START_LIMIT_MS, wrapper, program);
  try {
    const readyMs = performance.now() - startMs;
    const fields = Deno.readTextFileSync(`/proc/${falco.pid}/stat`).replace(/^.*\) /, "").split(" ");
    const [user, system] = [fields[11], fields[12]].map((ticks) => Number(ticks) * 1000 / TICKS_A_SECOND);
    return { readyMs, userMs: user!, systemMs: system! };
  } finally {
    await falco.stop();
  }
}

function summary(name: string, starts: readonly Start[]): string {
  const ready = starts.map(({ readyMs }) => readyMs).sort((a, b) => a - b);
  const least = starts.reduce((a, b) => a.userMs + a.systemMs <= b.userMs + b.systemMs ? a : b);
  const seconds = (ms: number) => (ms / 1000).toFixed(2);
  return `${name}: ready after ${seconds(ready[0]!)} s (median ${seconds(ready[ready.length >> 1]!)}), CPU ${
    seconds(least.userMs + least.systemMs)
  } s, of which ${seconds(least.systemMs)} in the kernel`;
}

if (import.meta.main) {
  // what follows `--` is falco's
  const end = Deno.args.indexOf("--");
  const { values, positionals } = parseArgs({
    args: end < 0 ? Deno.args : Deno.args.slice(0, end),
    allowPositionals: true,
    options: { turns: { type: "string", default: "5" }, percent: { type: "string" } },
  });
  const args = end < 0 ? [] : Deno.args.slice(end + 1);
  const programs = positionals.length === 0 ? [SOURCE_TREE] : positionals.map((path) => [path]);
  const starts: Start[][] = programs.map(() => []);
  using limit = values.percent === undefined ? undefined : new CpuLimit(Number(values.percent));
  for (let turn = 0; turn < Number(values.turns); turn++) {
    for (const [i, program] of programs.entries()) {
      starts[i]!.push(await start(program, args, limit?.wrapper ?? []));
    }
  }
  for (const [i, path] of (positionals.length === 0 ? ["source tree"] : positionals).entries()) {
    console.log(summary(path, starts[i]!));
  }
}
