// One line of what `falco doctor` says: a subject, its state, what was found, and what to do about it.
// Elsewhere: how findings are printed (cli/commands/doctor.ts), who makes them (the other files of this package).

/** `fail`: live monitoring cannot run, or misses events; `warning`: it runs, and knows or does less. */
export type Standing = "ok" | "warning" | "fail";

export interface Finding {
  readonly subject: string;
  readonly standing: Standing;
  readonly found: string;
  readonly remedy: readonly string[];
}

export function ok(subject: string, found: string): Finding {
  return { subject, standing: "ok", found, remedy: [] };
}

export function warning(subject: string, found: string, ...remedy: readonly string[]): Finding {
  return { subject, standing: "warning", found, remedy };
}

export function fail(subject: string, found: string, ...remedy: readonly string[]): Finding {
  return { subject, standing: "fail", found, remedy };
}
