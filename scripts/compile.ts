// Builds what is missing or out of date: generated sources, the matcher, the probe. Without changes it does nothing.
// In: [--check] only reports generated sources that differ from the schema.
// Out: files below build/, assembly/generated/, probe/generated/; one line for each thing made.
// Elsewhere: the steps (scripts/compile/).

import { fileURLToPath } from "node:url";
import { buildGenerated } from "./compile/generated.ts";
import { buildMatcher } from "./compile/matcher.ts";
import { buildProbe } from "./compile/probe.ts";
import { Stamps } from "./compile/stamps.ts";
import { ensureTools, RUN_NEEDS } from "./compile/toolchain.ts";

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

async function main(): Promise<number> {
  try {
    if (Deno.args.includes("--check")) {
      const drift = await buildGenerated(ROOT, true);
      for (const line of drift) console.error(line);
      return drift.length > 0 ? 1 : 0;
    }
    await compile(ROOT, (line) => console.error(line));
    return 0;
  } catch (error) {
    console.error(`build: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main());
