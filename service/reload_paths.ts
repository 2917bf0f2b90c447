// Which files and folders a run was loaded from, and whether they have changed since.
// In: paths as the user gave them. Out: a signature that changes when one of them does, and the names in folders whose
// changes can mean that: those of the files, and of every symbolic link on the way to them. So a ConfigMap of Kubernetes
// is seen, whose files stay what they are while the link `..data` beside them moves to another folder.
// Elsewhere: waiting for changes (reload_watch.ts).

import { dirname, join, resolve } from "node:path";

export interface WatchedPaths {
  /** files that were read, or could not be found */
  readonly files: readonly string[];
  /** folders that stand for the files in them */
  readonly folders: readonly string[];
}

/** Names that matter, by folder; undefined: all of them. */
export type WatchPlan = ReadonlyMap<string, ReadonlySet<string> | undefined>;

/** More links on one way are a circle. */
const MAX_LINKS = 40;

/** Cheap: contents are not read. A file that is touched counts as changed, as in Falco. */
export function signatureOf({ files, folders }: WatchedPaths): string {
  const within = folders.flatMap((folder) =>
    namesIn(folder).filter((name) => /\.ya?ml$/.test(name)).map((name) => join(folder, name))
  );
  return [...files, ...within].map((path) => `${path}\n${fileSignature(path)}`).join("\n");
}

export function planWatch({ files, folders }: WatchedPaths): WatchPlan {
  const plan = new Map<string, Set<string> | undefined>();
  const add = (path: string) => {
    for (const step of stepsTo(resolve(path))) {
      const folder = dirname(step);
      const names = plan.has(folder) ? plan.get(folder) : new Set<string>();
      plan.set(folder, names?.add(step));
    }
  };
  for (const path of files) add(path);
  for (const folder of folders) {
    add(folder);
    for (const name of namesIn(folder)) add(join(folder, name));
    plan.set(resolve(folder), undefined);
  }
  return plan;
}

/** The links on the way to a file, and the file itself under the name that it has where they lead. */
function stepsTo(path: string): string[] {
  const steps: string[] = [];
  let rest = path.split("/").filter((part) => part !== "");
  let at = "/";
  while (rest.length > 0 && steps.length < MAX_LINKS) {
    const [part, ...behind] = rest;
    const next = join(at, part!);
    const target = linkTarget(next);
    if (target === undefined) {
      at = next;
      rest = behind;
    } else {
      steps.push(next);
      rest = [...resolve(at, target).split("/").filter((name) => name !== ""), ...behind];
      at = "/";
    }
  }
  return [...steps, at];
}

function linkTarget(path: string): string | undefined {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return undefined; // no link, or not there
  }
}

function fileSignature(path: string): string {
  try {
    const { dev, ino, size, mtime, ctime, isFile } = Deno.statSync(path);
    return isFile ? [dev, ino, size, mtime?.getTime(), ctime?.getTime()].join(":") : "no file";
  } catch {
    return "missing";
  }
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  } catch {
    return [];
  }
}
