// Bundles of Sigstore's conformance tests: real ones of the public logs and of those that are tried out, and what can be wrong with them.
// In: a checkout of github.com/sigstore/sigstore-conformance (SIGSTORE_CONFORMANCE), the public trusted root (SIGSTORE_ROOT, as
// `cosign trusted-root create --with-default-services` or github.com/sigstore/root-signing has it). Out: what falco says to each.

import { createHash } from "node:crypto";
import { objectOf, parseJson } from "../../../base/mod.ts";
import { certifiedName, readTrustedRoot } from "../../../artifacts/signature/keyless/mod.ts";
import { proofOfBundle } from "../../../artifacts/signature/keyless/proof.ts";

/** What falco has no use for in artifacts: the names of such bundles begin so. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "managed-key": "signed with a key",
  "message-digest-mismatch": "says a digest next to the text, which falco does not read",
  "intoto-with-custom-trust-root": "an entry of the kind intoto, which cosign makes for attestations only",
};

export interface ConformanceAnswer {
  readonly name: string;
  readonly isExpected: boolean;
  readonly text: string;
}

export async function conformanceAnswers(checkout: string, publicRoot: string): Promise<ConformanceAnswer[]> {
  const folder = `${checkout}/test/assets/bundle-verify`;
  const names = [...Deno.readDirSync(folder)].filter(({ isDirectory }) => isDirectory).map(({ name }) =>
    name
  );
  const asked = names.sort().filter((name) => !Object.keys(LEFT_OUT).some((start) => name.startsWith(start)));
  return await Promise.all(asked.map(async (name) => {
    const isWrong = name.endsWith("_fail");
    try {
      const text = await signerOf(`${folder}/${name}`, `${folder}/a.txt`, publicRoot);
      return { name, isExpected: !isWrong, text };
    } catch (error) {
      return { name, isExpected: isWrong, text: (error as Error).message };
    }
  }));
}

async function signerOf(folder: string, usualArtifact: string, publicRoot: string): Promise<string> {
  const own = (name: string, otherwise: string) => {
    try {
      return Deno.realPathSync(`${folder}/${name}`);
    } catch {
      return otherwise;
    }
  };
  const artifact = Deno.readFileSync(own("artifact", usualArtifact));
  // as JSON.parse reads it: what is no JSON fails there
  const bundle = JSON.parse(Deno.readTextFileSync(`${folder}/bundle.sigstore.json`));
  const { data, payload, signatures } = contentOf(bundle, artifact);
  const root = await readTrustedRoot(own("trusted_root.json", publicRoot));
  const material = objectOf(bundle.verificationMaterial);
  const { identity } = certifiedName(
    { data, payload, signatures, names: () => true, proof: () => proofOfBundle(material) },
    root,
    false,
  );
  return identity;
}

// deno-lint-ignore no-explicit-any
function contentOf(bundle: any, artifact: Uint8Array) {
  if (bundle.messageSignature !== undefined) {
    const signature = Buffer.from(bundle.messageSignature.signature, "base64");
    return { data: artifact, payload: artifact, signatures: [signature] };
  }
  const { payloadType, payload: written, signatures } = bundle.dsseEnvelope;
  const payload = Buffer.from(written, "base64");
  const digest = createHash("sha256").update(artifact).digest("hex");
  const subjects = objectOf(parseJson(payload.toString()))["subject"] as { digest: { sha256: string } }[];
  if (!subjects.some((subject) => subject.digest.sha256 === digest)) {
    throw new Error("it is about something else");
  }
  return {
    data: Buffer.concat([
      Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `),
      payload,
    ]),
    payload,
    signatures: signatures.map(({ sig }: { sig: string }) => Buffer.from(sig, "base64")),
  };
}
