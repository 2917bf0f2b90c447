// Which files of artifacts falco would take, and which part of the others.
// In: files, a check of all of them together, which files there are already. Out: files to put in place, reasons by file.
// Elsewhere: the check itself (service/loading/artifact_rules.ts), putting in place (node_agent.ts).
//
// Where a good version of a bad file is in place, it stays. Where there is none, the items of the file that are good count, as
// falco has it with files at its start. Each attempt takes a good part of a second, and falco has to make turns in between.

import type { ArtifactFile } from "./artifact_files.ts";

export interface BadFile {
  readonly reason: string;
  /** the file without what is wrong; absent when nothing is left */
  readonly rest?: Uint8Array<ArrayBuffer>;
}

export interface FilesCheck {
  /** all that the answer depends on besides the files */
  readonly basis: string;
  check(files: readonly ArtifactFile[]): ReadonlyMap<string, BadFile>;
}

export interface CheckedFiles {
  /** whole, or what is good of them */
  readonly good: readonly ArtifactFile[];
  /** what is wrong, by file */
  readonly refused: ReadonlyMap<string, string>;
}

/** What is left of a file may have lost what other items of it need. */
const MAX_ATTEMPTS_WITH_A_REST = 3;

/** @param isThere whether another version of a file is in place */
export async function checkFiles(
  files: readonly ArtifactFile[],
  { check }: FilesCheck,
  isThere: (file: ArtifactFile) => boolean,
  takeTurn: () => Promise<void>,
): Promise<CheckedFiles> {
  const reasons = new Map<string, string>();
  let good = files;
  for (let attempt = 1; good.length > 0; attempt++) {
    await takeTurn();
    const bad = check(good);
    if (bad.size === 0) break;
    for (const [name, { reason }] of bad) {
      reasons.set(name, [reasons.get(name), reason].filter(Boolean).join("; "));
    }
    good = good.flatMap((file) => {
      const found = bad.get(file.name);
      if (found === undefined) return [file];
      const { rest } = found;
      if (rest === undefined || attempt > MAX_ATTEMPTS_WITH_A_REST || isThere(file)) return [];
      return [{ ...file, bytes: rest }];
    });
  }
  const refused = new Map([...reasons].map(([name, reason]) => {
    const file = files.find((one) => one.name === name)!;
    const cost = good.some((one) => one.name === name)
      ? "the rest of the file counts"
      : isThere(file)
      ? "what was there before stays"
      : "nothing of the file counts";
    return [name, `${reason}; ${cost}`];
  }));
  return { good, refused };
}
