// What somebody calls an artifact: `falco-rules:5`, `ghcr.io/team/rules:^1.2`, `registry:5000/rules@sha256:…`.
// In: text. Out: its parts; an ArtifactError in words.
// Elsewhere: names without a registry (catalog/catalog.ts), which tag a range means (registry/registry.ts).

import { ArtifactError, quoted } from "./failure.ts";
import { parseRange } from "./versions.ts";

export interface Reference {
  readonly registry: string;
  readonly repository: string;
  /** a tag, or "" when only a range or a digest is given */
  readonly tag: string;
  /** a range of versions that the tag's text can also be read as, or "" */
  readonly range: string;
  /** sha256:…, or "" */
  readonly digest: string;
}

/** A name that an index knows, with the same ends as a reference. */
export interface CatalogName {
  readonly name: string;
  readonly end: Pick<Reference, "tag" | "range" | "digest">;
}

export const DEFAULT_TAG = "latest";

const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const REGISTRY = /^(?:\[[0-9a-fA-F:.]{2,45}\]|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}))(?::\d{1,5})?$/;
const REPOSITORY = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const MAX_CHARACTERS = 500;

/** Without a slash it is a name for an index to look up. */
export function parseReference(text: string): Reference | CatalogName {
  if (text.length > MAX_CHARACTERS) throw refuse(text, "it is too long");
  const { path, end } = split(text);
  const slash = path.indexOf("/");
  if (slash < 0) {
    if (!NAME.test(path)) throw refuse(text, "a name has letters, digits, `.`, `_` and `-`");
    return { name: path, end };
  }
  const registry = path.slice(0, slash);
  const repository = path.slice(slash + 1);
  if (!REGISTRY.test(registry) || !(/[.:]/.test(registry) || registry === "localhost")) {
    throw refuse(text, `${quoted(registry)} is no registry: write host[:port]/repository[:tag]`);
  }
  if (repository.length > 255 || !REPOSITORY.test(repository)) {
    throw refuse(text, `${quoted(repository)} is no repository`);
  }
  return { registry, repository, ...end };
}

export function isReference(parsed: Reference | CatalogName): parsed is Reference {
  return "registry" in parsed;
}

/** As the user would write it. */
export function referenceText({ registry, repository, tag, range, digest }: Reference): string {
  const version = tag || range;
  return `${registry}/${repository}${version === "" ? "" : `:${version}`}${
    digest === "" ? "" : `@${digest}`
  }`;
}

function split(text: string) {
  const [named = "", digest = "", ...more] = text.split("@");
  if (more.length > 0 || (text.includes("@") && !DIGEST.test(digest))) {
    throw refuse(text, "a digest is `@sha256:` and 64 hexadecimal digits");
  }
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const path = colon < 0 ? named : named.slice(0, colon);
  const version = colon < 0 ? "" : named.slice(colon + 1);
  const tag = TAG.test(version) ? version : "";
  const range = version === "" ? "" : parseRange(version) ?? "";
  if (colon >= 0 && tag === "" && range === "") {
    throw refuse(text, `${quoted(version)} is neither a tag nor a range of versions`);
  }
  const none = version === "" && digest === "";
  return { path, end: { tag: none ? DEFAULT_TAG : tag, range, digest } };
}

function refuse(text: string, reason: string): ArtifactError {
  return new ArtifactError(`artifact ${quoted(text)}: ${reason}`);
}
