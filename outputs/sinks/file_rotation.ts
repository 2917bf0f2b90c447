// Takes a file of alerts out of the way when it is large or old, compresses it, and keeps so many of them.
// In: the file that is written to. Out: older ones next to it as NAME.20261122T022543123Z, with .gz when compressed.
// Whatever fails here is reported, and alerts go on into the file as it is.
// Elsewhere: writing (file.ts).

import { basename, dirname, join } from "node:path";
import { messageOf } from "../../base/mod.ts";
import { type Facts, isTrusted, openOwnFile, otherWriters } from "../../ffi/mod.ts";

export interface RotationOptions {
  /** 0: at any size */
  readonly maxBytes: number;
  /** 0: at any age */
  readonly maxAgeMs: number;
  readonly keep: number;
  readonly compress: boolean;
}

/** After a failure the same is not tried with each alert. */
const AGAIN_AFTER_MS = 60_000;
const UNFINISHED = ".tmp";
const CHUNK_BYTES = 65_536;

export class FileRotation {
  readonly #path: string;
  readonly #options: RotationOptions;
  readonly #onTrouble: (message: string) => void;
  #failedMs = -Infinity;
  #tidying: Promise<void> = Promise.resolve();

  constructor(path: string, options: RotationOptions, onTrouble: (message: string) => void) {
    this.#path = path;
    this.#options = options;
    this.#onTrouble = onTrouble;
  }

  /** Whether the file has to go before so many bytes are added. Only a file proper can. */
  async isDue(file: Deno.FsFile, bytes: number): Promise<boolean> {
    const { maxBytes, maxAgeMs } = this.#options;
    if (maxBytes === 0 && maxAgeMs === 0) return false;
    if (performance.now() - this.#failedMs < AGAIN_AFTER_MS) return false;
    const { isFile, size, birthtime } = await file.stat();
    if (!isFile || size === 0) return false;
    if (maxBytes > 0 && size + bytes > maxBytes) return true;
    return maxAgeMs > 0 && birthtime !== null && Date.now() - birthtime.getTime() >= maxAgeMs;
  }

  /** Whether the name is free for a new file. */
  async rotate(): Promise<boolean> {
    try {
      await Deno.rename(this.#path, await this.#freeName());
    } catch (error) {
      this.#failed(error);
      return false;
    }
    this.#tidying = this.#tidying.then(() => this.#tidy()).catch((error) => this.#failed(error));
    return true;
  }

  /** Resolves when nothing is compressed any more. */
  settled(): Promise<void> {
    return this.#tidying;
  }

  async #freeName(): Promise<string> {
    for (let ms = Date.now();; ms++) {
      const name = `${this.#path}.${new Date(ms).toISOString().replace(/[-:.]/g, "")}`;
      if (!await exists(name) && !await exists(`${name}.gz`)) return name;
    }
  }

  /** Also what an earlier run has left unfinished. */
  async #tidy(): Promise<void> {
    for (const path of await this.#older()) {
      if (path.endsWith(UNFINISHED)) await Deno.remove(path);
      else if (this.#options.compress && !path.endsWith(".gz")) await compress(path);
    }
    const finished = await this.#older();
    for (const path of finished.slice(0, Math.max(0, finished.length - this.#options.keep))) {
      await Deno.remove(path);
    }
  }

  /** The oldest first, without what another user has put among them. */
  async #older(): Promise<string[]> {
    const folder = dirname(this.#path);
    const start = `${basename(this.#path)}.`;
    const names: string[] = [];
    const isOpen = otherWriters(await Deno.stat(folder) as Facts) !== undefined;
    for await (const { name } of Deno.readDir(folder)) {
      if (name.startsWith(start) && /^\d{8}T\d{9}Z(\.gz(\.tmp)?)?$/.test(name.slice(start.length))) {
        if (await isOurs(join(folder, name), isOpen)) names.push(name);
      }
    }
    return names.sort().map((name) => join(folder, name));
  }

  #failed(error: unknown): void {
    this.#failedMs = performance.now();
    const reason = messageOf(error);
    this.#onTrouble(`rotation of ${this.#path}: ${reason}; alerts go on into the file as it is`);
  }
}

/** A reader sees the file whole, or whole and compressed. */
async function compress(path: string): Promise<void> {
  const unfinished = `${path}.gz${UNFINISHED}`;
  try {
    const { mode } = await Deno.lstat(path);
    using source = await openOwnFile(path, { how: "read", mode: 0 });
    using target = await openOwnFile(unfinished, { how: "new", mode: (mode ?? 0o644) & 0o777 });
    const gzip = new CompressionStream("gzip");
    // both have ended before the files are closed: a call that is still running would hold one open
    const ends = await Promise.allSettled([feed(source, gzip.writable), drain(gzip.readable, target)]);
    // what cannot be written is the reason of both
    for (const end of ends.reverse()) if (end.status === "rejected") throw end.reason;
    await Deno.rename(unfinished, `${path}.gz`);
    await Deno.remove(path);
  } catch (error) {
    await Deno.remove(unfinished).catch(() => {});
    throw error;
  }
}

async function feed(source: Deno.FsFile, sink: WritableStream<BufferSource>): Promise<void> {
  const writer = sink.getWriter();
  try {
    for (;;) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const bytes = await source.read(chunk);
      if (bytes === null) return await writer.close();
      await writer.write(chunk.subarray(0, bytes));
    }
  } catch (error) {
    // the drain would wait for more
    await writer.abort(error).catch(() => {});
    throw error;
  }
}

async function drain(source: ReadableStream<Uint8Array>, target: Deno.FsFile): Promise<void> {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length;) at += await target.write(chunk.subarray(at));
  }
}

async function isOurs(path: string, isOpenFolder: boolean): Promise<boolean> {
  const { isFile, uid } = await Deno.lstat(path);
  return isFile && (!isOpenFolder || isTrusted(uid!));
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch {
    return false;
  }
}
