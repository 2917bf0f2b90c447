// Files below a root that a stranger controls: that of a process in a container.
// In: the path of a root folder (/proc/<pid>/root), paths below it. Out: content, or nothing.
//
// Whatever is there, nothing happens but a bounded read of a regular file below that root: symbolic links are followed
// as the process itself would (openat2 with RESOLVE_IN_ROOT, no magic links), so they cannot leave the root; a file is
// looked at before it is opened (O_PATH), so that no FIFO blocks and no device notices; files that the kernel makes up
// are refused. A file system may never answer (FUSE, NFS): all calls run in threads of their own, and callers bound how
// many there are. The root is held only while it is read: no unmount fails because of falco for longer.

import { closeFd } from "./libc.ts";
import { slowIsMadeUp, slowOpenFolderPath, slowOpenPathIn, slowRead, slowStat } from "./slow_files.ts";
import { kindOf, stampOf } from "./statx.ts";

export interface ForeignFile {
  /** differs when the file is another one or has been written to */
  readonly stamp: string;
  /** nothing when the stamp is the one that was known, or the file is longer than allowed */
  readonly bytes?: Uint8Array<ArrayBuffer>;
}

export class ForeignRoot {
  readonly #fd: number;
  /** device and inode: equal for two processes with the same root */
  readonly identity: string;

  private constructor(fd: number, identity: string) {
    this.#fd = fd;
    this.identity = identity;
  }

  /** Nothing when there is no such folder (any more). */
  static async open(path: string): Promise<ForeignRoot | undefined> {
    const fd = await slowOpenFolderPath(path);
    if (fd < 0) return undefined;
    const stat = await slowStat(fd);
    if (stat !== undefined) return new ForeignRoot(fd, `${stat.devMajor}:${stat.devMinor} ${stat.ino}`);
    closeFd(fd);
    return undefined;
  }

  /**
   * @param knownStamp a file with this stamp is not read again
   * @returns nothing when there is no regular file
   */
  async read(path: string, maxBytes: number, knownStamp?: string): Promise<ForeignFile | undefined> {
    const fd = await slowOpenPathIn(this.#fd, path);
    if (fd < 0) return undefined;
    try {
      const stat = await slowStat(fd);
      if (stat === undefined || kindOf(stat) !== "file" || await slowIsMadeUp(fd)) return undefined;
      const stamp = stampOf(stat);
      if (stamp === knownStamp || stat.sizeBytes > BigInt(maxBytes)) return { stamp };
      const bytes = await slowRead(fd, Number(stat.sizeBytes));
      return bytes === undefined ? undefined : { stamp, bytes };
    } finally {
      closeFd(fd);
    }
  }

  close(): void {
    closeFd(this.#fd);
  }
}
