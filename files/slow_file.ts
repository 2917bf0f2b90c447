// Reading a regular file on a file system that may never answer: one that a user has mounted, or a dead server's.
// In: a path, a bound in bytes. Out: a promise of the content, or of the reason why there is none, in bounded time.
// A call that is never answered keeps a thread of the runtime's pool, which has 32, and without them nothing works any
// more: so few may be under way for each folder and in all; what comes on top is refused at once.

import { dirname } from "node:path";
import { ERRNO } from "../base/mod.ts";
import {
  closeFd,
  hostRoot,
  kindOf,
  slowIsMadeUp,
  slowOpenPath,
  slowRead,
  slowStat,
  stampOf,
} from "../ffi/mod.ts";
import { failed, type FileProblem, silent } from "./file_problem.ts";
import { type FileLook, lookOf, problemOf, type ReadFile } from "./regular_file.ts";

const TIMEOUT_MS = 5000;
const MAX_OF_LANE = 2;
const MAX_UNDER_WAY = 12;
/** A crowd in one place must not keep those of others from waiting. */
const MAX_WAITING_IN_LANE = 64;
const MAX_WAITING = 512;
/** About a home, or a tree of the system: a user who can block one of its folders can block the others. */
const LANE_DEPTH = 3;
const HOST_ROOT = hostRoot();

const underWay = new Map<string, number>();
let allUnderWay = 0;
const waiting = new Set<() => void>();
const waitingIn = new Map<string, number>();

export async function readSlowFile(
  path: string,
  maxBytes: number,
  timeoutMs = TIMEOUT_MS,
): Promise<ReadFile> {
  return await inTime(path, () => read(path, maxBytes), timeoutMs) ?? { problem: silent(timeoutMs) };
}

/** The text of such a file; undefined when it cannot be read. */
export async function readSlowText(path: string, maxBytes: number): Promise<string | undefined> {
  const found = await readSlowFile(path, maxBytes);
  return "bytes" in found ? new TextDecoder().decode(found.bytes) : undefined;
}

/** What is at a path; links are followed. Undefined when there is nothing, or no answer in time. */
export function lookSlowly(path: string, timeoutMs = TIMEOUT_MS): Promise<FileLook | undefined> {
  return inTime(path, async () => {
    const fd = await slowOpenPath(path);
    if (fd < 0) return undefined;
    const stat = await slowStat(fd);
    closeFd(fd);
    return stat === undefined ? undefined : lookOf(stat);
  }, timeoutMs);
}

/** Any call about `path` that may never return; undefined when it has not within the time. */
export async function inTime<T>(
  path: string,
  call: () => Promise<T>,
  timeoutMs = TIMEOUT_MS,
): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), timeoutMs);
  const place = takePlace(laneOf(path), late.promise);
  try {
    const giveBack = await place;
    if (giveBack === undefined) return undefined;
    return await Promise.race([call().finally(giveBack), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** What gives the place back; undefined when there was none in time. */
async function takePlace(lane: string, late: Promise<undefined>): Promise<(() => void) | undefined> {
  while ((underWay.get(lane) ?? 0) >= MAX_OF_LANE || allUnderWay >= MAX_UNDER_WAY) {
    const before = waitingIn.get(lane) ?? 0;
    if (before >= MAX_WAITING_IN_LANE || waiting.size >= MAX_WAITING) return undefined;
    const turn = Promise.withResolvers<true>();
    const wake = () => turn.resolve(true);
    waiting.add(wake);
    waitingIn.set(lane, before + 1);
    const isTurn = await Promise.race([turn.promise, late]);
    waiting.delete(wake);
    lower(waitingIn, lane);
    if (isTurn === undefined) return undefined;
  }
  underWay.set(lane, (underWay.get(lane) ?? 0) + 1);
  allUnderWay++;
  return () => {
    lower(underWay, lane);
    allUnderWay--;
    for (const wake of waiting) wake();
  };
}

function lower(counts: Map<string, number>, lane: string): void {
  const left = (counts.get(lane) ?? 1) - 1;
  if (left > 0) counts.set(lane, left);
  else counts.delete(lane);
}

async function read(path: string, maxBytes: number): Promise<ReadFile> {
  const fd = await slowOpenPath(path);
  if (fd < 0) return { problem: await reasonOf(path) };
  try {
    const stat = await slowStat(fd);
    if (stat === undefined) return { problem: failed(path, ERRNO.EIO, false) };
    const isMadeUp = kindOf(stat) === "file" && await slowIsMadeUp(fd);
    const problem = problemOf(stat, maxBytes, () => isMadeUp);
    if (problem !== undefined) return { problem };
    const bytes = await slowRead(fd, Number(stat.sizeBytes));
    return bytes === undefined
      ? { problem: failed(path, ERRNO.EIO, false) }
      : { bytes, stamp: stampOf(stat) };
  } finally {
    closeFd(fd);
  }
}

/** The call that failed did so in another thread, whose errno is lost; the runtime's own call says why. */
async function reasonOf(path: string): Promise<FileProblem> {
  try {
    await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) return failed(path, ERRNO.EACCES, false);
    if (error instanceof Deno.errors.FilesystemLoop) return failed(path, ERRNO.ELOOP, true);
    const isLink = await Deno.lstat(path).then(({ isSymlink }) => isSymlink, () => false);
    if (error instanceof Deno.errors.NotFound) return failed(path, ERRNO.ENOENT, isLink);
  }
  return failed(path, ERRNO.EIO, false);
}

function laneOf(path: string): string {
  const below = HOST_ROOT !== "" && path.startsWith(`${HOST_ROOT}/`) ? path.slice(HOST_ROOT.length) : path;
  return dirname(below).split("/", LANE_DEPTH + 1).join("/");
}
