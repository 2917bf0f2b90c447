// Numbers of capabilities, and which of them a process has in effect.
// In: the text of /proc/PID/status. Elsewhere: which falco needs (rights.ts).

export const CAP_DAC_READ_SEARCH = 2n;
export const CAP_SYS_PTRACE = 19n;
export const CAP_SYS_ADMIN = 21n;
export const CAP_SYS_RESOURCE = 24n;
export const CAP_PERFMON = 38n;
export const CAP_BPF = 39n;

/** Undefined when the text does not tell. */
export function hasCapability(status: string, capability: bigint): boolean | undefined {
  const text = effectiveText(status);
  return text === undefined ? undefined : (BigInt(`0x${text}`) >> capability & 1n) === 1n;
}

/** As the kernel writes them: hexadecimal digits. */
export function effectiveText(status: string): string | undefined {
  return /^CapEff:\s*([0-9a-f]+)/im.exec(status)?.[1];
}
