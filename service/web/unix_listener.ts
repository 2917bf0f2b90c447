// A server at a Unix socket that no other user of the host can reach, exchange, or lead elsewhere.
//
// Only root and falco's own user may be able to put anything into the folder, or into one above it. The socket is made in a
// folder of its own that nobody else can enter, gets its mode there, and is then moved to its name: at no moment it is open
// to others. The folder is held by a descriptor. A link in its place is refused, and so is any other file: only a socket that
// nobody serves any more is replaced.
// In: a path, a server (bounded_server.ts). Out: a socket of mode 0600; or 0660 with the folder's group, where the
// folder was given to a group of its own.
// Elsewhere: who counts as another (ffi/trusted_path.ts), files that falco writes (ffi/own_file.ts).

import * as fs from "node:fs";
import type { Server } from "node:http";
import { basename, dirname, isAbsolute } from "node:path";
import { distrust, isTrusted, listenerOf, otherWriters } from "../../ffi/mod.ts";

/** What a folder is made with where there is none. */
const PRIVATE = 0o700;
const FOR_OWNER = 0o600;
const FOR_GROUP = 0o660;
const ROOT_GROUP = 0;

export class UnixListener {
  readonly #server: Server;
  /** of the folder */
  readonly #folder: number;
  readonly #name: string;
  readonly #made: fs.Stats;

  private constructor(server: Server, folder: number, name: string, made: fs.Stats) {
    this.#server = server;
    this.#folder = folder;
    this.#name = name;
    this.#made = made;
  }

  /** @throws Error with a reason and no path when there cannot be such a socket */
  static async start(path: string, server: Server): Promise<UnixListener> {
    const folder = openFolder(path);
    try {
      const name = basename(path);
      checkName(folder, name);
      const made = await listen(server, folder, name);
      return new UnixListener(server, folder, name, made);
    } catch (error) {
      fs.closeSync(folder);
      throw error;
    }
  }

  /** Takes the socket away, unless another one has its name by now. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
    const path = inFolder(this.#folder, this.#name);
    try {
      const now = fs.lstatSync(path);
      if (now.dev === this.#made.dev && now.ino === this.#made.ino) fs.unlinkSync(path);
    } catch {
      // somebody else has removed it
    }
    fs.closeSync(this.#folder);
  }
}

function openFolder(path: string): number {
  if (!isAbsolute(path) || path.endsWith("/")) throw new Error("it has to be the absolute path of a socket");
  const folder = dirname(path);
  const parent = dirname(folder);
  const distrusted = distrust(fs.existsSync(folder) ? folder : parent);
  if (distrusted !== undefined) throw new Error(`${distrusted}: others could put a socket of theirs there`);
  try {
    fs.mkdirSync(folder, { mode: PRIVATE });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT") throw new Error(`there is no folder ${parent}`);
    if (code !== "EEXIST") throw new Error(`cannot make the folder ${folder}: ${code}`);
  }
  const { O_RDONLY, O_DIRECTORY } = fs.constants;
  const fd = fs.openSync(folder, O_RDONLY | O_DIRECTORY);
  const others = otherWriters(fs.fstatSync(fd));
  if (others === undefined) return fd;
  fs.closeSync(fd);
  throw new Error(`${folder} ${others}: others could put a socket of theirs there`);
}

/** A socket that a process before has left may be replaced, and nothing else. */
function checkName(folder: number, name: string): void {
  const path = inFolder(folder, name);
  const found = fs.lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (found.isSymbolicLink()) throw new Error("it is a link");
  if (!found.isSocket()) throw new Error("there is something else that is no socket");
  if (!isTrusted(found.uid)) throw new Error(`there is a socket of user ${found.uid}`);
  if (isServed(path)) throw new Error("another program listens there");
}

function isServed(path: string): boolean {
  try {
    listenerOf(path);
    return true;
  } catch (error) {
    return !(error instanceof Error && /refused/i.test(error.message));
  }
}

async function listen(server: Server, folder: number, name: string): Promise<fs.Stats> {
  const own = fs.mkdtempSync(inFolder(folder, ".new-"));
  const path = `${own}/s`;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, () => {
        server.off("error", reject);
        resolve();
      });
    });
    // the failure of one connection is its own affair
    server.on("error", () => {});
    const { gid } = fs.fstatSync(folder);
    const isOfAGroup = gid !== ROOT_GROUP && gid !== Deno.gid();
    if (isOfAGroup) fs.chownSync(path, Deno.uid()!, gid);
    fs.chmodSync(path, isOfAGroup ? FOR_GROUP : FOR_OWNER);
    const made = fs.lstatSync(path);
    fs.renameSync(path, inFolder(folder, name));
    return made;
  } catch (error) {
    server.close();
    throw error;
  } finally {
    fs.rmSync(own, { recursive: true, force: true });
  }
}

function inFolder(fd: number, name: string): string {
  return `/proc/self/fd/${fd}/${name}`;
}
