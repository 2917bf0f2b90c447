// Alerts to a file, a line each.
// In: batches. Out: whole lines at the end of the file, in one write. A write that stops half-way, as on a full disk,
// leaves no half of a line behind.
// Elsewhere: taking the file away when it is large or old (file_rotation.ts), what is no file for us (ffi/own_file.ts).

import { concatenate, messageOf } from "../../base/mod.ts";
import { openOwnFile } from "../../ffi/mod.ts";
import { type Sink, SinkError, type SinkMessage } from "../sink.ts";
import { FileRotation, type RotationOptions } from "./file_rotation.ts";

export interface FileSinkOptions {
  readonly name: string;
  readonly path: string;
  /** the file stays open between batches */
  readonly keepAlive: boolean;
  readonly rotation: RotationOptions;
  readonly lingerMs?: number;
  readonly onNews?: (level: "error", message: string) => void;
}

const BATCH = 512;
/** As Falco's: those who ship logs read it. */
const MODE = 0o644;
/** of folders that are not there: a new volume, an image without /var/log */
const FOLDER_MODE = 0o755;

export class FileSink implements Sink {
  readonly name: string;
  readonly maxBatch = BATCH;
  readonly lingerMs: number;
  /** a write cannot be called back */
  readonly attemptTimeoutMs = Infinity;
  readonly #path: string;
  readonly #keepAlive: boolean;
  readonly #rotation: FileRotation;
  readonly #encoder = new TextEncoder();
  #file: Deno.FsFile | undefined;
  #busy: Promise<void> = Promise.resolve();

  constructor({ name, path, keepAlive, rotation, lingerMs, onNews }: FileSinkOptions) {
    this.name = name;
    this.#path = path;
    this.#keepAlive = keepAlive;
    this.lingerMs = lingerMs ?? 0;
    this.#rotation = new FileRotation(path, rotation, (message) => onNews?.("error", message));
  }

  deliver(batch: readonly SinkMessage[]): Promise<void> {
    return this.#inTurn(() => this.#append(batch));
  }

  /** Opens the file, so that what is wrong with its place shows before there is an alert. */
  tryOut(): Promise<void> {
    return this.#inTurn(async () => {
      const wasOpen = this.#file !== undefined;
      try {
        this.#file ??= await this.#open();
      } catch (error) {
        throw this.#asSinkError(error);
      }
      if (!wasOpen && !this.#keepAlive) this.#close();
    });
  }

  /** Anyone who has moved the file away wants a new one under its name. */
  reopen(): Promise<void> {
    return this.#inTurn(() => Promise.resolve(this.#close()));
  }

  async close(): Promise<void> {
    await this.#inTurn(() => Promise.resolve(this.#close()));
    await this.#rotation.settled();
  }

  async #append(batch: readonly SinkMessage[]): Promise<void> {
    const lines = batch.map(({ body }) => this.#encoder.encode(body + "\n"));
    const bytes = concatenate(lines);
    try {
      const before = this.#file ?? await this.#open();
      if (await this.#rotation.isDue(before, bytes.length) && await this.#rotation.rotate()) this.#close();
      const file = this.#file ??= await this.#open();
      await this.#write(file, bytes, lines, batch);
    } catch (error) {
      this.#close();
      throw this.#asSinkError(error);
    }
    if (!this.#keepAlive) this.#close();
  }

  async #write(
    file: Deno.FsFile,
    bytes: Uint8Array,
    lines: readonly Uint8Array[],
    batch: readonly SinkMessage[],
  ): Promise<void> {
    let at = 0;
    try {
      while (at < bytes.length) at += await file.write(bytes.subarray(at));
    } catch (error) {
      let whole = 0, wholeBytes = 0;
      for (; wholeBytes + (lines[whole]?.length ?? Infinity) <= at; whole++) {
        wholeBytes += lines[whole]!.length;
      }
      await cutOff(file, at - wholeBytes);
      const { details, message } = this.#asSinkError(error);
      throw new SinkError(message, { ...details, delivered: batch.slice(0, whole) });
    }
  }

  async #open(): Promise<Deno.FsFile> {
    return this.#file = await openOwnFile(this.#path, { how: "append", mode: MODE, folderMode: FOLDER_MODE });
  }

  #close(): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #asSinkError(error: unknown): SinkError {
    if (error instanceof SinkError) return error;
    const message = messageOf(error);
    const named = message.includes(this.#path) ? message : `${this.#path}: ${message}`;
    return new SinkError(named, { retryable: true, cause: causeOf(message), untaken: true });
  }

  #inTurn(action: () => Promise<void>): Promise<void> {
    const done = this.#busy.then(action);
    this.#busy = done.catch(() => {});
    return done;
  }
}

/** Takes back the half of a line at the end of the file. */
async function cutOff(file: Deno.FsFile, bytes: number): Promise<void> {
  if (bytes === 0) return;
  try {
    const { size, isFile } = await file.stat();
    if (isFile) await file.truncate(size - bytes);
  } catch {
    // it is no worse than before
  }
}

function causeOf(message: string): string {
  if (/no space|quota|os error (28|122)/i.test(message)) return "disk_full";
  if (/read-only|os error 30/i.test(message)) return "read_only";
  if (/permission|os error (1|13)\b/i.test(message)) return "permission";
  return "file";
}
