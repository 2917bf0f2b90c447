// A regular file that is read in chunks, no matter which users may write to its folder.
// In: a path. Out: an open file, or why there is none. What is put there between the look and the opening waits for
// nobody either (O_NONBLOCK), and is closed again when it is no file.

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { failed, type FileProblem, silent, wrongKind } from "./file_problem.ts";
import { ERRNO } from "../base/mod.ts";
import { inTime, lookSlowly } from "./slow_file.ts";

export type OpenedFile = { readonly file: FileHandle } | { readonly problem: FileProblem };

const TIMEOUT_MS = 5000;

export async function openRegularFile(path: string): Promise<OpenedFile> {
  const look = await lookSlowly(path, TIMEOUT_MS);
  if (look !== undefined && look.kind !== "file") return { problem: wrongKind(look.kind) };
  let isLate = false;
  const opening = async (): Promise<OpenedFile> => {
    // asked for here: a start that opens none so does not load this module of the runtime's
    const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants;
    const file = await open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    const isFile = (await file.stat()).isFile();
    if (isFile && !isLate) return { file };
    await file.close();
    return { problem: wrongKind("fifo") };
  };
  try {
    const opened = await inTime(path, opening, TIMEOUT_MS);
    isLate = opened === undefined;
    return opened ?? { problem: silent(TIMEOUT_MS) };
  } catch (error) {
    return { problem: failed(path, ERRNO_OF[codeOf(error)] ?? ERRNO.EIO, false) };
  }
}

const ERRNO_OF: Readonly<Record<string, number>> = {
  ENOENT: ERRNO.ENOENT,
  ENOTDIR: ERRNO.ENOTDIR,
  EACCES: ERRNO.EACCES,
  EPERM: ERRNO.EPERM,
  ELOOP: ERRNO.ELOOP,
  EMFILE: ERRNO.EMFILE,
};

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
