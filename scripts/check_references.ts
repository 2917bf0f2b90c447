// Fails when a comment or a page names a file or folder of this project that does not exist.
// In: the source tree. Out: one line per stale reference; exit code 1 when there is any.
// Elsewhere: what counts as a reference (scripts/references/references.ts), imports (scripts/check_packages.ts).

import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import {
  headingsOf,
  type Reference,
  referencesOfComments,
  referencesOfHashComments,
  referencesOfPage,
} from "./references/references.ts";

/** By the ending of the file's name. */
const READERS = [
  [/\.md$/, referencesOfPage],
  [/\.(?:ts|c|h|js)$/, referencesOfComments],
  [/\.(?:yaml|yml|sh|awk|service|spec|tpl)$|^\.ci\/\w/, referencesOfHashComments],
] as const;
/** What a build makes, and what is another's. */
const LEFT_OUT = new Set(["build", "dist", "node_modules", ".git"]);

/** The files of a tree, and its folders with a slash at the end, both relative to `root`. */
export function listTree(root: string, at = ""): string[] {
  const found: string[] = [];
  for (const entry of Deno.readDirSync(join(root, at))) {
    const path = at === "" ? entry.name : `${at}/${entry.name}`;
    if (at === "" && LEFT_OUT.has(entry.name)) continue;
    if (entry.isDirectory) found.push(`${path}/`, ...listTree(root, path));
    else if (entry.isFile) found.push(path);
  }
  return found.sort();
}

/** A name counts from the folder of the file that names it, or from a folder above it up to the root. */
export function resolves(name: string, file: string, tree: ReadonlySet<string>): boolean {
  for (let folder = dirname(file);; folder = dirname(folder)) {
    if (tree.has(normalize(join(folder, name)))) return true;
    if (folder === ".") return false;
  }
}

function reasonAgainst(found: Reference, file: string, tree: ReadonlySet<string>, root: string) {
  if (!found.isLink) return resolves(found.name, file, tree) ? undefined : `there is no ${found.name}`;
  const [path = "", anchor] = found.name.split("#");
  const target = path === "" ? file : normalize(join(dirname(file), path));
  if (!tree.has(target) && !tree.has(`${target}/`)) return `the link to ${found.name} leads nowhere`;
  if (anchor === undefined || !target.endsWith(".md")) return undefined;
  const isThere = headingsOf(Deno.readTextFileSync(join(root, target))).has(anchor);
  return isThere ? undefined : `${target} has no heading #${anchor}`;
}

/** All stale references below `root`, as `file:line: reason`. */
export function checkReferences(root: string): string[] {
  const list = listTree(root);
  const tree = new Set(list);
  const folders = new Set(list.filter((path) => /^[^/]+\/$/.test(path)).map((path) => path.slice(0, -1)));
  const problems: string[] = [];
  for (const file of list) {
    const read = READERS.find(([ending]) => ending.test(file))?.[1];
    if (read === undefined) continue;
    for (const reference of read(Deno.readTextFileSync(join(root, file)), folders)) {
      const reason = reasonAgainst(reference, file, tree, root);
      if (reason !== undefined) problems.push(`${file}:${reference.line}: ${reason}`);
    }
  }
  return problems;
}

if (import.meta.main) {
  const problems = checkReferences(fileURLToPath(new URL("..", import.meta.url)));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) Deno.exit(1);
  console.log("references: every file that a comment or a page names exists");
}
