// The process that makes calls while falco watches: the probe does not report those of falco itself, so it is another one.
// In: what it is to make. Out: what it found; it is this program, started once more with a hidden flag of `falco bench`.
// Elsewhere: what it does (call_times.ts, flood.ts).

import { ownCommand } from "../assets/mod.ts";
import { type CallTimes, callTimes } from "./call_times.ts";
import { floodOpens } from "./flood.ts";

export const MAKER_FLAG = "--make";
const CALLS = "calls";
const FLOOD = "flood:";
/** Above what it has to do anyway. */
const PATIENCE_MS = 120_000;

/** The part of the other process: prints what it found as JSON. */
export function makeCalls(what: string): void {
  console.log(JSON.stringify(what === CALLS ? callTimes() : floodOpens(Number(what.slice(FLOOD.length)))));
}

export async function timesOfCalls(): Promise<CallTimes> {
  return await runMaker(CALLS, 0) as CallTimes;
}

/** @returns how often a file was opened, by all processes together */
export async function flood(processes: number, seconds: number): Promise<number> {
  const all = Array.from({ length: processes }, () => runMaker(FLOOD + seconds, seconds));
  return (await Promise.all(all) as number[]).reduce((sum, opens) => sum + opens, 0);
}

async function runMaker(what: string, seconds: number): Promise<unknown> {
  const own = ownCommand(["bench", MAKER_FLAG, what]);
  const { code, signal, stdout, stderr } = await new Deno.Command(own.path, {
    args: [...own.args],
    // a root without /dev has no null device
    stdin: "inherit",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(PATIENCE_MS + seconds * 1000),
  }).output();
  const decoder = new TextDecoder();
  if (code === 0) return JSON.parse(decoder.decode(stdout));
  const words = decoder.decode(stderr).trim().split("\n").at(-1) ?? "";
  throw new Error(`The process that makes calls ended with ${signal ?? code}: ${words}`);
}
