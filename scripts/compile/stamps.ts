// Remembers what the artefacts in build/ were made from, so that a build without changes does nothing.
// In: the names and contents of a step's inputs. Out: build/.stamps.json, step → hash of its inputs.
// Elsewhere: what the inputs of a step are (matcher.ts, probe.ts).

import { createHash } from "node:crypto";
import { dirname, join } from "node:path";

export class Stamps {
  readonly #path: string;
  readonly #hashes: Record<string, string>;

  private constructor(path: string, hashes: Record<string, string>) {
    this.#path = path;
    this.#hashes = hashes;
  }

  /** A missing or damaged file only means that everything is built again. */
  static load(root: string): Stamps {
    const path = join(root, "build", ".stamps.json");
    try {
      return new Stamps(path, JSON.parse(Deno.readTextFileSync(path)));
    } catch {
      return new Stamps(path, {});
    }
  }

  isCurrent(step: string, hash: string, output: string): boolean {
    return this.#hashes[step] === hash && exists(output);
  }

  /** Written by rename, so that an interrupted build never leaves half a file. */
  set(step: string, hash: string): void {
    this.#hashes[step] = hash;
    Deno.mkdirSync(dirname(this.#path), { recursive: true });
    const temporary = `${this.#path}.${Deno.pid}`;
    Deno.writeTextFileSync(temporary, JSON.stringify(this.#hashes, null, 2) + "\n");
    Deno.renameSync(temporary, this.#path);
  }
}

/** Hash over settings and over every file below `directory` with one of the endings; names count too. */
export function hashInputs(
  directory: string,
  endings: readonly string[],
  settings: readonly string[],
): string {
  const hash = createHash("sha256");
  for (const setting of settings) hash.update(`setting ${setting}\0`);
  for (const path of listFiles(directory, endings)) {
    hash.update(`file ${path.slice(directory.length)}\0`).update(Deno.readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

/** Paths of all files below a directory with one of the endings, sorted. */
export function listFiles(directory: string, endings: readonly string[]): string[] {
  const found: string[] = [];
  const walk = (at: string) => {
    for (const entry of Deno.readDirSync(at)) {
      const path = join(at, entry.name);
      if (entry.isDirectory) walk(path);
      else if (endings.some((ending) => entry.name.endsWith(ending))) found.push(path);
    }
  };
  if (exists(directory)) walk(directory);
  return found.sort();
}

export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
