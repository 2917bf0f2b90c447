// What else watches system calls on this host: it is part of all that is measured.
// In: /proc. Out: names and numbers of processes that look like it.

/** As the kernel has them: the first 15 bytes. */
const NAMES: ReadonlySet<string> = new Set([
  ...["falco", "tetragon", "tracee", "sysdig", "auditd", "osqueryd", "datadog-agent", "security-agent"],
  "system-probe",
]);

export function otherMonitors(proc = "/proc", self = Deno.pid): string[] {
  const found: string[] = [];
  for (const { name } of Deno.readDirSync(proc)) {
    if (!/^\d+$/.test(name) || Number(name) === self) continue;
    const comm = commOf(`${proc}/${name}/comm`);
    if (comm !== undefined && NAMES.has(comm)) found.push(`${comm} (${name})`);
  }
  return found.sort();
}

function commOf(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path).trimEnd();
  } catch {
    return undefined; // it has ended
  }
}
