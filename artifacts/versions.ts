// Versions as artifacts have them: written loosely (v1, 1.2), compared as semantic versions, wished for as ranges.
// In: text. Out: versions, ranges, the highest of several.
// Elsewhere: which tags a registry has (registry/registry.ts), what this program stands for (base/versions.ts).

// @ts-types="@types/semver"
import semver from "semver";

/** `v1.2` means 1.2.0; undefined when it is no version at all. */
export function parseVersion(text: string): string | undefined {
  const match =
    /^v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?((?:-[0-9A-Za-z.-]{1,64})?)(?:\+[0-9A-Za-z.-]{1,64})?$/
      .exec(text.trim());
  if (match === null) return undefined;
  const [, major, minor = "0", patch = "0", before = ""] = match;
  return semver.valid(`${Number(major)}.${Number(minor)}.${Number(patch)}${before}`) ?? undefined;
}

/** `5`, `5.x`, `^5.1`, `>=4 <6`; undefined when it is none. */
export function parseRange(text: string): string | undefined {
  return text.length > 100 ? undefined : semver.validRange(text) ?? undefined;
}

export function compareVersions(a: string, b: string): number {
  return semver.compare(a, b);
}

export function majorOf(version: string): number {
  return semver.major(version);
}

/** The tag with the highest version that the range allows. Versions before a release count only where the range names one. */
export function highestTag(tags: readonly string[], range: string): string | undefined {
  let best: { readonly tag: string; readonly version: string } | undefined;
  for (const tag of tags) {
    // `5` and `5.1` float: what they are now, a full version says as well
    if (!/^v?\d+\.\d+\.\d+/.test(tag)) continue;
    const version = parseVersion(tag);
    if (version === undefined || !semver.satisfies(version, range)) continue;
    if (best === undefined || semver.gt(version, best.version)) best = { tag, version };
  }
  return best?.tag;
}
