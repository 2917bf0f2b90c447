// Tells when the files of a run have changed.
// In: their paths (reload_paths.ts). Out: a call, some moments after the last of several changes, so that an editor or a
// deployment has finished.
// Folders are watched instead of files, because most writers put a new file in the place of the old one. Besides that,
// the files are looked at now and then: network file systems tell nothing, and the kernel's watches are limited.

import type { Log } from "../logging/log.ts";
import { FolderWatch } from "../../files/mod.ts";
import { pathsToWatch, signatureOf, type WatchedPaths } from "./reload_paths.ts";

/** Nothing more must happen for so long; as in Falco. */
const QUIET_MS = 100;
/** Upper bound: a file that never stops changing does not put a reload off for ever. */
const MAX_DELAY_MS = 2000;
const LOOK_MS = 15_000;

export class ReloadWatch {
  readonly #onChange: () => void;
  readonly #looking: ReturnType<typeof setInterval>;
  readonly #watch: FolderWatch;
  #paths: WatchedPaths = { files: [], folders: [] };
  #signature = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  #firstMs: number | undefined;
  #isClosed = false;

  constructor(onChange: () => void, log: Log) {
    this.#onChange = onChange;
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
    this.#watch = new FolderWatch({
      onChange: () => this.#delay(),
      onTrouble: (reason) =>
        log("warning", `${reason}\nchanges of rules and settings are looked for every second instead`),
    });
  }

  /**
   * @param signature of the paths before they were read: what has changed since then is told
   * @returns resolves when every change is told
   */
  async watch(paths: WatchedPaths, signature: string): Promise<void> {
    this.#paths = paths;
    this.#signature = signature;
    await this.#watch.watch(await pathsToWatch(paths));
    // what changed before the watch began
    await this.#look();
  }

  /** What has changed up to now is known already. */
  async forget(): Promise<void> {
    await this.#hasChanged();
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#looking);
    clearTimeout(this.#timer);
    this.#watch.close();
  }

  #delay(): void {
    if (this.#isClosed) return;
    const nowMs = performance.now();
    this.#firstMs ??= nowMs;
    clearTimeout(this.#timer);
    const delayMs = Math.min(QUIET_MS, this.#firstMs + MAX_DELAY_MS - nowMs);
    this.#timer = setTimeout(() => this.#look(), Math.max(0, delayMs));
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#firstMs = undefined;
    if (await this.#hasChanged() && !this.#isClosed) this.#onChange();
  }

  /** Since it was asked last. */
  async #hasChanged(): Promise<boolean> {
    const paths = this.#paths;
    const signature = await signatureOf(paths);
    // asked about other paths, or by somebody else, meanwhile
    if (this.#isClosed || paths !== this.#paths || signature === this.#signature) return false;
    this.#signature = signature;
    // files that have come into a folder may be links
    const watched = await pathsToWatch(paths);
    if (!this.#isClosed && paths === this.#paths) await this.#watch.watch(watched);
    return true;
  }
}
