// Tells when the files of a run have changed.
// In: their paths (reload_paths.ts). Out: a call, some moments after the last of several changes, so that an editor or a
// deployment has finished.
// Folders are watched instead of files, because most writers put a new file in the place of the old one. Beside that,
// the files are looked at now and then: network file systems tell nothing, and the kernel's watches are limited.

import type { Log } from "./log.ts";
import { planWatch, signatureOf, type WatchedPaths } from "./reload_paths.ts";

/** As in Falco: so long nothing more must happen. */
const QUIET_MS = 100;
/** Who never stops writing is not waited for. */
const MAX_DELAY_MS = 2000;
const LOOK_MS = 15_000;

export class ReloadWatch {
  readonly #onChange: () => void;
  readonly #log: Log;
  readonly #looking: ReturnType<typeof setInterval>;
  #paths: WatchedPaths = { files: [], folders: [] };
  #signature = "";
  #watcher: Deno.FsWatcher | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #firstMs: number | undefined;
  #hasFailed = false;

  constructor(onChange: () => void, log: Log) {
    this.#onChange = onChange;
    this.#log = log;
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
  }

  /** @param signature of the paths before they were read: what has changed since then is told */
  watch(paths: WatchedPaths, signature: string): void {
    this.#paths = paths;
    this.#signature = signature;
    this.#open();
    // what changed before the watch began
    this.#look();
  }

  /** What has changed up to now is known already. */
  forget(): void {
    this.#hasChanged();
  }

  close(): void {
    clearInterval(this.#looking);
    clearTimeout(this.#timer);
    this.#watcher?.close();
    this.#watcher = undefined;
  }

  /** The new watch begins before the old one ends: nothing falls between them. */
  #open(): void {
    const before = this.#watcher;
    const plan = planWatch(this.#paths);
    const folders = [...plan.keys()].filter(isFolder);
    try {
      const watcher = Deno.watchFs(folders, { recursive: false });
      this.#watcher = watcher;
      this.#follow(
        watcher,
        (path) => plan.get(path.slice(0, path.lastIndexOf("/")) || "/")?.has(path) ?? true,
      );
      this.#hasFailed = false;
    } catch (error) {
      this.#watcher = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      if (!this.#hasFailed) {
        this.#log(
          "warning",
          `cannot watch ${folders.join(", ")}: ${reason}\n` +
            `changes there are found by looking every ${LOOK_MS / 1000} s, or told with SIGHUP`,
        );
      }
      this.#hasFailed = true;
    }
    before?.close();
  }

  async #follow(watcher: Deno.FsWatcher, matters: (path: string) => boolean): Promise<void> {
    for await (const { kind, paths } of watcher) {
      // reading is no change
      if (kind !== "access" && paths.some(matters)) this.#delay();
    }
  }

  #delay(): void {
    const nowMs = performance.now();
    this.#firstMs ??= nowMs;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), Math.min(QUIET_MS, this.#firstMs + MAX_DELAY_MS - nowMs));
  }

  #look(): void {
    clearTimeout(this.#timer);
    this.#firstMs = undefined;
    if (this.#hasChanged()) this.#onChange();
  }

  /** Since it was asked last. */
  #hasChanged(): boolean {
    const signature = signatureOf(this.#paths);
    if (signature === this.#signature) return false;
    this.#signature = signature;
    // links may lead to other folders now
    this.#open();
    return true;
  }
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
