// Which files and folders a run was loaded from, and whether they have changed since.
// In: paths as the user gave them. Out: a signature that changes when one of them does, and the paths whose changes can
// mean that. A ConfigMap of Kubernetes is seen too: its files are links through `..data`, which moves to another folder.
// Elsewhere: waiting for changes (reload_watch.ts, files/folder_watch.ts).

import { join } from "node:path";
import { listFolder } from "../files/folder_list.ts";
import type { WatchedPath } from "../files/folder_watch.ts";
import { lookSlowly, readSlowFile } from "../files/slow_file.ts";
import { MAX_SOURCE_BYTES } from "../rules/source.ts";

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
export async function signatureOf({ files, folders }: WatchedPaths): Promise<string> {
  const within = folders.flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
  const lines: string[] = [];
  for (const path of [...files, ...within]) lines.push(`${path}\n${await fileSignature(path)}`);
  return lines.join("\n");
}

/** What to watch: a link among the files of a folder leads elsewhere. */
export function pathsToWatch({ files, folders }: WatchedPaths): WatchedPath[] {
  const within = folders.flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
  return [
    ...[...files, ...within.filter(isLink)].map((path) => ({ path })),
    ...folders.map((path) => ({ path, inside: (name: string) => YAML.test(name) })),
  ];
}

/** Answers in words when a file lies on a file system that does not answer: reading it would stop everything. */
export async function silentFile({ files, folders }: WatchedPaths): Promise<string | undefined> {
  const within = folders.flatMap((folder) => namesIn(folder).map((name) => join(folder, name)));
  for (const path of [...folders, ...files, ...within]) {
    const read = await readSlowFile(path, MAX_SOURCE_BYTES);
    if ("problem" in read && read.problem.kind === "silent") {
      return `cannot read ${path}: ${read.problem.reason}`;
    }
  }
  return undefined;
}

async function fileSignature(path: string): Promise<string> {
  const look = await lookSlowly(path);
  if (look === undefined) return "missing";
  return look.kind === "file" ? look.stamp : `${look.kind} ${look.identity}`;
}

function namesIn(folder: string): readonly string[] {
  const found = listFolder(folder, MAX_FILES, (name) => YAML.test(name));
  return "problem" in found ? [] : found.names;
}

function isLink(path: string): boolean {
  try {
    return Deno.lstatSync(path).isSymlink;
  } catch {
    return false;
  }
}
