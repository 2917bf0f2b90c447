// Which files and folders a run was loaded from, and whether they have changed since.
// In: paths as the user gave them. Out: a signature that changes when one of them does, and the paths whose changes can
// mean that. A ConfigMap of Kubernetes is seen too: its files are links through `..data`, which moves to another folder.
// Elsewhere: waiting for changes (reload_watch.ts, files/folder_watch.ts).

import { join } from "node:path";
import { inTime, listFolderSlowly, lookSlowly, readSlowFile, type WatchedPath } from "../../files/mod.ts";
import { MAX_SOURCE_BYTES } from "../../rules/mod.ts";

export interface WatchedPaths {
  /** files that were read, or could not be found */
  readonly files: readonly string[];
  /** folders that stand for the files in them */
  readonly folders: readonly string[];
}

/** More files in a folder are not looked at, and not loaded either. */
const MAX_FILES = 1000;
const YAML = /\.ya?ml$/;

/**
 * Cheap: contents are not read. A file that is touched counts as changed, as in Falco. In bounded time, whatever the
 * files lie on.
 */
export async function signatureOf(paths: WatchedPaths): Promise<string> {
  const lines: string[] = [];
  for (const path of [...paths.files, ...await filesWithin(paths)]) {
    lines.push(`${path}\n${await fileSignature(path)}`);
  }
  return lines.join("\n");
}

/** What to watch: a link among the files of a folder leads elsewhere. */
export async function pathsToWatch(paths: WatchedPaths): Promise<WatchedPath[]> {
  const watched: WatchedPath[] = paths.files.map((path) => ({ path }));
  for (const path of await filesWithin(paths)) if (await isLink(path)) watched.push({ path });
  for (const path of paths.folders) watched.push({ path, inside: (name) => YAML.test(name) });
  return watched;
}

/** Answers in words when a file lies on a file system that does not answer: reading it would stop everything. */
export async function silentFile(paths: WatchedPaths): Promise<string | undefined> {
  const isSilent = async (path: string) => {
    const read = await readSlowFile(path, MAX_SOURCE_BYTES);
    return "problem" in read && read.problem.kind === "silent" ? read.problem.reason : undefined;
  };
  // what is in folders is asked only when they answer
  for (const some of [() => paths.folders, () => paths.files, () => filesWithin(paths)]) {
    for (const path of await some()) {
      const reason = await isSilent(path);
      if (reason !== undefined) return `cannot read ${path}: ${reason}`;
    }
  }
  return undefined;
}

async function fileSignature(path: string): Promise<string> {
  const look = await lookSlowly(path);
  if (look === undefined) return "missing";
  return look.kind === "file" ? look.stamp : `${look.kind} ${look.identity}`;
}

async function filesWithin({ folders }: WatchedPaths): Promise<string[]> {
  const all: string[] = [];
  for (const folder of folders) {
    const found = await listFolderSlowly(folder, MAX_FILES, (name) => YAML.test(name));
    for (const name of found?.names ?? []) all.push(join(folder, name));
  }
  return all;
}

async function isLink(path: string): Promise<boolean> {
  const info = await inTime(path, () => Deno.lstat(path).catch(() => undefined));
  return info?.isSymlink === true;
}
