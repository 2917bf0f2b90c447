// Whether this process may open as many files as the probe takes: each program, map, ring and attachment is one.
// In: a count. Out: nothing, or an EnvironmentError with the limit, what is needed and how to raise it.
// Elsewhere: the kernel's own refusal, where the count was wrong or the whole host has too many (probe_errors.ts).

import { EnvironmentError } from "../../base/mod.ts";
import { ownOpenFilesLimits } from "../../ffi/mod.ts";

/** For /proc, engines of containers, outputs, connections, maps that libbpf makes by itself. */
const RESERVE = 96;

export interface OpenFilesFacts {
  readonly open: number;
  readonly limit: bigint;
  readonly hardLimit: bigint;
}

export const OPEN_FILES_REMEDY: readonly string[] = [
  "Raise the hard limit of open files: LimitNOFILE=65536 (systemd), --ulimit nofile=65536:65536 (docker, podman), " +
  "ulimit -Hn 65536 (shell, as root), /etc/security/limits.conf",
];

/** @param more what is going to be opened */
export function checkOpenFiles(what: string, more: number, facts = readFacts()): void {
  if (facts === undefined || BigInt(facts.open + more + RESERVE) <= facts.limit) return;
  throw new EnvironmentError({
    problem: "Cannot load the probe: this process may open too few files",
    tried: [`${what}: ${more} files, besides ${facts.open} that are open and ${RESERVE} for the work`],
    found: [`RLIMIT_NOFILE is ${facts.limit} (hard limit ${facts.hardLimit})`],
    remedy: OPEN_FILES_REMEDY,
  });
}

function readFacts(): OpenFilesFacts | undefined {
  const limits = ownOpenFilesLimits();
  try {
    return limits &&
      { open: [...Deno.readDirSync("/proc/self/fd")].length, limit: limits.soft, hardLimit: limits.hard };
  } catch {
    return undefined; // without a number the kernel says it
  }
}
