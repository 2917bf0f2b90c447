// Opens files that falco writes, wherever settings and flags name them, so that no other user of the host can turn the
// write to another file, read along, or hold falco up.
//
// The path is walked by descriptors: no folder can be exchanged meanwhile. Links are followed only when root or falco's
// own user made them (`/var/log/x` that leads to `/dev/stdout` is usual in images). The file has to be a regular one or a
// device: a FIFO would wait for a reader. Where others can write into the folder, a file that was there already has to
// be ours and to have no second name, or another could read it, or have a file of ours written over.
// In: a path, what to do with a file that is there. Out: the open file.
// Elsewhere: which users count as others (trusted_path.ts); files of a database, which opens them itself (outputs/spool.ts).

import * as fs from "node:fs";
import { promisify } from "node:util";
import { absolute, isTrusted, otherWriters } from "./trusted_path.ts";

export interface OwnFileOptions {
  /** `new`: it is an error that there is one; `read`: what was written before, and none is made */
  readonly how: "append" | "truncate" | "new" | "read";
  /** of a file that is made; less the umask */
  readonly mode: number;
  /** of folders that are made where the path has none; absent: that is an error */
  readonly folderMode?: number;
}

/** Node has no name for it. Such a descriptor is good for walking on, and opens nothing. */
const O_PATH = 0o10000000;
const MAX_LINKS = 40;
/** What a process holds open has no name that could be walked. */
const DESCRIPTOR = /^\/(dev\/(stdin|stdout|stderr|fd\/\d+)|proc\/(self|thread-self|\d+)\/fd\/\d+)$/;

/** One call of node:fs, made at once or in the runtime's pool. */
type Call =
  | readonly [name: "open" | "fstat" | "lstat" | "readlink" | "ftruncate" | "mkdir", ...args: unknown[]]
  | readonly [name: "reopen", path: string, access: Deno.OpenOptions];
type Steps<T> = Generator<Call, T, unknown>;

export function openOwnFileSync(path: string, options: OwnFileOptions): Deno.FsFile {
  const steps = openChecked(path, options);
  for (let step = steps.next();;) {
    if (step.done) return step.value;
    try {
      step = steps.next(makeCall(step.value));
    } catch (error) {
      step = steps.throw(error);
    }
  }
}

export async function openOwnFile(path: string, options: OwnFileOptions): Promise<Deno.FsFile> {
  const steps = openChecked(path, options);
  for (let step = steps.next();;) {
    if (step.done) return step.value;
    try {
      step = steps.next(await makeCallInPool(step.value));
    } catch (error) {
      step = steps.throw(error);
    }
  }
}

function makeCall(call: Call): unknown {
  if (call[0] === "reopen") return Deno.openSync(call[1], call[2]);
  const [name, ...args] = call;
  // deno-lint-ignore no-explicit-any
  return (fs as any)[`${name}Sync`](...args);
}

function makeCallInPool(call: Call): Promise<unknown> {
  if (call[0] === "reopen") return Deno.open(call[1], call[2]);
  const [name, ...args] = call;
  // deno-lint-ignore no-explicit-any
  return promisify((fs as any)[name])(...args);
}

function* openChecked(path: string, { how, mode, folderMode }: OwnFileOptions): Steps<Deno.FsFile> {
  const access = how === "read" ? { read: true } : { write: true, append: how === "append" };
  const folders: number[] = [];
  try {
    const found = yield* walk(path, folders, folderMode);
    if (found === "descriptor") return Deno.openSync(path, access);
    const { folder, name, others } = found;
    const fd = yield* open(inFolder(folder, name), flagsOf(how), mode);
    try {
      check(path, (yield ["fstat", fd]) as fs.Stats, others);
      // the same file once more, in the runtime's own form
      const file = (yield ["reopen", `/proc/self/fd/${fd}`, access]) as Deno.FsFile;
      if (how === "truncate" && file.statSync().isFile) yield ["ftruncate", fd, 0];
      return file;
    } finally {
      fs.closeSync(fd);
    }
  } catch (error) {
    throw error instanceof OwnFileError ? error : new OwnFileError(path, reasonOf(error), error);
  } finally {
    folders.forEach((fd) => fs.closeSync(fd));
  }
}

