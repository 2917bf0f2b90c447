// The files in a folder that others may write to.
// In: a path, which names are wanted, a bound. Out: names in the order of their bytes, or why there are none. A name that
// is not UTF-8 is given with U+FFFD, so that opening it finds nothing, and the error says why.

import { type FolderEntries, folderEntries, slowFolderEntries } from "../ffi/mod.ts";
import { failed, type FileProblem } from "./file_problem.ts";
import { inTime } from "./slow_file.ts";

/** So many are looked at, wanted or not: a million took 500 MB. */
const MAX_ENTRIES = 1 << 16;

export interface FolderList {
  readonly names: readonly string[];
  /** there are more than were allowed */
  readonly isCut: boolean;
}

type IsWanted = (name: string) => boolean;

export function listFolder(
  path: string,
  maxNames: number,
  isWanted: IsWanted = () => true,
): FolderList | { readonly problem: FileProblem } {
  const found = folderEntries(path, MAX_ENTRIES);
  return typeof found === "number"
    ? { problem: failed(path, found, false) }
    : listOf(found, maxNames, isWanted);
}

/** The same in bounded time, on whatever file system; undefined when the folder cannot be read or does not answer. */
export async function listFolderSlowly(
  path: string,
  maxNames: number,
  isWanted: IsWanted = () => true,
): Promise<FolderList | undefined> {
  const found = await inTime(`${path}/`, () => slowFolderEntries(path, MAX_ENTRIES));
  return found === undefined ? undefined : listOf(found, maxNames, isWanted);
}

function listOf({ entries, isCut }: FolderEntries, maxNames: number, isWanted: IsWanted): FolderList {
  const decoder = new TextDecoder();
  const names: string[] = [];
  for (const { name } of entries) {
    const text = decoder.decode(name);
    if (isWanted(text)) names.push(text);
  }
  names.sort((a, b) => a < b ? -1 : a > b ? 1 : 0);
  return { names: names.slice(0, maxNames), isCut: isCut || names.length > maxNames };
}
