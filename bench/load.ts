// How long it takes to load all upstream rules, from text to the generated module, in a process that has done nothing
// before: run as a program of its own, this file is that process.

import { upstreamMissing, upstreamRules } from "../tests/support/upstream.ts";
import { compileRules } from "../rules/compile.ts";
import { loadRules } from "../rules/load.ts";
import { readSource } from "../rules/read_source.ts";
import type { Bench, Figure } from "./figure.ts";

const FILES = ["falco_rules", "falco-incubating_rules", "falco-sandbox_rules", "k8s_audit_rules"];
const RUNS = 5;

interface LoadTime {
  readonly rules: number;
  readonly loadMs: number;
  readonly compileMs: number;
}

function loadOnce(): LoadTime {
  const sources = FILES.map((name) => {
    const read = readSource(upstreamRules(`${name}.yaml`));
    if (!("source" in read)) throw new Error(`Cannot read the rules ${name}: ${read.reason}`);
    return read.source;
  });
  const startMs = performance.now();
  const { rules } = loadRules(sources, { lint: false });
  const loadedMs = performance.now();
  compileRules(rules, { matching: "first" });
  return { rules: rules.length, loadMs: loadedMs - startMs, compileMs: performance.now() - loadedMs };
}

async function run(): Promise<readonly Figure[]> {
  const times: LoadTime[] = [];
  for (let i = 0; i < RUNS; i++) {
    const { stdout, success } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL(import.meta.url).pathname],
      stderr: "inherit",
    }).output();
    if (!success) throw new Error("the process that loads rules failed");
    times.push(JSON.parse(new TextDecoder().decode(stdout)));
  }
  const best = (pick: (time: LoadTime) => number) => Math.min(...times.map(pick));
  const loadMs = best((time) => time.loadMs);
  return [
    { name: "loading all upstream rules, cold", value: loadMs, unit: "ms" },
    {
      name: "loading and compiling them, cold",
      value: best((time) => time.loadMs + time.compileMs),
      unit: "ms",
      against: { name: "loading", value: loadMs },
    },
  ];
}

const present = upstreamMissing === undefined;

export const LOAD: Bench = {
  name: "load",
  refusal: () => present ? undefined : "the upstream rules are not next to the project",
  run,
};

if (import.meta.main) console.log(JSON.stringify(loadOnce()));
