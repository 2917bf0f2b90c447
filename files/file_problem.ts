// Why a file is not read, in words that go on after its name.
// In: an errno, or what the file is. Out: FileProblem.

import { ERRNO } from "../base/mod.ts";
import { errorText, type FileKind } from "../ffi/mod.ts";

export interface FileProblem {
  readonly kind: "missing" | "denied" | "not a file" | "too large" | "silent" | "failed";
  /** one clause: "it is a FIFO" */
  readonly reason: string;
  /** what to do about it */
  readonly hint?: string;
}

/** A path that the runtime has decoded from a name that is not UTF-8 leads nowhere. */
const REPLACEMENT = "\ufffd";

const KIND_WORDS: Readonly<Record<Exclude<FileKind, "file">, string>> = {
  "fifo": "a FIFO (named pipe)",
  "socket": "a socket",
  "character device": "a character device",
  "block device": "a block device",
  "directory": "a directory",
  "link": "a symbolic link",
};
const FILES_ONLY = "only regular files are read: put one in its place, or remove it";

export function wrongKind(kind: Exclude<FileKind, "file">): FileProblem {
  return { kind: "not a file", reason: `it is ${KIND_WORDS[kind]}`, hint: FILES_ONLY };
}

export const MADE_UP: FileProblem = {
  kind: "not a file",
  reason: "the kernel makes up its content (as in /proc and /sys)",
  hint: FILES_ONLY,
};

export function tooLarge(maxBytes: number): FileProblem {
  const limit = maxBytes >= 1 << 20 ? `${maxBytes >> 20} MiB` : `${maxBytes >> 10} KiB`;
  return { kind: "too large", reason: `it is larger than ${limit}` };
}

export function silent(timeoutMs: number): FileProblem {
  return {
    kind: "silent",
    reason: `its file system has not answered for ${timeoutMs / 1000} s`,
    hint: "check the mount that it lies on",
  };
}

/** @param isLink there is a symbolic link of this name */
export function failed(path: string, code: number, isLink: boolean): FileProblem {
  switch (code) {
    case ERRNO.ENOENT:
    case ERRNO.ENOTDIR:
      if (isLink) {
        return {
          kind: "missing",
          reason: "it is a symbolic link that leads to nothing",
          hint: "mend the link, or remove it",
        };
      }
      return path.includes(REPLACEMENT)
        ? { kind: "missing", reason: "its name is not UTF-8", hint: "rename the file" }
        : { kind: "missing", reason: "there is no such file" };
    case ERRNO.EACCES:
    case ERRNO.EPERM:
      return { kind: "denied", reason: "permission denied" };
    case ERRNO.ELOOP:
      return {
        kind: "failed",
        reason: "its symbolic links lead in a circle",
        hint: "mend the links, or remove them",
      };
    case ERRNO.EAGAIN:
      return { kind: "failed", reason: "it has nothing to read and may never have" };
    default:
      return { kind: "failed", reason: errorText(code) };
  }
}
