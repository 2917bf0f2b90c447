// What watching takes, and the clock that stamps events.
// In: settings, the machine. Out: findings.

import { ringBytes, type Settings } from "../config/mod.ts";
import { bootEpochNs } from "../ffi/mod.ts";
import { planRings, readCpus } from "../sources/live/mod.ts";
import { fail, type Finding, ok, warning } from "./finding.ts";
import { readText, readWord } from "./host_file.ts";

/** Besides the rings: the runtime, the matcher and its tables. */
const PROGRAM_BYTES = 250 * 2 ** 20;
const YEAR_2020_NS = 1_577_836_800_000_000_000n;
const SLOW_CLOCKS = ["hpet", "acpi_pm", "jiffies", "pit"];
/** what setting the clock slowly (NTP) may move it while the doctor works */
const JUMP_NS = 10_000_000n;

export interface MemoryFacts {
  readonly rings: number;
  readonly ringBytes: number;
  /** bytes that are free or can be freed */
  readonly available: number;
  /** bytes that the control group may have; undefined: no limit */
  readonly limit: number | undefined;
}

export function readMemoryFacts(settings: Settings): MemoryFacts {
  const possible = readCpus("possible");
  const share = settings["engine.modern_ebpf.cpus_for_each_buffer"] || possible.length;
  const limit = Number(readWord("/sys/fs/cgroup/memory.max") ?? "");
  return {
    rings: planRings(possible, readCpus("online"), share).ringCpus.length,
    ringBytes: ringBytes(settings["engine.modern_ebpf.buf_size_preset"]),
    available: Number(/^MemAvailable:\s*(\d+)/m.exec(readText("/proc/meminfo") ?? "")?.[1] ?? NaN) * 1024,
    limit: limit > 0 ? limit : undefined,
  };
}

export function checkMemory({ rings, ringBytes, available, limit }: MemoryFacts): Finding {
  const subject = "memory";
  const total = rings * ringBytes;
  const wanted = `${rings} ${rings === 1 ? "ring" : "rings"} of ${mebibytes(ringBytes)}, ${
    mebibytes(total)
  } in all`;
  const remedy = [
    "Make the rings smaller (engine.modern_ebpf.buf_size_preset)",
    "Let more CPUs share one (engine.modern_ebpf.cpus_for_each_buffer)",
  ];
  const needed = total + PROGRAM_BYTES;
  if (needed > available) {
    return fail(subject, `${wanted}; only ${mebibytes(available)} are available`, ...remedy);
  }
  if (limit !== undefined && needed > limit) {
    const found = `${wanted}; the control group's limit is ${mebibytes(limit)}`;
    return warning(subject, found, `Raise it to ${mebibytes(needed)}`, ...remedy);
  }
  return ok(subject, wanted);
}

/** @param bootBefore when the host booted by the clocks as they stood a while ago */
export function checkClock(bootBefore: bigint): Finding {
  const subject = "clock";
  const boot = bootEpochNs();
  const source = readWord("/sys/devices/system/clocksource/clocksource0/current_clocksource") ?? "unknown";
  const found = `booted ${new Date(Number(boot / 1_000_000n)).toISOString()}, source ${source}`;
  if (boot < YEAR_2020_NS) {
    return warning(subject, `${found}: the clock is not set, so alerts have wrong times`, "Set it (NTP)");
  }
  const jump = boot > bootBefore ? boot - bootBefore : bootBefore - boot;
  if (jump > JUMP_NS) {
    return warning(
      subject,
      `${found}: it jumped by ${
        Number(jump / 1_000_000n)
      } ms just now; alerts keep the time as it was at falco's start`,
      "Let NTP slew the clock; start falco after it is set (After=time-sync.target)",
    );
  }
  if (SLOW_CLOCKS.includes(source)) {
    return warning(
      subject,
      `${found}: slow to read, and each event reads it`,
      "Boot with clocksource=tsc if it is stable",
    );
  }
  return ok(subject, found);
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`;
}
