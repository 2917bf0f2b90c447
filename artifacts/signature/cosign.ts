// Signatures that cosign made, in both of its forms.
// In: the digest of an artifact. Out: all that a registry has for it: what was signed, and what came with it.
// Elsewhere: whose they are (signer.ts), what proves it where there is no key (keyless/).
//
// Old form: a tag sha256-….sig whose layers are texts that name the digest, each with its signature in an annotation. New
// form: a Sigstore bundle that refers to the artifact; it holds a statement about the digest in a DSSE envelope.

import { Buffer } from "node:buffer";
import { type JsonObject, listOf, objectAt, objectOf, parseBoundedJson, textOf } from "../../base/mod.ts";
import { ArtifactError } from "../failure.ts";
import type { Registry } from "../registry/registry.ts";
import { type Proof, proofOfAnnotations, proofOfBundle } from "./keyless/proof.ts";

export interface Signed {
  /** what the signature is made of */
  readonly data: Uint8Array;
  /** what is inside of an envelope; without one the same as `data` */
  readonly payload: Uint8Array;
  readonly signatures: readonly Uint8Array[];
  /** whether that is about this digest */
  names(digest: string): boolean;
  /** what came with it in place of a key; an ArtifactError when it is of no use */
  proof(): Proof;
}

const LIMITS = { bytes: 1 << 20, values: 20_000, depth: 32 };
const MAX_SIGNATURES = 50;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const SIMPLE_SIGNING = "application/vnd.dev.cosign.simplesigning.v1+json";
const SIGNATURE_ANNOTATION = "dev.cosignproject.cosign/signature";
const SIMPLE_TYPE = "cosign container image signature";
const BUNDLE = /^application\/vnd\.dev\.sigstore\.bundle(?:\.v0\.\d+\+json|\+json;version=0\.\d+)$/;
const IN_TOTO = "application/vnd.in-toto+json";
/** What a bundle says about the artifact: that it is signed. Others say how it was built or what is in it. */
const SIGN_PREDICATE = "https://sigstore.dev/cosign/sign/v1";

export async function signaturesOf(
  registry: Registry,
  repository: string,
  digest: string,
): Promise<Signed[]> {
  return [
    ...await simpleSignatures(registry, repository, digest),
    ...await bundlesOf(registry, repository, digest),
  ];
}

async function simpleSignatures(registry: Registry, repository: string, digest: string): Promise<Signed[]> {
  const tag = `${digest.replace(":", "-")}.sig`;
  const manifest = await documentAt(registry, repository, { tag, digest: "" });
  const layers = listOf(manifest?.["layers"]).map(objectOf).slice(0, MAX_SIGNATURES);
  const found: Signed[] = [];
  for (const layer of layers) {
    const annotations = objectAt(layer, "annotations");
    const signature = textOf(annotations[SIGNATURE_ANNOTATION]);
    const blob = textOf(layer["digest"]);
    if (layer["mediaType"] !== SIMPLE_SIGNING || signature === "" || !DIGEST.test(blob)) continue;
    const data = await registry.blob(repository, blob, LIMITS.bytes);
    const { image, type } = objectAt(parse(data), "critical");
    found.push({
      data,
      payload: data,
      signatures: [base64(signature)],
      names: (wanted) => type === SIMPLE_TYPE && objectOf(image)["docker-manifest-digest"] === wanted,
      proof: () => proofOfAnnotations(annotations),
    });
  }
  return found;
}

async function bundlesOf(registry: Registry, repository: string, digest: string): Promise<Signed[]> {
  const referrers = listOf(objectOf(await registry.referrers(repository, digest))["manifests"]).map(objectOf);
  const found: Signed[] = [];
  // where the list does not tell what refers, the manifest itself does
  const candidates = referrers.filter(({ artifactType }) =>
    artifactType === undefined || isBundle(artifactType)
  );
  for (const one of candidates.slice(0, MAX_SIGNATURES)) {
    const manifest = await documentAt(registry, repository, { tag: "", digest: textOf(one["digest"]) });
    const layer = listOf(manifest?.["layers"]).map(objectOf).find(({ mediaType }) => isBundle(mediaType));
    const blob = textOf(layer?.["digest"]);
    if (!DIGEST.test(blob)) continue;
    const bundle = parse(await registry.blob(repository, blob, LIMITS.bytes));
    const envelope = objectAt(bundle, "dsseEnvelope");
    const payload = base64(textOf(envelope["payload"]));
    const signatures = listOf(envelope["signatures"]).slice(0, MAX_SIGNATURES)
      .map((signature) => base64(textOf(objectOf(signature)["sig"])));
    const type = textOf(envelope["payloadType"]);
    found.push({
      data: preAuthentication(type, payload),
      payload,
      signatures,
      names: (wanted) => type === IN_TOTO && states(parse(payload), wanted),
      proof: () => proofOfBundle(objectAt(bundle, "verificationMaterial")),
    });
  }
  return found;
}

function states(statement: JsonObject, digest: string): boolean {
  const subjects = listOf(statement["subject"]).map((subject) =>
    textOf(objectAt(subject, "digest")["sha256"])
  );
  return statement["predicateType"] === SIGN_PREDICATE && subjects.some((hex) => `sha256:${hex}` === digest);
}

/** What a DSSE envelope's signature is made of. */
function preAuthentication(type: string, payload: Uint8Array): Uint8Array {
  const typeBytes = Buffer.from(type);
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${typeBytes.length} `),
    typeBytes,
    Buffer.from(` ${payload.length} `),
    payload,
  ]);
}

async function documentAt(
  registry: Registry,
  repository: string,
  which: { readonly tag: string; readonly digest: string },
): Promise<JsonObject | undefined> {
  if (which.tag === "" && !DIGEST.test(which.digest)) return undefined;
  try {
    return parse((await registry.manifest({ registry: "", repository, range: "", ...which })).bytes);
  } catch (error) {
    if (error instanceof ArtifactError && error.status === 404) return undefined;
    throw error;
  }
}

function isBundle(mediaType: unknown): boolean {
  return BUNDLE.test(textOf(mediaType));
}

function base64(text: string): Uint8Array {
  return Buffer.from(text, "base64");
}

function parse(bytes: Uint8Array): JsonObject {
  try {
    return objectOf(parseBoundedJson(bytes, LIMITS));
  } catch {
    return {};
  }
}
