// Questions for containers, counted by who was asked and what came of it.

/**
 * - asked: an engine was asked for a container that events had named
 * - found, unknown: it had an answer, or knew no such container
 * - timeout, error, refused: it did not answer in time, failed, or had too many questions before it
 * - left_out: labels, mounts and variables that were too many for a record
 * - crowded: not asked, since others of the same owner or parent cgroup ask too much
 * - delayed: a record waited, since its owner changes facts too often
 * - malformed: a message of an engine that cannot be read
 * - foreign: an answer about another container than the one that was asked for
 */
export type DirectoryCause =
  | "asked"
  | "found"
  | "unknown"
  | "timeout"
  | "error"
  | "refused"
  | "left_out"
  | "crowded"
  | "delayed"
  | "malformed"
  | "foreign";

export class DirectoryCounters {
  readonly #values = new Map<string, number>();

  count(engine: string, cause: DirectoryCause, by = 1): void {
    const key = `${engine}.${cause}`;
    this.#values.set(key, (this.#values.get(key) ?? 0) + by);
  }

  values(): Record<string, number> {
    return Object.fromEntries([...this.#values].sort(([a], [b]) => a < b ? -1 : 1));
  }
}
