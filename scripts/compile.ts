// Builds what is missing or out of date: generated sources, the matcher, the probe. Without changes it does nothing.
// In: [--check] only reports generated sources that differ from the schema; [--dist [launcher|compiled]] makes the
// one-file executable too. Out: files below build/, assembly/generated/, probe/generated/, dist/; a line for each thing.
// Elsewhere: the steps (scripts/compile/).

import { fileURLToPath } from "node:url";
import { buildExecutable, type ExecutableKind } from "./compile/executable.ts";
import { buildGenerated } from "./compile/generated.ts";
import { buildMatcher } from "./compile/matcher.ts";
import { buildProbe } from "./compile/probe.ts";
import { Stamps } from "./compile/stamps.ts";
import { DIST_NEEDS, ensureTools, RUN_NEEDS } from "./compile/toolchain.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Runs the steps in order; `say` gets each line as soon as it is known. */
export async function compile(root: string, say: (line: string) => void): Promise<void> {
  const stamps = Stamps.load(root);
  const steps = [
    () => buildGenerated(root, false),
    () => buildMatcher(root, stamps),
    () => buildProbe(root, stamps),
    () => ensureTools(RUN_NEEDS),
  ];
  for (const step of steps) for (const line of await step()) say(line);
}

async function makeDist(kind: string | undefined, say: (line: string) => void): Promise<void> {
  if (kind !== undefined && kind !== "launcher" && kind !== "compiled") {
    throw new Error(`--dist ${kind}: expected launcher, compiled or nothing`);
  }
  for (const line of await ensureTools(DIST_NEEDS)) say(line);
  const options = {
    output: `${ROOT}dist/falco`,
    ...(kind === undefined ? {} : { kind: kind as ExecutableKind }),
  };
  for (const line of await buildExecutable(ROOT, options)) say(line);
}

async function main(): Promise<number> {
  try {
    if (Deno.args.includes("--check")) {
      const drift = await buildGenerated(ROOT, true);
      for (const line of drift) console.error(line);
      return drift.length > 0 ? 1 : 0;
    }
    const say = (line: string) => console.error(line);
    await compile(ROOT, say);
    const dist = Deno.args.indexOf("--dist");
    if (dist >= 0) await makeDist(Deno.args[dist + 1], say);
    return 0;
  } catch (error) {
    console.error(`build: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main());
