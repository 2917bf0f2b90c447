// How fast a recording is evaluated, the way `falco replay` does it: engine, worker, file.
// The recorded traces are made into one long one: the state of each trace once, then its events again and again.

import process from "node:process";
import { recordingPath } from "../tests/support/recordings.ts";
import { upstreamMissing, upstreamRules } from "../tests/support/upstream.ts";
import { Engine } from "../engine/engine.ts";
import { type CompiledRules, compileRules } from "../rules/compile.ts";
import { loadRules } from "../rules/load.ts";
import { readSource } from "../rules/read_source.ts";
import { BLOCK } from "../schema/wire.ts";
import { readTrace } from "../scap/reader.ts";
import type { Bench, Figure } from "./figure.ts";

const TRACES = ["build", "container", "files", "kernel", "net", "privileged", "procs", "scripts", "services"];
const TARGET_EVENTS = 6_300_000;
const PASSES = 3;
const EVENT_BLOCKS: readonly number[] = [BLOCK.EVENT_V2, BLOCK.EVENT_V2_LARGE];
const RULE_SETS: Readonly<Record<string, readonly string[]>> = {
  "no rules": [],
  "the 25 stable rules": ["falco_rules"],
  "all upstream rules": ["falco_rules", "falco-incubating_rules", "falco-sandbox_rules"],
};

async function run(): Promise<readonly Figure[]> {
  const folder = await Deno.makeTempDir({ prefix: "falco-bench-" });
  try {
    const path = `${folder}/long.scap`;
    const events = await writeLongTrace(path);
    const figures: Figure[] = [];
    let base: { name: string; value: number } | undefined;
    for (const [name, files] of Object.entries(RULE_SETS)) {
      const value = await bestCpuNs(path, compile(files)) / events;
      const figure = { name: `replay with ${name}`, value, unit: "ns of CPU an event" };
      figures.push(base === undefined ? figure : { ...figure, against: base });
      figures.push({
        name: `replay with ${name}`,
        value: 1000 / value,
        unit: "million events a second of CPU",
      });
      base ??= { name: "without rules", value };
    }
    return figures;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Gives the number of events. */
async function writeLongTrace(path: string): Promise<number> {
  const traces = [];
  for (const name of TRACES) traces.push(await splitTrace(recordingPath(name)));
  const rounds = Math.ceil(TARGET_EVENTS / traces.reduce((sum, { count }) => sum + count, 0));
  using file = Deno.openSync(path, { write: true, create: true });
  let events = 0;
  for (const { state, body, count } of traces) {
    writeWhole(file, state);
    for (let i = 0; i < rounds; i++) writeWhole(file, body);
    events += rounds * count;
  }
  return events;
}

async function splitTrace(path: string): Promise<{ state: Uint8Array; body: Uint8Array; count: number }> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of readTrace(path)) chunks.push(new Uint8Array(chunk));
  const bytes = new Uint8Array(await new Blob(chunks).arrayBuffer());
  const data = new DataView(bytes.buffer);
  let stateEnd: number | undefined, count = 0;
  for (let at = 0; at + 12 <= bytes.length; at += data.getUint32(at + 4, true)) {
    if (!EVENT_BLOCKS.includes(data.getUint32(at, true))) continue;
    stateEnd ??= at;
    count++;
  }
  return { state: bytes.subarray(0, stateEnd), body: bytes.subarray(stateEnd), count };
}

function writeWhole(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
}

/** The other runs of the machine take time away, but give none back: the best of several. */
async function bestCpuNs(path: string, rules: CompiledRules): Promise<number> {
  let best = Infinity;
  for (let i = 0; i < PASSES; i++) {
    const before = process.cpuUsage();
    const engine = await Engine.start({ rules, source: { kind: "replay", path }, onAlerts: () => {} });
    await engine.ended;
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) * 1000);
  }
  return best;
}

function compile(names: readonly string[]): CompiledRules {
  const sources = names.map((name) => {
    const read = readSource(upstreamRules(`${name}.yaml`));
    if (!("source" in read)) throw new Error(`Cannot read the rules ${name}: ${read.reason}`);
    return read.source;
  });
  return compileRules(loadRules(sources, {}).rules, { matching: "first" });
}

const present = upstreamMissing === undefined;

export const REPLAY: Bench = {
  name: "replay",
  refusal: () => present ? undefined : "the recorded traces are not next to the project",
  run,
};
