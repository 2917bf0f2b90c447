// What memory falco takes, part by part: the live service, or a replay at its end.
// In: [--program FILE] (default: the source tree) [--seconds N] after it is ready (30) [--replay FILE] [--pid N]
// [-- ARGUMENTS of falco]. Out: a line for each part, then the sums and the peak; with --program the time of --version.
// Elsewhere: how parts are told apart (memory_parts.ts), the peak under hostile input (tests/fuzz/main.ts).

import { parseArgs } from "node:util";
import { FalcoProcess } from "../tests/live/falco_process.ts";
import { memoryParts, type Part } from "./memory_parts.ts";
import { SOURCE_TREE } from "../tests/support/program.ts";

const START_LIMIT_MS = 120_000;
/** A replay is looked at as often; the last look counts. */
const LOOK_MS = 50;

interface Seen {
  readonly parts: readonly Part[];
  readonly peakBytes: number;
}

function look(pid: number): Seen {
  const parts = memoryParts(Deno.readTextFileSync(`/proc/${pid}/smaps`));
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return { parts, peakBytes: Number(/^VmHWM:\s*(\d+)/m.exec(status)?.[1] ?? 0) * 1024 };
}

async function live(program: readonly string[], args: readonly string[], seconds: number): Promise<Seen> {
  const falco = await FalcoProcess.start(args, START_LIMIT_MS, [], program);
  try {
    const ready = falco.log.find((line) => line.includes("ready after"));
    if (ready !== undefined) console.log(ready.slice(ready.indexOf("watching")));
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return look(falco.pid);
  } finally {
    await falco.stop();
  }
}

async function replay(program: readonly string[], args: readonly string[], path: string): Promise<Seen> {
  const [command = "", ...rest] = program;
  const child = new Deno.Command(command, {
    args: [...rest, ...args, "-o", "engine.kind=replay", "-o", `engine.replay.capture_file=${path}`],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let seen: Seen | undefined, isOver = false;
  const over = child.status.then(() => isOver = true);
  while (!isOver) {
    try {
      const now = look(child.pid);
      if (now.parts.length > 0) seen = now;
    } catch {
      // it has ended
    }
    await Promise.race([over, new Promise((resolve) => setTimeout(resolve, LOOK_MS))]);
  }
  if (seen === undefined) throw new Error(`The replay of ${path} ended at once`);
  return seen;
}

function print({ parts, peakBytes }: Seen): void {
  const line = (name: string, resident: number, anonymous: number) =>
    console.log(`${name.padEnd(30)} ${mebibytes(resident)} ${mebibytes(anonymous)}`);
  console.log(`${"MiB".padEnd(30)} resident anonymous`);
  for (const { name, residentBytes, anonymousBytes } of parts) line(name, residentBytes, anonymousBytes);
  const sum = (of: (part: Part) => number) => parts.reduce((total, part) => total + of(part), 0);
  line("sum", sum((part) => part.residentBytes), sum((part) => part.anonymousBytes));
  console.log(`${"peak".padEnd(30)} ${mebibytes(peakBytes)}`);
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1).padStart(8);
}

async function versionMs(program: readonly string[]): Promise<number> {
  const [command = "", ...rest] = program;
  let best = Infinity;
  for (let i = 0; i < 10; i++) {
    const startMs = performance.now();
    await new Deno.Command(command, { args: [...rest, "--version"], stdout: "null" }).output();
    best = Math.min(best, performance.now() - startMs);
  }
  return best;
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: {
      program: { type: "string" },
      seconds: { type: "string", default: "30" },
      replay: { type: "string" },
      pid: { type: "string" },
    },
  });
  const program = values.program === undefined ? SOURCE_TREE : [values.program];
  if (values.pid !== undefined) print(look(Number(values.pid)));
  else {
    if (values.program !== undefined) {
      console.log(`--version: ${Math.round(await versionMs(program))} ms, the best of ten`);
    }
    print(
      values.replay === undefined
        ? await live(program, positionals, Number(values.seconds))
        : await replay(program, positionals, values.replay),
    );
  }
}