interface Place {
  /** the folder's descriptor */
  readonly folder: number;
  readonly name: string;
  /** other users who can put files there */
  readonly others: string | undefined;
}

/** Everything but the last name, and links that the last name may be. */
function* walk(
  path: string,
  folders: number[],
  folderMode: number | undefined,
): Steps<Place | "descriptor"> {
  const names = absolute(path).split("/").filter(isName);
  let folder = yield* openFolder("/", folders);
  // of the folder, for what it contains
  let at = "";
  for (let links = 0;;) {
    if (DESCRIPTOR.test([at, ...names].join("/"))) return "descriptor";
    const name = names.shift();
    if (name === undefined) throw new OwnFileError(path, "it is a folder");
    const next = inFolder(folder, name);
    const facts = yield* factsOf(next);
    if (facts?.isSymbolicLink()) {
      if (!isTrusted(facts.uid)) throw new OwnFileError(path, `${at}/${name} is a link of user ${facts.uid}`);
      if (++links > MAX_LINKS) throw new OwnFileError(path, "links lead in a circle");
      const target = (yield ["readlink", next]) as string;
      names.unshift(...target.split("/").filter(isName));
      if (target.startsWith("/")) [folder, at] = [yield* openFolder("/", folders), ""];
    } else if (names.length > 0) {
      if (facts === undefined && folderMode !== undefined) yield* makeFolder(next, folderMode);
      folder = yield* openFolder(next, folders);
      at = `${at}/${name}`;
    } else {
      const stat = (yield ["fstat", folder]) as fs.Stats;
      return { folder, name, others: otherWriters(stat) && `${at || "/"} ${otherWriters(stat)}` };
    }
  }
}

function check(path: string, { uid, nlink, mode }: fs.Stats, others: string | undefined): void {
  const type = mode & fs.constants.S_IFMT;
  if (type !== fs.constants.S_IFREG && type !== fs.constants.S_IFCHR) {
    throw new OwnFileError(path, "it is neither a regular file nor a device");
  }
  if (others === undefined || type === fs.constants.S_IFCHR) return;
  if (!isTrusted(uid)) throw new OwnFileError(path, `it belongs to user ${uid}, and ${others}`);
  if (nlink > 1) throw new OwnFileError(path, `it has a second name (a hard link), and ${others}`);
}

/** Another may have made it meanwhile: then it is looked at like any other. */
function* makeFolder(path: string, mode: number): Steps<void> {
  try {
    yield ["mkdir", path, mode];
  } catch (error) {
    if ((error as { code?: unknown }).code !== "EEXIST") throw error;
  }
}

function* factsOf(path: string): Steps<fs.Stats | undefined> {
  try {
    return (yield ["lstat", path]) as fs.Stats;
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Node's numbers are read when a file is opened: a start that opens none does not load this module of the runtime's. */
function flagsOf(how: OwnFileOptions["how"]): number {
  const { O_WRONLY, O_RDONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const flags = {
    append: O_WRONLY | O_CREAT | O_APPEND,
    truncate: O_WRONLY | O_CREAT,
    new: O_WRONLY | O_CREAT | O_EXCL,
    read: O_RDONLY,
  };
  return flags[how] | O_NOFOLLOW | O_NONBLOCK;
}

function* openFolder(path: string, folders: number[]): Steps<number> {
  const { O_NOFOLLOW, O_DIRECTORY } = fs.constants;
  const fd = yield* open(path, O_PATH | O_NOFOLLOW | O_DIRECTORY, 0);
  folders.push(fd);
  return fd;
}

function* open(path: string, flags: number, mode: number): Steps<number> {
  return (yield ["open", path, flags, mode]) as number;
}

function inFolder(folder: number, name: string): string {
  return `/proc/self/fd/${folder}/${name}`;
}

function isName(name: string): boolean {
  return name !== "" && name !== ".";
}

/** Node adds the call and a path that says nothing. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message: string };
  if (code === "ENXIO") return "it is neither a regular file nor a device";
  return message.replace(/^[A-Z]+: /, "").replace(/, \w+ '.*$/s, "");
}

/** `reason` alone is for callers that say themselves what failed. */
export class OwnFileError extends Error {
  override readonly name = "OwnFileError";

  constructor(path: string, readonly reason: string, cause?: unknown) {
    super(`Cannot open ${path}: ${reason}`, { cause });
  }
}
