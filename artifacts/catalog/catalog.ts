// All indexes together: names that stand for places in registries.
// In: index files. Out: a reference for a name, entries for words; an ArtifactError with the nearest name.
// Elsewhere: reading one index (index_file.ts).

import { nearestName } from "../../base/mod.ts";
import { about, ArtifactError, quoted } from "../failure.ts";
import { type CatalogName, isReference, parseReference, type Reference } from "../reference.ts";
import { type IndexEntry, type IndexSource, readIndex } from "./index_file.ts";

export class Catalog {
  readonly #sources: readonly IndexSource[];
  readonly #signal: AbortSignal;
  #entries: Promise<readonly IndexEntry[]> | undefined;
  /** indexes that could not be read */
  readonly failures: string[] = [];

  constructor(sources: readonly IndexSource[], signal: AbortSignal) {
    this.#sources = sources;
    this.#signal = signal;
  }

  /** Read when they are first needed: a full reference needs none. Of two entries of one name the later index counts. */
  entries(): Promise<readonly IndexEntry[]> {
    return this.#entries ??= this.#read();
  }

  async #read(): Promise<readonly IndexEntry[]> {
    const byName = new Map<string, IndexEntry>();
    for (const source of this.#sources) {
      try {
        for (const entry of await readIndex(source, this.#signal)) byName.set(entry.name, entry);
      } catch (error) {
        this.failures.push(about("catalog", error).message.slice("catalog: ".length));
      }
    }
    return [...byName.values()];
  }

  async resolve(text: string): Promise<{ readonly reference: Reference; readonly entry?: IndexEntry }> {
    const parsed = parseReference(text);
    if (!isReference(parsed)) return await this.#named(parsed);
    // an index speaks about its names only: a full reference needs none of them
    return { reference: parsed };
  }

  async #named(
    { name, end }: CatalogName,
  ): Promise<{ readonly reference: Reference; readonly entry: IndexEntry }> {
    const entries = await this.entries();
    const entry = entries.find((one) => one.name === name);
    if (entry === undefined) {
      const nearest = nearestName(name, entries.map((one) => one.name));
      const failed = this.failures.length === 0 ? "" : ` (${this.failures.join("; ")})`;
      const place = this.#sources.length === 0
        ? "artifacts.indexes names none: add one, or write registry/repository[:tag]"
        : "write it as registry/repository[:tag]";
      const hint = nearest === undefined ? place : `did you mean ${nearest}?`;
      throw new ArtifactError(`no index knows ${quoted(name)}${failed}`, { hint });
    }
    const parsed = parseReference(`${entry.registry}/${entry.repository}`);
    if (!isReference(parsed)) {
      throw new ArtifactError(`index ${entry.index} names no place for ${quoted(name)}`);
    }
    return { reference: { ...parsed, ...end }, entry };
  }

  /** Entries that every word is found in: in the name, a keyword or the description. */
  async search(words: readonly string[]): Promise<readonly IndexEntry[]> {
    const wanted = words.map((word) => word.toLowerCase());
    const has = (entry: IndexEntry, word: string) =>
      [entry.name, entry.description, ...entry.keywords].some((text) => text.toLowerCase().includes(word));
    return (await this.entries()).filter((entry) => wanted.every((word) => has(entry, word)));
  }
}
