// The files in a folder that others may write to.
// In: a path, which names are wanted, a bound. Out: names in the order of their bytes, or why there are none. A name that
// is not UTF-8 is given with U+FFFD, so that whoever opens it finds nothing and says why.

import { folderEntries } from "../ffi/folder_entries.ts";
import { failed, type FileProblem } from "./file_problem.ts";

/** So many are looked at, wanted or not. */
const MAX_ENTRIES = 1 << 20;

export interface FolderList {
  readonly names: readonly string[];
  /** there are more than were allowed */
  readonly isCut: boolean;
}

export function listFolder(
  path: string,
  maxNames: number,
  isWanted: (name: string) => boolean = () => true,
): FolderList | { readonly problem: FileProblem } {
  const found = folderEntries(path, MAX_ENTRIES);
  if (typeof found === "number") return { problem: failed(path, found, false) };
  const decoder = new TextDecoder();
  const names: string[] = [];
  for (const { name } of found.entries) {
    const text = decoder.decode(name);
    if (isWanted(text)) names.push(text);
  }
  names.sort((a, b) => a < b ? -1 : a > b ? 1 : 0);
  return { names: names.slice(0, maxNames), isCut: found.isCut || names.length > maxNames };
}
