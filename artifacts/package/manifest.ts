// What a manifest says: the kind of the artifact, its name and version, what it needs, where its files are.
// In: a reference. Out: a description, without its files yet; an ArtifactError in words.
// Elsewhere: fetching (registry/), files (unpack.ts), whether what it needs is there (requirements.ts).

import { listOf, objectAt, objectOf, parseBoundedJson, textOf } from "../../base/mod.ts";
import { about, ArtifactError, quoted } from "../failure.ts";
import { type Reference, referenceText } from "../reference.ts";
import type { Document, Registry } from "../registry/registry.ts";
import { parseVersion } from "../versions.ts";
import { type ArtifactType, LAYER_TYPES, LIST_TYPES } from "./media_types.ts";

export interface Requirement {
  readonly name: string;
  readonly version: string;
}

export interface Dependency extends Requirement {
  readonly alternatives: readonly Requirement[];
}

export interface Artifact {
  readonly reference: Reference;
  /** of what the reference means: what is signed and remembered */
  readonly digest: string;
  readonly type: ArtifactType;
  readonly name: string;
  /** a full version, or "" when nothing says one */
  readonly version: string;
  readonly dependencies: readonly Dependency[];
  readonly requirements: readonly Requirement[];
  readonly layer: { readonly digest: string; readonly bytes: number };
}

const LIMITS = { bytes: 4 << 20, values: 100_000, depth: 32 };
const CONFIG_BYTES = 1 << 20;
/** Packed; what is in it: unpack.ts. */
const LAYER_BYTES: Readonly<Record<ArtifactType, number>> = { rulesfile: 16 << 20, plugin: 128 << 20 };
const MAX_LISTED = 100;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

export const HOST_ARCHITECTURE = ARCHITECTURES[Deno.build.arch] ?? Deno.build.arch;

export async function describe(registry: Registry, reference: Reference): Promise<Artifact> {
  const named = await registry.manifest(reference);
  try {
    const manifest = await platformManifest(registry, reference, named);
    const [layer, ...more] = listOf(manifest["layers"]).map(objectOf);
    if (layer === undefined || more.length > 0) {
      throw new ArtifactError(
        `it has ${more.length === 0 ? "no" : "several"} layers, and an artifact has one`,
      );
    }
    const mediaType = textOf(layer["mediaType"]);
    const type = LAYER_TYPES[mediaType];
    if (type === undefined) {
      throw new ArtifactError(`it holds no rules and no plugin, but ${quoted(mediaType)}`);
    }
    const bytes = Number(layer["size"]);
    const digest = textOf(layer["digest"]);
    if (!DIGEST.test(digest) || !Number.isInteger(bytes) || bytes < 0) {
      throw new ArtifactError("its manifest does not say which blob holds the files");
    }
    if (bytes > LAYER_BYTES[type]) {
      throw new ArtifactError(`it has ${bytes} bytes; a ${type} may have ${LAYER_BYTES[type]}`);
    }
    const config = await readConfig(registry, reference.repository, objectAt(manifest, "config"));
    return {
      reference,
      digest: named.digest,
      type,
      name: nameOf(config, reference),
      version: parseVersion(textOf(config["version"])) ?? parseVersion(reference.tag) ?? "",
      dependencies: dependenciesOf(config),
      requirements: needs(config["requirements"]),
      layer: { digest, bytes },
    };
  } catch (error) {
    throw about(referenceText(reference), error);
  }
}

/** The manifest itself, or the one of a list that is for this machine or for any. */
async function platformManifest(registry: Registry, { repository }: Reference, named: Document) {
  if (!LIST_TYPES.includes(named.mediaType)) return parse(named.bytes);
  const listed = listOf(parse(named.bytes)["manifests"]).slice(0, MAX_LISTED).map(objectOf);
  const suits = (wanted: string, found: unknown) => found === undefined || found === "" || found === wanted;
  const chosen = listed.find((one) => {
    const { os, architecture } = objectAt(one, "platform");
    return suits("linux", os) && suits(HOST_ARCHITECTURE, architecture);
  });
  if (chosen === undefined) throw new ArtifactError(`it has nothing for linux/${HOST_ARCHITECTURE}`);
  const digest = textOf(chosen["digest"]);
  if (!DIGEST.test(digest)) throw new ArtifactError("its list of platforms names no digest");
  const { bytes, mediaType } = await registry.manifest({
    registry: "",
    repository,
    tag: "",
    range: "",
    digest,
  });
  if (LIST_TYPES.includes(mediaType)) throw new ArtifactError("its list of platforms holds another list");
  return parse(bytes);
}

async function readConfig(registry: Registry, repository: string, config: Readonly<Record<string, unknown>>) {
  const digest = textOf(config["digest"]);
  if (!DIGEST.test(digest)) return {};
  return parse(await registry.blob(repository, digest, CONFIG_BYTES));
}

/** It becomes the name of a file. */
function nameOf(config: Readonly<Record<string, unknown>>, { repository }: Reference): string {
  const written = textOf(config["name"]);
  const name = written === "" ? repository.slice(repository.lastIndexOf("/") + 1) : written;
  if (!NAME.test(name)) throw new ArtifactError(`its name ${quoted(name)} is none`);
  return name;
}

function dependenciesOf(config: Readonly<Record<string, unknown>>): Dependency[] {
  return listOf(config["dependencies"]).slice(0, MAX_LISTED).flatMap((one) => {
    const [need] = needs([one]);
    return need === undefined ? [] : [{ ...need, alternatives: needs(objectOf(one)["alternatives"]) }];
  });
}

function needs(value: unknown): Requirement[] {
  return listOf(value).slice(0, MAX_LISTED).map(objectOf).map(({ name, version }) => {
    if (!NAME.test(textOf(name))) {
      throw new ArtifactError(`it needs ${quoted(textOf(name))}, which is no name`);
    }
    return { name: textOf(name), version: textOf(version) };
  });
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    return objectOf(parseBoundedJson(bytes, LIMITS));
  } catch (error) {
    throw new ArtifactError(`a document of it is no JSON that can be read: ${(error as Error).message}`);
  }
}
