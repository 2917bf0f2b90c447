// Runs the measurements, all in one run, and prints ratios: figures of different runs cannot be compared.
// In: names of measurements to run instead of all; [--json FILE]. Out: a line per figure, and all of them in that file.
// Elsewhere: the measurements, one file each next to this one.

import { parseArgs } from "node:util";
import type { Bench, Figure } from "./figure.ts";
import { CONTAINERS } from "./containers.ts";
import { EDITOR } from "./editor.ts";
import { KERNEL_FILTER } from "./kernel_filter.ts";
import { LOAD } from "./load.ts";
import { LOADS_OF_HOSTS } from "./loads.ts";
import { OVERHEAD } from "./overhead.ts";
import { PEER } from "./peer.ts";
import { PIPELINE } from "./pipeline.ts";
import { REPLAY } from "./replay.ts";

/** In the order in which they run. */
const BENCHES: readonly Bench[] = [
  LOAD,
  EDITOR,
  PIPELINE,
  REPLAY,
  OVERHEAD,
  KERNEL_FILTER,
  LOADS_OF_HOSTS,
  PEER,
  CONTAINERS,
];

export function figureLine({ name, value, unit, against }: Figure): string {
  const shown = `${name}: ${value.toPrecision(3)} ${unit}`;
  if (against === undefined) return shown;
  return `${shown}, ${(value / against.value).toPrecision(3)} × ${against.name} (${
    against.value.toPrecision(3)
  } ${unit})`;
}

async function main(args: readonly string[]): Promise<void> {
  const { values: { json }, positionals: selected } = parseArgs({
    args: [...args],
    options: { json: { type: "string" } },
    allowPositionals: true,
  });
  const figures: Figure[] = [];
  for (const bench of BENCHES) {
    if (selected.length > 0 && !selected.includes(bench.name)) continue;
    const refusal = bench.refusal?.();
    if (refusal !== undefined) {
      console.log(`${bench.name}: skipped, ${refusal}`);
      continue;
    }
    const found = await bench.run();
    for (const figure of found) console.log(figureLine(figure));
    figures.push(...found);
  }
  if (json !== undefined) Deno.writeTextFileSync(json, `${JSON.stringify(figures, undefined, 2)}\n`);
}

if (import.meta.main) await main(Deno.args);
