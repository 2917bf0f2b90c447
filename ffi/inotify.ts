// inotify: the kernel reports what happens in folders. Nothing that appears there is opened, and no read waits.
// In: paths of folders. Out: events with names as bytes, which need not be UTF-8.
// Elsewhere: which folders, what it means (files/folder_watch.ts).

import { ERRNO } from "../base/mod.ts";
import { kept } from "./kept_memory.ts";
import { callError, closeFd, cString, errno, libc } from "./libc.ts";

const IN_NONBLOCK = 0o4000;
const IN_CLOEXEC = 0o2000000;
const IN_ONLYDIR = 0x0100_0000;

export const IN = {
  ATTRIB: 0x4,
  CLOSE_WRITE: 0x8,
  MODIFY: 0x2,
  MOVED_FROM: 0x40,
  MOVED_TO: 0x80,
  CREATE: 0x100,
  DELETE: 0x200,
  DELETE_SELF: 0x400,
  MOVE_SELF: 0x800,
  UNMOUNT: 0x2000,
  Q_OVERFLOW: 0x4000,
  IGNORED: 0x8000,
} as const;

/** Room for a few hundred events; what does not fit comes with the next read. */
const BUFFER_BYTES = 1 << 16;
const HEADER_BYTES = 16;

export interface InotifyEvent {
  /** of the watch; −1 with Q_OVERFLOW */
  readonly watch: number;
  readonly mask: number;
  /** in the folder; empty when the folder itself is meant */
  readonly name: Uint8Array;
}

export class Inotify {
  readonly fd: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #view = new DataView(this.#buffer.buffer);

  /** @throws CallError, with EMFILE when the user has too many instances */
  constructor() {
    this.fd = libc().inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (this.fd < 0) throw callError("inotify_init1", errno());
  }

  /**
   * The number of the watch; the same as before for a folder that is watched already. Walking the path may wait for a
   * file system, so it happens in a thread of its own, whose errno is lost: −1 says only that there is no watch.
   */
  async add(folder: string, mask: number): Promise<number> {
    if (folder.includes("\0")) return -1;
    const name = cString(folder);
    return await kept(libc().slow_inotify_add_watch(this.fd, name, mask | IN_ONLYDIR), name);
  }

  remove(watch: number): void {
    libc().inotify_rm_watch(this.fd, watch);
  }

  /** What has happened since the last call, as far as it fits the buffer; nothing when nothing has. */
  read(): InotifyEvent[] {
    const got = Number(libc().read(this.fd, this.#buffer, BigInt(BUFFER_BYTES)));
    if (got < 0) {
      const failure = errno();
      if (failure === ERRNO.EAGAIN || failure === ERRNO.EINTR) return [];
      throw callError("read(inotify)", failure);
    }
    const events: InotifyEvent[] = [];
    for (let at = 0; at + HEADER_BYTES <= got;) {
      const nameBytes = this.#view.getUint32(at + 12, true);
      const name = this.#buffer.subarray(at + HEADER_BYTES, at + HEADER_BYTES + nameBytes);
      const end = name.indexOf(0);
      events.push({
        watch: this.#view.getInt32(at, true),
        mask: this.#view.getUint32(at + 4, true),
        name: name.slice(0, end < 0 ? undefined : end),
      });
      at += HEADER_BYTES + nameBytes;
    }
    return events;
  }

  close(): void {
    closeFd(this.fd);
  }
}
