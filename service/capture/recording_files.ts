// The files of a recording, one after the other.
// In: where the first begins, when another shall begin, chunks in order. Out: FILE.scap, or FILE.1.scap, FILE.2.scap …,
// of which only the latest are kept when that is asked for.
// Elsewhere: one file (recording_file.ts), when to rotate (service/run/run_record.ts).

import { parse } from "node:path";
import { RecordingFile } from "./recording_file.ts";

export interface RecordingFilesOptions {
  readonly path: string;
  readonly rotates: boolean;
  /** how many files there may be; any number when absent */
  readonly keep?: number;
}

export class RecordingFiles {
  readonly #options: RecordingFilesOptions;
  readonly #kept: string[] = [];
  #current: RecordingFile | undefined;
  #closedBytes = 0;
  /** files begun so far */
  count = 0;

  constructor(options: RecordingFilesOptions) {
    this.#options = options;
  }

  /** Of the file that is being written. */
  get fileBytes(): number {
    return this.#current?.bytes ?? 0;
  }

  /** Of all files, those that are not kept included. */
  get totalBytes(): number {
    return this.#closedBytes + this.fileBytes;
  }

  /** Ends the file that is open, if any, and begins the next. */
  async begin(): Promise<void> {
    await this.close();
    this.count++;
    const path = this.#options.rotates ? numbered(this.#options.path, this.count) : this.#options.path;
    this.#current = await RecordingFile.open(path);
    this.#kept.push(path);
    while (this.#kept.length > (this.#options.keep ?? Infinity)) await removeIfThere(this.#kept.shift()!);
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#current?.write(bytes);
  }

  async flush(): Promise<void> {
    await this.#current?.flush();
  }

  async close(): Promise<void> {
    const file = this.#current;
    this.#current = undefined;
    if (file === undefined) return;
    await file.close();
    this.#closedBytes += file.bytes;
  }
}

function numbered(path: string, number: number): string {
  const { dir, name, ext } = parse(path);
  return `${dir === "" ? "" : dir === "/" ? "/" : `${dir}/`}${name}.${number}${ext}`;
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
