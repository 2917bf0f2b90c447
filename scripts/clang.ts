// Builds the probe with several compilers and shows each object to this kernel's verifier: what one of them makes of a loop
// another does not, and the verifier's patience ends at a million instructions.
// In: names or paths of clang; none: every clang-NN that PATH has. Out: a line for each; exit code 1 when one failed.
// No part of CI, which has one compiler. Elsewhere: what was found (docs/kernels.md).

import { fileURLToPath } from "node:url";
import { checkFilter, checkPrograms } from "../doctor/probe_programs.ts";
import { messageOf } from "../base/errors.ts";
import { compileProgram } from "./compile/probe.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = `${ROOT}build/clang`;
const WAYS = [
  { name: "raw tracepoints", hooks: { byPerf: false, entriesByCall: true } },
  { name: "perf's tracepoints", hooks: { byPerf: true, entriesByCall: false } },
] as const;

async function main(): Promise<number> {
  const compilers = Deno.args.length > 0 ? Deno.args : compilersOfPath();
  if (compilers.length === 0) {
    console.error(
      "Cannot build the probe: PATH has no clang-NN. Install some: apt-get install clang-14 clang-16 clang-19",
    );
    return 2;
  }
  Deno.mkdirSync(FOLDER, { recursive: true });
  let failures = 0;
  for (const clang of compilers) {
    try {
      const object = `${FOLDER}/probe.bpf.o`;
      await compileProgram(ROOT, "probe/probe.bpf.c", clang, object);
      const elf = Deno.readFileSync(object);
      for (const { name, hooks } of WAYS) {
        for (const check of [checkPrograms, checkFilter]) {
          const startMs = performance.now();
          const { subject, standing, found } = check(elf, hooks);
          if (standing !== "ok") failures++;
          const ms = Math.round(performance.now() - startMs);
          console.log(
            `${standing === "ok" ? "ok  " : "FAIL"} ${clang}, ${name}, ${subject}: ${found} (${ms} ms)`,
          );
        }
      }
    } catch (error) {
      failures++;
      console.log(`FAIL ${clang}: ${messageOf(error)}`);
    }
  }
  return failures > 0 ? 1 : 0;
}

/** By their numbers, the oldest first. */
function compilersOfPath(): string[] {
  const found = new Set<string>();
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      for (const { name } of Deno.readDirSync(folder)) if (/^clang-\d+$/.test(name)) found.add(name);
    } catch {
      // not all that PATH names is there
    }
  }
  return [...found].sort((a, b) => Number(a.slice(6)) - Number(b.slice(6)));
}

if (import.meta.main) Deno.exit(await main());
