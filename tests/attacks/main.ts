// `deno task attacks`: every attack against the running program, a line for each.
// In: [--source] [--executable] [NAME…]; both and all when none is named. Out: what was tried and what happened, then
// `N passed, N failed, N skipped`; exit code 1 when an attack succeeded.
// Elsewhere: the attacks (tests/attacks/cases/).

import { liveRefusal } from "../live/falco_process.ts";
import { loadAttacks, type NamedAttack } from "./cases.ts";
import { Target } from "./target.ts";

type Verdict = "passed" | "failed" | "skipped";

async function attempt(attack: NamedAttack, target: Target): Promise<{ verdict: Verdict; text: string }> {
  const refusal = await liveRefusal() ?? await attack.refusal?.() ?? null;
  if (refusal !== null) return { verdict: "skipped", text: refusal };
  try {
    return { verdict: "passed", text: await attack.run(target) };
  } catch (error) {
    return { verdict: "failed", text: error instanceof Error ? error.stack ?? error.message : String(error) };
  }
}

async function main(args: readonly string[]): Promise<number> {
  const names = args.filter((word) => !word.startsWith("--"));
  const isChosen = (kind: string) => args.every((word) => !word.startsWith("--")) || args.includes(kind);
  const all = await loadAttacks();
  const unknown = names.filter((name) => all.every((attack) => attack.name !== name));
  if (unknown.length > 0) {
    console.error(
      `No such attack: ${unknown.join(", ")}. There are: ${all.map(({ name }) => name).join(", ")}`,
    );
    return 2;
  }
  const folder = Deno.makeTempDirSync({ prefix: "falco-attacks-" });
  const counts: Record<Verdict, number> = { passed: 0, failed: 0, skipped: 0 };
  try {
    const targets = [
      ...isChosen("--source") ? [Target.source()] : [],
      ...isChosen("--executable") ? [await Target.executable(folder)] : [],
    ];
    for (const attack of all.filter(({ name }) => names.length === 0 || names.includes(name))) {
      for (const target of targets) {
        const startMs = performance.now();
        const { verdict, text } = await attempt(attack, target);
        counts[verdict]++;
        const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
        const head = `${verdict.toUpperCase().padEnd(7)} ${target.name.padEnd(10)} ${attack.aim}`;
        console.log(`${head} · ${attack.name}: ${attack.tries} → ${text} (${seconds} s)`);
      }
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed > 0 ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
