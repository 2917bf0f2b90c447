// Shows the kernel every program of the probe: what a version of it lacks (a program type, a helper, a loop that its
// verifier does not follow) is found here, whichever rules are loaded.
// In: the probe's object file. Out: findings. Nothing stays attached.
// Elsewhere: what each program is for (schema/probe_programs.ts), which are loaded for given rules (sources/live/probe_plan.ts).

import { BpfObject, createRing, possibleCpus, withLibbpfLog, withPlainReads } from "../ffi/bpf/mod.ts";
import { EnvironmentError, messageOf } from "../base/mod.ts";
import { closeFd, withSignalsBlocked } from "../ffi/mod.ts";
import { isOfFilter, PROBE_LIMITS, PROBE_PROGRAMS } from "../schema/mod.ts";
import {
  choosePrograms,
  loadError,
  measureDepths,
  type ProbeHooks,
  ringError,
  writeSettings,
} from "../sources/live/mod.ts";
import { fail, type Finding, ok, warning } from "./finding.ts";
import { checkPreemption } from "./preemption.ts";

const SMALL_RING = 64 << 10;
/** nothing is attached: only what decides between programs counts */
const ANY_SETTINGS = {
  boot_epoch_ns: 0n,
  own_mark: 0n,
  cpus_per_ring: 1n,
  wakeup_bytes: 1n << 20n,
  wakeup_interval_ns: 10_000_000n,
  snaplen: 80n,
  drop_failed: 0n,
  ring_bytes: BigInt(SMALL_RING),
};
/** of the verifier's words about one program */
const SHOWN_LINES = 3;
const SHOWN_PROGRAMS = 5;
/** what surrounds them */
const NOISE = /^kernel |(BEGIN|END) PROG LOAD LOG|: failed to load|^libbpf: failed|^processed \d+ insns/;

/** @param measuringElf the object that measures the kernel's preemption */
export function checkProbePrograms(
  elf: Uint8Array<ArrayBuffer>,
  measuringElf: Uint8Array<ArrayBuffer>,
): Finding[] {
  const ring = checkRing();
  if (ring.standing === "fail") return [ring];
  const { finding, hooks } = checkPreemption(measureDepths(measuringElf), Deno.osRelease());
  return [ring, finding, ...hooks === undefined ? [] : [checkPrograms(elf, hooks), checkFilter(elf, hooks)]];
}

function checkRing(): Finding {
  const subject = "ring buffer";
  try {
    closeFd(createRing("falco_doctor", SMALL_RING));
    return ok(subject, "the kernel makes one");
  } catch (error) {
    return failed(subject, ringError(error, 1, SMALL_RING));
  }
}

/** Whether the verifier takes all programs, and which it does not. */
export function checkPrograms(elf: Uint8Array<ArrayBuffer>, hooks: ProbeHooks): Finding {
  const subject = "probe programs";
  const all = PROBE_PROGRAMS.filter((program) => !isOfFilter(program)).map(({ program }) => program);
  const error = refusal(elf, new Set(all), hooks);
  if (error === undefined) {
    return ok(subject, `the verifier takes all ${all.length}: tracepoints, tail calls`);
  }
  // which of them, and why
  const refused: string[] = [];
  for (const program of all) {
    const reason = refusal(elf, new Set([program]), hooks);
    if (reason !== undefined) refused.push(`${program}: ${lastWords(reason)}`);
    if (refused.length === all.indexOf(program) + 1 && refused.length >= SHOWN_PROGRAMS) break; // all of them, it seems
  }
  if (refused.length === 0) return failed(subject, error);
  const shown = refused.slice(0, SHOWN_PROGRAMS);
  return fail(
    subject,
    [`${refused.length} of ${all.length} refused`, ...shown].join("\n"),
    ...error instanceof EnvironmentError ? error.report.remedy : [],
  );
}

/** The same programs with the filter in them: without it everything is reported, so no more than a warning. */
export function checkFilter(elf: Uint8Array<ArrayBuffer>, hooks: ProbeHooks): Finding {
  const subject = "kernel filter";
  const error = refusal(elf, new Set(PROBE_PROGRAMS.map(({ program }) => program)), hooks, true);
  if (error === undefined) return ok(subject, "the verifier takes it (engine.kernel_filter)");
  return warning(
    subject,
    `refused: ${lastWords(error)}`,
    "Nothing has to be done: falco reports every event then; engine.kernel_filter: off spares its warning",
  );
}

function refusal(
  elf: Uint8Array<ArrayBuffer>,
  programs: ReadonlySet<string>,
  hooks: ProbeHooks,
  filters = false,
): Error | undefined {
  return withLibbpfLog((lines) => {
    let object: BpfObject | undefined;
    try {
      const patched = filters ? withPlainReads(elf, PROBE_LIMITS.PLAIN_READS_CALL) : undefined;
      object = new BpfObject(patched ?? elf);
      choosePrograms(object, programs, hooks);
      writeSettings(object, {
        ...ANY_SETTINGS,
        by_perf: hooks.byPerf ? 1n : 0n,
        plain_reads: patched === undefined ? 0n : 1n,
        kernel_filter: filters ? 1n : 0n,
      });
      object.setMaxEntries("rings", 1);
      object.setMaxEntries("scratch", possibleCpus());
      // a signal makes the verifier give up
      withSignalsBlocked(() => object!.load());
      return undefined;
    } catch (error) {
      return loadError(error, lines());
    } finally {
      object?.close();
    }
  });
}

function lastWords(error: Error): string {
  const lines = error instanceof EnvironmentError ? error.report.found : [messageOf(error)];
  return lines.filter((line) => !NOISE.test(line)).slice(-SHOWN_LINES).join(" / ");
}

function failed(subject: string, error: Error): Finding {
  if (!(error instanceof EnvironmentError)) return fail(subject, messageOf(error));
  return fail(subject, [error.report.problem, ...error.report.found].join("\n"), ...error.report.remedy);
}
