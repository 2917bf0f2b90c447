// Errors of the environment: what this host does not have or refuses. They are thrown, cross the border of a worker as plain
// data, and are printed without a stack: the message alone must say what was tried, what was found and what to do.
// Elsewhere: mistakes of the user (rules/diagnostics), names of errno values for rule output (schema/errno.ts).

export interface EnvironmentReport {
  /** what could not be done, as "Cannot …" */
  readonly problem: string;
  /** what was attempted, in order */
  readonly tried: readonly string[];
  /** what the attempt met */
  readonly found: readonly string[];
  /** what the user can do about it */
  readonly remedy: readonly string[];
}

export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  readonly report: EnvironmentReport;

  constructor(report: EnvironmentReport, cause?: unknown) {
    super(text(report), cause === undefined ? undefined : { cause });
    this.report = report;
  }
}

/** A system call or library call that failed. */
export class CallError extends Error {
  override readonly name = "CallError";
  readonly call: string;
  readonly errno: number;

  constructor(call: string, errno: number, reason: string) {
    super(`${call} failed: ${reason} (errno ${errno})`);
    this.call = call;
    this.errno = errno;
  }
}

/** errno values that decide which remedy fits. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  E2BIG: 7,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  ENOTDIR: 20,
  EINVAL: 22,
  ENFILE: 23,
  EMFILE: 24,
  ENOSPC: 28,
  ENOSYS: 38,
  ENAMETOOLONG: 36,
  ELOOP: 40,
  EINPROGRESS: 115,
} as const;

function text(report: EnvironmentReport): string {
  const lines = [report.problem];
  for (
    const [label, items] of [["tried", report.tried], ["found", report.found], [
      "remedy",
      report.remedy,
    ]] as const
  ) {
    for (const item of items) lines.push(`  ${label}: ${item.trim().replaceAll("\n", "\n    ")}`);
  }
  return lines.join("\n");
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
