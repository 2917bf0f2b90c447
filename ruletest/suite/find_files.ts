// Which test files there are.
// In: files and folders as the user gave them. Out: files; of a folder all `*.test.yaml` in it and below, sorted.
// Elsewhere: what is in them (read_file.ts).

import { join } from "node:path";
import { listFolder, lookAt } from "../../files/mod.ts";

const TEST_FILE = /\.test\.ya?ml$/;
const MAX_FILES = 10_000;
const MAX_DEPTH = 20;
/** Where nobody keeps tests of their own. */
const PASSED_OVER = /^(\..*|node_modules)$/;

export interface FoundFiles {
  readonly paths: readonly string[];
  readonly problems: readonly string[];
}

export function findTestFiles(given: readonly string[]): FoundFiles {
  const paths: string[] = [];
  const problems: string[] = [];
  const walk = (folder: string, depth: number): void => {
    const found = listFolder(folder, MAX_FILES, (name) => !PASSED_OVER.test(name));
    if ("problem" in found) {
      problems.push(`cannot read ${folder}: ${found.problem.reason}`);
      return;
    }
    for (const name of found.names) {
      const path = folder === "." ? name : join(folder, name);
      if (TEST_FILE.test(name)) paths.push(path);
      else if (depth < MAX_DEPTH && lookAt(path)?.kind === "directory") walk(path, depth + 1);
    }
  };
  for (const path of given) {
    const kind = lookAt(path)?.kind;
    if (kind === "directory") walk(path, 0);
    else if (kind === undefined) problems.push(`cannot read ${path}: no such file or folder`);
    else paths.push(path);
  }
  return { paths: [...new Set(paths)].slice(0, MAX_FILES), problems };
}
