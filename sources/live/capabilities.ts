// Which capabilities the probe and what is around it need, and which of them a process has in effect.
// In: the text of /proc/PID/status. Out: those that are missing, and what goes without them.
// Elsewhere: refusing to start (prerequisites.ts), a warning (service/health/missing_rights.ts), falco doctor (doctor/rights.ts).

export const CAP_DAC_READ_SEARCH = 2n;
export const CAP_SYS_PTRACE = 19n;
export const CAP_SYS_ADMIN = 21n;
export const CAP_SYS_RESOURCE = 24n;
export const CAP_PERFMON = 38n;
export const CAP_BPF = 39n;

export interface Capability {
  readonly name: string;
  readonly bit: bigint;
  /** falco does not start without it; CAP_SYS_ADMIN stands for those */
  readonly isNeeded: boolean;
  readonly without: string;
}

export const CAPABILITIES: readonly Capability[] = [
  { name: "CAP_BPF", bit: CAP_BPF, isNeeded: true, without: "the probe cannot be loaded" },
  { name: "CAP_PERFMON", bit: CAP_PERFMON, isNeeded: true, without: "the probe cannot be loaded" },
  {
    name: "CAP_SYS_PTRACE",
    bit: CAP_SYS_PTRACE,
    isNeeded: false,
    without: "open files and programs of processes that were there before are unknown",
  },
  {
    name: "CAP_DAC_READ_SEARCH",
    bit: CAP_DAC_READ_SEARCH,
    isNeeded: false,
    without: "files of other users, such as the users of containers, cannot be read",
  },
];

export function missingCapabilities(status: string): readonly Capability[] {
  const has = (bit: bigint) => hasCapability(status, bit) === true;
  return CAPABILITIES.filter(({ bit, isNeeded }) => !has(bit) && !(isNeeded && has(CAP_SYS_ADMIN)));
}

/** Undefined when the text does not tell. */
export function hasCapability(status: string, capability: bigint): boolean | undefined {
  const text = effectiveText(status);
  return text === undefined ? undefined : (BigInt(`0x${text}`) >> capability & 1n) === 1n;
}

/** As the kernel writes them: hexadecimal digits. */
export function effectiveText(status: string): string | undefined {
  return /^CapEff:\s*([0-9a-f]+)/im.exec(status)?.[1];
}
