// What /proc/PID/status and /proc/PID/stat say about a thread.
// In: the bytes of these files. Out: plain numbers. Elsewhere: reading the files (process_scan.ts).

export interface ThreadStatus {
  readonly pid: number;
  readonly ppid: number;
  /** effective ids */
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** ids in the innermost pid namespace; the same as outside for a thread of the host's */
  readonly vtid: number;
  readonly vpid: number;
  readonly pgid: number;
  readonly vpgid: number;
  /** how many pid namespaces the thread is in, the reader's included */
  readonly pidnsDepth: number;
  readonly vmsizeKb: number;
  readonly vmrssKb: number;
  readonly vmswapKb: number;
  readonly capInheritable: bigint;
  readonly capPermitted: bigint;
  readonly capEffective: bigint;
}

export interface ProcessStat {
  readonly sid: number;
  readonly tty: number;
  readonly pageFaultsMinor: bigint;
  readonly pageFaultsMajor: bigint;
  /** after boot, in clock ticks */
  readonly startTicks: bigint;
}

// names of processes need not be UTF-8; every other byte of these files is ASCII
const latin1 = new TextDecoder("latin1");

export function parseStatus(bytes: Uint8Array, tid: number): ThreadStatus | undefined {
  const lines = new Map<string, string>();
  // the first line holds the name, in which the kernel escapes line breaks
  for (const line of latin1.decode(bytes).split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) lines.set(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  const numbers = (key: string) =>
    (lines.get(key) ?? "").split(/\s+/).filter((word) => word !== "").map(Number);
  const first = (key: string) => numbers(key)[0] ?? 0;
  const set = (key: string) => parseHex(lines.get(key));
  const pid = numbers("Tgid")[0];
  const ppid = numbers("PPid")[0];
  if (pid === undefined || ppid === undefined) return undefined;
  const nspid = numbers("NSpid");
  const nspgid = numbers("NSpgid");
  return {
    pid,
    ppid,
    uid: numbers("Uid")[1] ?? 0,
    gid: numbers("Gid")[1] ?? 0,
    groups: numbers("Groups"),
    vtid: nspid.at(-1) ?? tid,
    vpid: numbers("NStgid").at(-1) ?? pid,
    pgid: nspgid[0] ?? -1,
    vpgid: nspgid.at(-1) ?? -1,
    pidnsDepth: Math.max(nspid.length, 1),
    vmsizeKb: first("VmSize"),
    vmrssKb: first("VmRSS"),
    vmswapKb: first("VmSwap"),
    capInheritable: set("CapInh"),
    capPermitted: set("CapPrm"),
    capEffective: set("CapEff"),
  };
}

export function parseStat(bytes: Uint8Array): ProcessStat | undefined {
  const text = latin1.decode(bytes);
  // the name is in parentheses and may contain some itself
  const words = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (words.length < 20) return undefined;
  // field numbers of proc(5) minus 3: state is the first word here
  return {
    sid: Number(words[3]),
    tty: Number(words[4]) >>> 0,
    pageFaultsMinor: parseInteger(words[7]),
    pageFaultsMajor: parseInteger(words[9]),
    startTicks: parseInteger(words[19]),
  };
}

function parseHex(text: string | undefined): bigint {
  return text !== undefined && /^[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text}`) : 0n;
}

function parseInteger(text: string | undefined): bigint {
  return text !== undefined && /^\d{1,20}$/.test(text) ? BigInt(text) : 0n;
}
