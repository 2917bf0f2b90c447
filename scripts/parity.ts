// Compares what we say about recorded traces with what Falco said, and prints how much agrees.
// In: names of traces instead of all; --folder DIR with other recordings; --show N disagreements of each kind (3).
// Out: the report; exit code 1 below the thresholds: all alerts equal, 99.9 % of the fields, 99.9 % of the lines.
// Elsewhere: comparing (tests/parity/).

import { parseArgs } from "node:util";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { compareAlerts, VARIANTS } from "../tests/parity/alerts.ts";
import { compareEventLines } from "../tests/parity/event_lines.ts";
import { compareFields } from "../tests/parity/fields.ts";
import { listTraces } from "../tests/parity/recordings.ts";
import { RECORDINGS } from "../tests/support/recordings.ts";
import { upstreamMissing } from "../tests/support/upstream.ts";
import { percent, type Tally } from "../tests/parity/tally.ts";

/** Share that has to agree over all traces. */
export const THRESHOLDS = { alerts: 1, fields: 0.999, lines: 0.999 } as const;

type Subject = keyof typeof THRESHOLDS;

class Sums {
  readonly #sums = new Map<Subject, { compared: number; differing: number }>();

  add(subject: Subject, { compared, differing }: Tally): void {
    const sum = this.#sums.get(subject) ?? { compared: 0, differing: 0 };
    this.#sums.set(subject, { compared: sum.compared + compared, differing: sum.differing + differing });
  }

  /** Prints the end of the report. @returns whether all is as it has to be */
  conclude(): boolean {
    let passed = true;
    for (const [subject, { compared, differing }] of this.#sums) {
      const share = compared === 0 ? 1 : 1 - differing / compared;
      const enough = share >= THRESHOLDS[subject];
      passed &&= enough;
      console.log(
        `${subject}: ${compared - differing} of ${compared} values agree (${percent(share)}, ` +
          `${percent(THRESHOLDS[subject])} needed${enough ? "" : ": NOT REACHED"})`,
      );
    }
    return passed;
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    allowPositionals: true,
    options: { folder: { type: "string" }, show: { type: "string", default: "3" } },
  });
  const folder = values.folder === undefined ? RECORDINGS : pathToFileURL(`${resolve(values.folder)}/`);
  const traces = positionals.length > 0 ? positionals : listTraces(folder);
  if (traces.length === 0) {
    console.error(`no recorded traces in ${folder.pathname}: name a folder that holds them with --folder`);
    return 2;
  }
  const show = Number(values.show);
  const sums = new Sums();
  for (const trace of traces) {
    console.log(trace);
    for (const variant of upstreamMissing === undefined ? VARIANTS : []) {
      print(sums, "alerts", variant.name, await compareAlerts(folder, trace, variant), show);
    }
    print(sums, "fields", "fields", await compareFields(folder, trace), show);
    print(sums, "lines", "event lines", await compareEventLines(folder, trace), show);
  }
  if (upstreamMissing !== undefined) console.log(`alerts were not compared: ${upstreamMissing}`);
  return sums.conclude() ? 0 : 1;
}

function print(sums: Sums, subject: Subject, title: string, tally: Tally, show: number): void {
  sums.add(subject, tally);
  const unexplained = tally.unexplained === 0 ? "" : `, ${tally.unexplained} differences not explained`;
  const alerts = subject === "alerts" ? `${tally.names.get("alert")?.compared ?? 0} alerts, values ` : "";
  console.log(`  ${title}: ${alerts}${tally.summary}${unexplained}`);
  for (const line of tally.report(show)) console.log(line);
}

if (import.meta.main) Deno.exit(await main());
