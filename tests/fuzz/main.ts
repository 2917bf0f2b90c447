// `deno task fuzz`: lets strangers write whatever they can to a running falco, and sees whether it still works.
// In: [SECONDS] (1800) [--executable] [--seed N] [--only NAME] [--alone]. Out: a line a minute, what was done how often,
// the worst figures of this falco and of a second one that nobody writes to; exit code 1 when a limit was passed, an
// alert did not come, a stranger did nothing, or falco ended.
// Elsewhere: the strangers (strangers/), each in a thread of its own (stranger_thread.ts), what is watched
// (falco_watch.ts), what falco is told to do (fuzz_settings.ts).

import { parseArgs } from "node:util";
import { Target } from "../attacks/target.ts";
import { FalcoWatch, type Figures, isRunning, openMarks } from "./falco_watch.ts";
import { freePort, ownUsers, USER, writeSettings } from "./fuzz_settings.ts";
import type { Settings } from "./stranger.ts";
import { StrangerThread } from "./stranger_thread.ts";
import { STRANGERS } from "./strangers/index.ts";

const DEFAULT_SECONDS = 1800;
const PROGRESS_MS = 60_000;
const STOP_LIMIT_MS = 60_000;

/** No thread may hang for a second, and memory stays below 400 MB. */
const LIMITS: Partial<Figures> = {
  healthHeldMs: 1000,
  healthUnanswered: 0,
  canaryWorstMs: 1000,
  // a call each second, and one second late
  canarySilenceMs: 2000,
  alertsMissing: 0,
  threadStuckMs: 1000,
  peakResidentMiB: 400e6 / 2 ** 20,
};

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      executable: { type: "boolean" },
      alone: { type: "boolean" },
      seed: { type: "string" },
      only: { type: "string" },
    },
  });
  const seconds = Number(positionals[0] ?? DEFAULT_SECONDS);
  const seed = Number(values.seed ?? Date.now() % 1e9);
  const names = Object.keys(STRANGERS).filter((name) =>
    values.only === undefined || name.includes(values.only)
  );
  const folder = Deno.makeTempDirSync({ prefix: "falco-fuzz-", dir: "/var/tmp" });
  Deno.chmodSync(folder, 0o755);
  const strangers: StrangerThread[] = [];
  const watches: FalcoWatch[] = [];
  console.log(`seed ${seed}, ${seconds} s: ${names.join(", ")}`);
  try {
    const users = await ownUsers(folder);
    const target = values.executable === true ? await Target.executable(folder) : Target.source();
    const auditPort = freePort();
    for (const name of names) {
      strangers.push(await StrangerThread.prepare(name, { folder, seed, auditPort, user: USER }));
    }
    const settings = joined(strangers.map((one) => one.settings));
    const start = async (name: string, more: Record<string, unknown>) => {
      const port = freePort();
      const falco = await target.start(["-c", writeSettings(folder, name, port, more)], users.wrapper);
      watches.push(new FalcoWatch(name, falco, port));
    };
    await start("falco", { ...settings, auditPort });
    if (values.alone !== true) await start("reference", {});
    const stopMarks = openMarks(folder, watches);
    const startMs = performance.now();
    for (const stranger of strangers) stranger.start();
    const progress = setInterval(() => {
      const minutes = Math.round((performance.now() - startMs) / PROGRESS_MS);
      const done = strangers.map(({ name, total }) => `${name} ${total}`).join(", ");
      console.log(`${minutes} min: ${watches.map((watch) => watch.brief).join(" · ")} · ${done}`);
    }, PROGRESS_MS);
    let isInterrupted = false;
    // what strangers have made goes, and what was seen so far is reported
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      Deno.addSignalListener(signal, () => isInterrupted = true);
    }
    const isOver = () => isInterrupted || performance.now() - startMs > seconds * 1000;
    while (!isOver() && watches.every(({ falco }) => isRunning(falco.pid))) await pause(1000);
    clearInterval(progress);
    const ended = watches.filter(({ falco }) => !isRunning(falco.pid)).map(({ name }) => name);
    for (const stranger of strangers) await stranger.stop();
    await stopMarks();
    let passed = report(strangers, watches);
    for (const watch of watches) {
      const { code, tookMs } = await watch.end(STOP_LIMIT_MS);
      console.log(`${watch.name}: SIGTERM, exit code ${code} after ${(tookMs / 1000).toFixed(1)} s`);
      if (code !== 0) passed = false;
    }
    for (const name of ended) console.log(`OVER  ${name} has ended by itself`);
    passed &&= ended.length === 0;
    Deno.writeTextFileSync(`/tmp/falco-fuzz-${seed}.log`, shown(watches[0]!.lines.join("\n")));
    console.log(`log: /tmp/falco-fuzz-${seed}.log`);
    return passed ? 0 : 1;
  } finally {
    for (const stranger of strangers) await stranger.stop();
    for (const watch of watches) await watch.end(STOP_LIMIT_MS);
    Deno.removeSync(folder, { recursive: true });
    await Deno.remove(`/run/user/${USER}`, { recursive: true }).catch(() => {});
  }
}

function report(strangers: readonly StrangerThread[], [watch, reference]: readonly FalcoWatch[]): boolean {
  let passed = true;
  for (const { name, counts, total } of strangers) {
    const entries = Object.entries(counts).sort(([a], [b]) => a < b ? -1 : 1);
    const isIdle = total === 0;
    if (isIdle) passed = false;
    console.log(
      `${isIdle ? "OVER  " : ""}${name}: ${total} (${
        entries.map(([what, count]) => `${what} ${count}`).join(", ")
      })`,
    );
  }
  const figures = watch!.figures();
  const others = reference?.figures();
  for (const [key, value] of Object.entries(figures)) {
    const limit = LIMITS[key as keyof Figures];
    const other = others?.[key as keyof Figures];
    const isOver = limit !== undefined && value > limit;
    if (isOver) passed = false;
    const against = limit === undefined ? "" : ` (limit ${Math.round(limit)})`;
    const reference = other === undefined ? "" : `, reference ${Math.round(other)}`;
    console.log(`${isOver ? "OVER  " : "      "}${key}: ${Math.round(value)}${against}${reference}`);
  }
  for (const problem of watch!.problems) console.log(`      /healthz said: ${problem}`);
  return passed;
}

/** Joined by their first keys; what is a mapping itself is joined too. */
function joined(all: readonly Settings[]): Settings {
  const joint: Record<string, unknown> = {};
  for (const [key, value] of all.flatMap(Object.entries)) {
    joint[key] = typeof value === "object" ? { ...joint[key] as object, ...value } : value;
  }
  return joint;
}

/** Whatever a stranger has brought into it. */
function shown(text: string): string {
  return text.replaceAll(/[^\P{C}\n]/gu, "\ufffd");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (import.meta.main) Deno.exit(await main(Deno.args));
