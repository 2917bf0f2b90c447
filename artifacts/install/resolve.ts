// Which artifacts are installed for those that somebody asked for: of one name the highest version, and what they depend on.
// In: references as text. Out: artifacts, described and not yet fetched; what is inside of falco already is left out.
// Elsewhere: describing one (package/manifest.ts), names (catalog/).

import { ArtifactError } from "../failure.ts";
import { type Artifact, type Dependency, describe } from "../package/manifest.ts";
import { builtInVersion } from "../package/requirements.ts";
import { compareVersions, majorOf, parseVersion } from "../versions.ts";
import type { Origin } from "./origin.ts";

export interface Resolved {
  readonly artifact: Artifact;
  readonly origin: Origin;
  /** what somebody asked for, or which artifact needs it */
  readonly asked: string;
}

const MAX_ARTIFACTS = 100;

/** @param find where a text leads to; its registry stays open for what is fetched later */
export async function resolveAll(
  asked: readonly string[],
  find: (text: string) => Promise<Origin>,
  withDependencies: boolean,
): Promise<Resolved[]> {
  const chosen = new Map<string, Resolved>();
  const add = async (text: string): Promise<void> => {
    const origin = await find(text);
    const artifact = await describe(origin.registry, origin.reference);
    const before = chosen.get(artifact.name);
    if (before !== undefined && !isHigher(artifact, before.artifact)) return;
    if (chosen.size >= MAX_ARTIFACTS) {
      throw new ArtifactError(`more than ${MAX_ARTIFACTS} artifacts depend on each other`);
    }
    chosen.set(artifact.name, { artifact, origin, asked: text });
    if (!withDependencies) return;
    for (const dependency of artifact.dependencies) {
      const missing = unmet(artifact.name, dependency, chosen);
      if (missing !== undefined) await add(missing);
    }
  };
  for (const text of asked) await add(text);
  return [...chosen.values()];
}

/** @returns what has to be fetched for it */
function unmet(
  name: string,
  dependency: Dependency,
  chosen: ReadonlyMap<string, Resolved>,
): string | undefined {
  for (const wanted of [dependency, ...dependency.alternatives]) {
    const have = chosen.get(wanted.name)?.artifact.version ?? builtInVersion(wanted.name);
    if (have === undefined || have === "") continue;
    const least = parseVersion(wanted.version);
    if (least === undefined) throw new ArtifactError(`${name} depends on ${wanted.name} without a version`);
    if (majorOf(have) !== majorOf(least)) {
      throw new ArtifactError(`${name} depends on ${wanted.name} ${least}, and ${have} is what there is`);
    }
    if (compareVersions(have, least) >= 0) return undefined;
    // a newer one than falco has inside of it changes nothing
    if (!chosen.has(wanted.name)) {
      throw new ArtifactError(
        `${name} depends on ${wanted.name} ${least}, and this falco has ${have} inside`,
      );
    }
    return `${wanted.name}:${wanted.version}`;
  }
  return `${dependency.name}:${dependency.version}`;
}

function isHigher(a: Artifact, b: Artifact): boolean {
  return a.version !== "" && (b.version === "" || compareVersions(a.version, b.version) > 0);
}
