// Public keys that check signatures: of those who sign artifacts, of certificates, of transparency logs.
// In: PEM text, or a key of node:crypto. Out: keys that check signatures; an ArtifactError when the text is none.
// Elsewhere: what is signed (cosign.ts), which artifacts need which keys (trust.ts).

import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { ArtifactError } from "../failure.ts";

export interface PublicKey {
  /** for messages */
  readonly name: string;
  verifies(data: Uint8Array, signature: Uint8Array): boolean;
}

/** As cosign hashes, by the size of the curve; RSA goes with SHA-256, Ed25519 with none. */
const HASHES: Readonly<Record<string, string>> = {
  prime256v1: "sha256",
  secp384r1: "sha384",
  secp521r1: "sha512",
};
const MIN_RSA_BITS = 2048;

export function publicKey(pem: string, name: string): PublicKey {
  let key: KeyObject;
  try {
    // a private key would do as well, and has no business here
    if (!/-----BEGIN (?:RSA )?PUBLIC KEY-----/.test(pem)) throw new Error("no public key");
    key = createPublicKey(pem);
  } catch {
    throw new ArtifactError(`key ${name}: this is no public key in PEM, as cosign.pub is`);
  }
  return checkingKey(key, name);
}

export function checkingKey(key: KeyObject, name: string): PublicKey {
  const hash = hashFor(key, name);
  return {
    name,
    verifies(data, signature) {
      try {
        return verify(hash, data, key, signature);
      } catch {
        // a signature in another form
        return false;
      }
    },
  };
}

function hashFor({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject, name: string): string | null {
  if (asymmetricKeyType === "ed25519") return null;
  if (asymmetricKeyType === "rsa" && (asymmetricKeyDetails?.modulusLength ?? 0) >= MIN_RSA_BITS) {
    return "sha256";
  }
  const hash = HASHES[asymmetricKeyDetails?.namedCurve ?? ""];
  if (asymmetricKeyType === "ec" && hash !== undefined) return hash;
  throw new ArtifactError(
    `key ${name}: keys are ECDSA (P-256, P-384, P-521), Ed25519 or RSA from ${MIN_RSA_BITS} bits on`,
  );
}
