// Which files of artifacts falco would take, and which part of the others.
// In: files, a check of all of them together. Out: files to put in place, reasons by file.
// Elsewhere: the check itself (service/loading/kubernetes_files.ts), putting in place (placed_files.ts).
//
// Where a good version of a bad file is in place, it stays. Where there is none, the items of the file that are good count, as
// falco has it with files at its start.

import { stringify } from "yaml";
import type { ArtifactFile, FileDraft } from "./artifact_files.ts";

export interface BadFile {
  readonly reason: string;
  /** the file without what is wrong; absent when nothing is left */
  readonly rest?: Uint8Array<ArrayBuffer>;
}

export interface CheckedFiles {
  /** whole, or what is good of them */
  readonly good: readonly ArtifactFile[];
  /** what is wrong, by file */
  readonly refused: ReadonlyMap<string, string>;
}

/** What is left of a file may have lost what other items of it need. */
const MAX_ATTEMPTS_WITH_A_REST = 3;

/** @param check what would be wrong with all of these, by file */
export function checkFiles(
  drafts: readonly FileDraft[],
  check: (files: readonly ArtifactFile[]) => ReadonlyMap<string, BadFile>,
): CheckedFiles {
  const isThere = new Set(drafts.flatMap(({ name, isThere }) => isThere === true ? [name] : []));
  const reasons = new Map<string, string>();
  let good = drafts.map(written);
  for (let attempt = 1; good.length > 0; attempt++) {
    const bad = check(good);
    if (bad.size === 0) break;
    for (const [name, { reason }] of bad) {
      reasons.set(name, [reasons.get(name), reason].filter(Boolean).join("; "));
    }
    good = good.flatMap((file) => {
      const found = bad.get(file.name);
      if (found === undefined) return [file];
      const { rest } = found;
      if (rest === undefined || attempt > MAX_ATTEMPTS_WITH_A_REST || isThere.has(file.name)) return [];
      return [{ ...file, bytes: rest }];
    });
  }
  const refused = new Map([...reasons].map(([name, reason]) => {
    const cost = good.some((one) => one.name === name)
      ? "the rest of the file counts"
      : isThere.has(name)
      ? "what was there before stays"
      : "nothing of the file counts";
    return [name, `${reason}; ${cost}`];
  }));
  return { good, refused };
}

function written({ name, folder, medium, priority, bytes, isJson }: FileDraft): ArtifactFile {
  if (!isJson) return { name, folder, medium, priority, bytes };
  const value = JSON.parse(new TextDecoder().decode(bytes));
  return { name, folder, medium, priority, bytes: new TextEncoder().encode(stringify(value)) };
}
