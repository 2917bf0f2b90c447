// struct statx as the kernel fills it.
// In: its bytes. Out: the facts of a file.

export const STATX_BYTES = 256;
/** everything that `stat` knows */
export const STATX_BASIC_STATS = 0x7ff;
/** A file on a network is not asked for fresh values: a dead server would block the caller. */
export const AT_STATX_DONT_SYNC = 0x4000;
export const AT_EMPTY_PATH = 0x1000;

export interface FileStat {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly ino: bigint;
  readonly sizeBytes: bigint;
  readonly ctimeNs: bigint;
  readonly mtimeNs: bigint;
  readonly devMajor: number;
  readonly devMinor: number;
}

export function parseStatx(view: DataView): FileStat {
  const timeAt = (at: number) =>
    view.getBigInt64(at, true) * 1_000_000_000n + BigInt(view.getUint32(at + 8, true));
  return {
    uid: view.getUint32(20, true),
    gid: view.getUint32(24, true),
    mode: view.getUint16(28, true),
    ino: view.getBigUint64(32, true),
    sizeBytes: view.getBigUint64(40, true),
    ctimeNs: timeAt(96),
    mtimeNs: timeAt(112),
    devMajor: view.getUint32(136, true),
    devMinor: view.getUint32(140, true),
  };
}

const S_IFMT = 0o170000;
const KINDS = {
  0o010000: "fifo",
  0o020000: "character device",
  0o040000: "directory",
  0o060000: "block device",
  0o100000: "file",
  0o120000: "link",
  0o140000: "socket",
} as const;

export type FileKind = typeof KINDS[keyof typeof KINDS];

export function kindOf({ mode }: Pick<FileStat, "mode">): FileKind {
  return KINDS[(mode & S_IFMT) as keyof typeof KINDS] ?? "character device";
}

/** Differs when the file is another one or has been written to. */
export function stampOf(stat: FileStat): string {
  const { devMajor, devMinor, ino, sizeBytes, ctimeNs, mtimeNs } = stat;
  return [`${devMajor}:${devMinor}`, ino, sizeBytes, ctimeNs, mtimeNs].join(" ");
}
