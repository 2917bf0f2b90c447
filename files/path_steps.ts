// The way to a file or folder: each name on it that can be replaced by another, links resolved.
// In: a path, which need not exist. Out: folders and names in them. A link in one of them (`..data` of a ConfigMap, a
// folder of another host's layout) adds the way to where it leads.

import { dirname, join, resolve } from "node:path";

export interface PathStep {
  readonly folder: string;
  readonly name: string;
}

export interface PathWay {
  readonly steps: readonly PathStep[];
  /** where it ends */
  readonly end: string;
}

/** More links on one way are a circle. */
const MAX_LINKS = 40;

/** @param targetOf where a link leads; undefined for what is none */
export async function pathWay(
  path: string,
  targetOf: (path: string) => Promise<string | undefined>,
): Promise<PathWay> {
  const steps: PathStep[] = [];
  let rest = partsOf(resolve(path));
  let at = "/";
  let links = 0;
  while (rest.length > 0) {
    const [name, ...after] = rest;
    steps.push({ folder: at, name: name! });
    const next = join(at, name!);
    const target = await targetOf(next);
    if (target === undefined || ++links > MAX_LINKS) {
      if (target !== undefined) break;
      at = next;
      rest = after;
    } else {
      rest = [...partsOf(resolve(dirname(next), target)), ...after];
      at = "/";
    }
  }
  return { steps, end: at };
}

function partsOf(path: string): string[] {
  return path.split("/").filter((part) => part !== "");
}
