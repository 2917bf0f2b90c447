// Kills a program with kill -9 at random moments, again and again, while its receiver comes and goes.
// In: how often. Out: what was accepted, what has arrived, and whether it came in order.

import { fileURLToPath } from "node:url";
import { HttpReceiver } from "./sinks/local_server.ts";

const WRITER = fileURLToPath(new URL("spool_writer.ts", import.meta.url));
const RUN_NUMBERS = 1_000_000;
/** A run has accepted so much, in digits and line ends, before it is killed: some fifty alerts. */
const BEGUN_CHARACTERS = 400;

export interface KillsReport {
  readonly accepted: number;
  readonly lost: readonly number[];
  /** first arrivals that came after one with a greater number */
  readonly outOfOrder: number;
  readonly duplicates: number;
}

export async function killAndRestart(kills: number): Promise<KillsReport> {
  const folder = await Deno.makeTempDir();
  const accepted: number[] = [];
  let isOut = false;
  await using receiver = await HttpReceiver.start((_, number) => {
    // an outage now and then, so that alerts pile up
    if (number % 40 === 0) isOut = !isOut;
    return isOut ? { status: 503, headers: { "retry-after": "0" } } : {};
  });
  const delivered: number[] = [];
  for (let run = 1; run <= kills; run++) {
    const writer = start(folder, receiver.url, run * RUN_NUMBERS, RUN_NUMBERS - 1);
    const begun = Promise.withResolvers<void>();
    const reading = collect(writer.stdout, accepted, begun.resolve);
    await begun.promise;
    // which moment it is, is left to chance
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
    writer.kill("SIGKILL");
    await writer.status;
    await reading;
  }
  isOut = false;
  await using last = await HttpReceiver.start();
  const writer = start(folder, last.url, 1, 0);
  const words = await new Response(writer.stdout).text();
  if (!words.includes("empty")) throw new Error("the last run did not deliver everything");
  await writer.status;
  await Deno.remove(folder, { recursive: true });
  for (const { text, status } of [...receiver.answered, ...last.answered]) {
    if (status !== 200) continue;
    for (const { n } of text.trim().split("\n").map(readNumber)) delivered.push(n);
  }
  return report(accepted, delivered);
}

function readNumber(line: string): { readonly n: number } {
  return { n: Number(/alert (\d+)/.exec(line)?.[1]) };
}

function start(folder: string, url: string, first: number, count: number): Deno.ChildProcess {
  const args = ["run", "-A", "--no-check", WRITER, folder, url, String(first), String(count)];
  return new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "inherit" }).spawn();
}

/** Only whole lines: of the last one the program may have written a part. */
async function collect(
  stream: ReadableStream<Uint8Array>,
  accepted: number[],
  onBegun: () => void,
): Promise<void> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.length > BEGUN_CHARACTERS) onBegun();
  }
  onBegun();
  accepted.push(...text.split("\n").slice(0, -1).map(Number));
}

function report(accepted: readonly number[], delivered: readonly number[]): KillsReport {
  const firsts = [...new Set(delivered)];
  const arrived = new Set(firsts);
  let greatest = 0, outOfOrder = 0;
  for (const number of firsts) {
    if (number < greatest) outOfOrder++;
    else greatest = number;
  }
  return {
    accepted: accepted.length,
    lost: accepted.filter((number) => !arrived.has(number)),
    outOfOrder,
    duplicates: delivered.length - firsts.length,
  };
}
