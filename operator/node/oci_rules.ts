// The rules in an OCI artifact that a Rulesfile names.
// In: spec.ociArtifact, ways to find its Secret, this falco's settings. Out: its rules files, joined in the order of their names.
// Elsewhere: registries, unpacking (artifacts/).

import { Buffer } from "node:buffer";
import {
  fetchArtifact,
  type FindCredentials,
  type RegistrySettings,
  type Trust,
} from "../../artifacts/mod.ts";
import { concatenate, type JsonObject, objectAt, textOf } from "../../base/mod.ts";
import { KINDS } from "../api/kinds.ts";
import type { Objects } from "../api/objects.ts";

/** What this falco's settings say about registries. */
export interface RegistryTools {
  readonly registries: readonly RegistrySettings[];
  readonly trust: Trust;
  /** where a Rulesfile names no Secret */
  readonly credentials: FindCredentials;
}

const DEFAULT_REGISTRY = "ghcr.io";

export async function ociRules(
  spec: JsonObject,
  objects: Objects,
  namespace: string,
  tools: RegistryTools,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const image = objectAt(spec, "image");
  const registry = objectAt(spec, "registry");
  if (objectAt(registry, "tls")["insecureSkipVerify"] === true) {
    throw new Error("tls.insecureSkipVerify: falco does not take certificates unchecked");
  }
  const tag = textOf(image["tag"]) || "latest";
  const place = `${textOf(registry["name"]) || DEFAULT_REGISTRY}/${textOf(image["repository"])}`;
  const secret = textOf(objectAt(registry, "auth", "secretRef")["name"]);
  const { artifact, files } = await fetchArtifact({
    reference: tag.startsWith("sha256:") ? `${place}@${tag}` : `${place}:${tag}`,
    plainHttp: registry["plainHTTP"] === true,
    registries: tools.registries,
    trust: tools.trust,
    signal,
    credentials: async (registry) => {
      if (secret === "") return await tools.credentials(registry);
      const data = objectAt(await objects.get(KINDS.Secret, namespace, secret), "data");
      const value = (key: string) => Buffer.from(textOf(data[key]), "base64").toString();
      if (value("username") === "") {
        throw new Error(`Secret "${secret}" not found, or without username and password`);
      }
      return { user: value("username"), password: value("password"), refreshToken: "" };
    },
  });
  if (artifact.type !== "rulesfile") throw new Error(`it is a ${artifact.type}`);
  const newline = new TextEncoder().encode("\n");
  return concatenate(
    files.toSorted((a, b) => a.name < b.name ? -1 : 1).flatMap(({ bytes }) => [bytes, newline]),
  );
}
