// Whether this program has what an artifact needs.
// In: requirements as names and versions. Out: those that are not met, in words.
// Elsewhere: plugins and rules that it depends on (install/resolve.ts); what this program stands for (base/versions.ts).

import { PLUGIN_VERSIONS, versions } from "../../base/mod.ts";
import { quoted } from "../failure.ts";
import { compareVersions, majorOf, parseVersion } from "../versions.ts";
import type { Requirement } from "./manifest.ts";

/** As falcoctl compares: a whole number is a least one, a version needs the same major version as well. */
export function unmetRequirements(requirements: readonly Requirement[]): string[] {
  const have = versions();
  return requirements.flatMap(({ name, version }) => {
    const own = have[name];
    if (typeof own !== "string") {
      return [`it needs ${name} ${quoted(version)}, which this falco has nothing of`];
    }
    if (/^\d{1,9}$/.test(version)) {
      return Number(own.split(".")[0]) >= Number(version)
        ? []
        : [`it needs ${name} ${version}, and this falco has ${own}`];
    }
    const [wanted, found] = [parseVersion(version), parseVersion(own)];
    if (wanted === undefined || found === undefined) {
      return [`it needs ${name} ${quoted(version)}, which is no version`];
    }
    const isMet = majorOf(wanted) === majorOf(found) && compareVersions(found, wanted) >= 0;
    return isMet ? [] : [`it needs ${name} ${wanted}, and this falco has ${found}`];
  });
}

/** What a plugin of this name does is inside of falco, in this version. */
export function builtInVersion(name: string): string | undefined {
  return PLUGIN_VERSIONS.get(name)?.join(".");
}
