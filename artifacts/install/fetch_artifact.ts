// One artifact's files, without installing them.
// In: a full reference. Out: what it is, and its files, when this falco has what it needs.
// Elsewhere: installing (installer.ts), how signatures are checked (signature/).

import { ArtifactError } from "../failure.ts";
import { type Artifact, describe } from "../package/manifest.ts";
import { unmetRequirements } from "../package/requirements.ts";
import { type PackedFile, unpack } from "../package/unpack.ts";
import { isReference, parseReference } from "../reference.ts";
import type { FindCredentials } from "../registry/credentials.ts";
import { Registry, type RegistrySettings } from "../registry/registry.ts";
import type { Trust } from "../signature/trust.ts";

export interface FetchOptions {
  readonly reference: string;
  readonly plainHttp: boolean;
  /** how registries are reached that need more */
  readonly registries: readonly RegistrySettings[];
  /** who must have signed it */
  readonly trust: Pick<Trust, "check">;
  readonly credentials: FindCredentials;
  readonly signal: AbortSignal;
}

export async function fetchArtifact(
  { reference: text, plainHttp, registries, trust, credentials, signal }: FetchOptions,
): Promise<{ readonly artifact: Artifact; readonly files: readonly PackedFile[] }> {
  const reference = parseReference(text);
  if (!isReference(reference)) throw new ArtifactError(`artifact "${text}" names no registry`);
  const settings = registries.find((one) => one.registry === reference.registry);
  const registry = new Registry(
    {
      mirrors: [],
      ...settings,
      registry: reference.registry,
      plainHttp: plainHttp || settings?.plainHttp === true,
    },
    credentials,
    signal,
  );
  try {
    const artifact = await describe(registry, reference);
    const problems = unmetRequirements(artifact.requirements);
    if (problems.length > 0) throw new ArtifactError(problems.join("; "));
    await trust.check(registry, reference, artifact.digest);
    const layer = await registry.blob(reference.repository, artifact.layer.digest, artifact.layer.bytes);
    return { artifact, files: await unpack(layer, artifact.type) };
  } finally {
    registry.close();
  }
}
