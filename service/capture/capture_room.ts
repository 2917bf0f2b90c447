// Whether there is room for a capture: how many files of captures there are, what they take, what is left on the disk.
// In: settings, the prefix of their names. Out: why there is none; undefined when there is.
// Elsewhere: writing them (capture_files.ts), how often they begin (engine/capture.ts).

import { statfs } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Settings } from "../../config/mod.ts";

const ENDING = /^_\d{20}_\d{20}\.scap$/;
const MIB = 1 << 20;

export class CaptureRoom {
  readonly #maxFiles: number;
  readonly #maxTotalMb: number;
  readonly #minFreeMb: number;

  constructor(settings: Settings) {
    this.#maxFiles = settings["capture.max_files"];
    this.#maxTotalMb = settings["capture.max_total_mb"];
    this.#minFreeMb = settings["capture.min_free_mb"];
  }

  /** @param begins a file more is wanted; else one of those that are there goes on */
  async refusal(prefix: string, begins: boolean): Promise<string | undefined> {
    const folder = dirname(prefix);
    if (this.#minFreeMb > 0) {
      const { bavail, bsize } = await statfs(folder);
      const freeMb = Math.floor(bavail * bsize / MIB);
      if (freeMb < this.#minFreeMb) {
        return `${freeMb} MiB are free in ${folder}, and capture.min_free_mb is ${this.#minFreeMb}`;
      }
    }
    if (this.#maxFiles === 0 && this.#maxTotalMb === 0) return undefined;
    let files = 0, bytes = 0;
    const start = basename(prefix);
    for await (const { name, isFile } of Deno.readDir(folder)) {
      if (!isFile || !name.startsWith(start) || !ENDING.test(name.slice(start.length))) continue;
      files++;
      // it may be taken away at this moment
      bytes += await Deno.lstat(join(folder, name)).then(({ size }) => size, () => 0);
    }
    if (begins && this.#maxFiles > 0 && files >= this.#maxFiles) {
      return `there are ${files} captures ${prefix}_*.scap, and capture.max_files is ${this.#maxFiles}`;
    }
    if (this.#maxTotalMb > 0 && bytes >= this.#maxTotalMb * MIB) {
      return `captures ${prefix}_*.scap take ${
        Math.round(bytes / MIB)
      } MiB, and capture.max_total_mb is ${this.#maxTotalMb}`;
    }
    return undefined;
  }
}
