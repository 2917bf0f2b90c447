// Holds one thread of another process, as a debugger does: it hangs while the others go on. Needs root.
// In: the number of the thread. Out: it hangs, until `release`.
// The holder is a process of its own, since the kernel tells a tracer first how a process has ended.

import { fileURLToPath } from "node:url";

const PTRACE_SEIZE = 0x4206n;
const PTRACE_INTERRUPT = 0x4207n;
const WALL = 0x4000_0000;

export interface HeldThread {
  release(): Promise<void>;
}

export async function holdThread(tid: number): Promise<HeldThread> {
  const holder = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", fileURLToPath(import.meta.url), String(tid)],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const reader = holder.stdout.getReader();
  const { value } = await reader.read();
  if (!new TextDecoder().decode(value).includes("held")) throw new Error(`cannot hold thread ${tid}`);
  return {
    async release() {
      holder.kill("SIGKILL");
      await reader.cancel();
      await holder.status;
    },
  };
}

/** The numbers of a process's threads by their names; of several, the first: helpers that it starts inherit its name. */
export function threadsOf(pid: number): Map<string, number> {
  const threads = new Map<string, number>();
  const numbers = [...Deno.readDirSync(`/proc/${pid}/task`)].map(({ name }) => Number(name));
  for (const number of numbers.sort((a, b) => b - a)) {
    try {
      threads.set(Deno.readTextFileSync(`/proc/${pid}/task/${number}/comm`).trim(), number);
    } catch {
      // it has ended
    }
  }
  return threads;
}

function hold(tid: number): void {
  const { ptrace, waitpid } = Deno.dlopen("libc.so.6", {
    ptrace: { parameters: ["i64", "i32", "i64", "i64"], result: "i64" },
    waitpid: { parameters: ["i32", "buffer", "i32"], result: "i32" },
  }).symbols;
  if (ptrace(PTRACE_SEIZE, tid, 0n, 0n) < 0n || ptrace(PTRACE_INTERRUPT, tid, 0n, 0n) < 0n) return;
  waitpid(tid, new Uint8Array(4), WALL);
  console.log("held");
  // the end of this process lets the thread go; whatever else it is stopped for, it stays so
  const status = new Uint8Array(4);
  const STOPPED = 0x7f;
  do waitpid(tid, status, WALL); while (status[0] === STOPPED);
}

if (import.meta.main) hold(Number(Deno.args[0]));
