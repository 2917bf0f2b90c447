// Which of those who may sign an artifact has signed it.
// In: the digest of an artifact, keys and identities. Out: the name of the one; an ArtifactError that says what was found
// instead.
// Elsewhere: the signatures (cosign.ts), who may sign (trust.ts).

import { messageOf, sanitizeLine } from "../../base/mod.ts";
import { ArtifactError } from "../failure.ts";
import type { Registry } from "../registry/registry.ts";
import { signaturesOf, type Signed } from "./cosign.ts";
import type { Identity } from "./identity.ts";
import type { PublicKey } from "./keys.ts";
import type { Signers } from "./signers.ts";

/** So many reasons are told, and the rest are counted. */
const MAX_REASONS = 3;

/** @param trustedRoot the path of a file; "" for none, which is enough for keys */
export async function signer(
  registry: Registry,
  repository: string,
  digest: string,
  { keys, identities }: Signers,
  trustedRoot: string,
): Promise<string> {
  const signatures = await signaturesOf(registry, repository, digest);
  const names = [...keys, ...identities].map(({ name }) => name).join(" or ");
  if (signatures.length === 0) {
    throw new ArtifactError(`${digest} has no signature, and must have one by ${names}`);
  }
  const key = keyOf(signatures, digest, keys);
  if (key !== undefined) return key;
  const reasons: string[] = [];
  if (identities.length > 0) {
    if (trustedRoot === "") {
      throw new ArtifactError(
        `${digest} must be signed by ${names}, without a key, and nothing says which authorities are trusted with that`,
        { hint: "name Sigstore's trusted_root.json by --trusted-root or artifacts.trusted_root" },
      );
    }
    const found = await identityOf(signatures, digest, identities, trustedRoot, reasons);
    if (found !== undefined) return found;
  }
  const { length } = signatures;
  const told = reasons.slice(0, MAX_REASONS).join("; ");
  throw new ArtifactError(
    `${digest} has ${length} signature${length === 1 ? "" : "s"}, none of them by ${names}${
      told === "" ? "" : ` (${told}${reasons.length > MAX_REASONS ? "; …" : ""})`
    }`,
  );
}

function keyOf(
  signatures: readonly Signed[],
  digest: string,
  keys: readonly PublicKey[],
): string | undefined {
  for (const signed of signatures) {
    const key = keys.find((one) =>
      signed.signatures.some((signature) => one.verifies(signed.data, signature))
    );
    // first the signature, then what it says: a text that nobody has signed is not looked at
    if (key !== undefined && signed.names(digest)) return key.name;
  }
  return undefined;
}

async function identityOf(
  signatures: readonly Signed[],
  digest: string,
  identities: readonly Identity[],
  trustedRoot: string,
  reasons: string[],
): Promise<string | undefined> {
  // loaded when it is needed: most artifacts need no signature, or one by a key
  const { certifiedName, readTrustedRoot } = await import("./keyless/mod.ts");
  const root = await readTrustedRoot(trustedRoot);
  for (const signed of signatures) {
    for (const wanted of identities) {
      try {
        const name = certifiedName(signed, root, wanted.ignoresLog);
        if (!signed.names(digest)) throw new ArtifactError("it is about something else");
        const text = sanitizeLine(`${name.identity} (${name.issuer})`);
        if (wanted.fits(name)) return text;
        throw new ArtifactError(`it is by ${text}`);
      } catch (error) {
        reasons.push(messageOf(error));
      }
    }
  }
  return undefined;
}
