// When something was signed, by the word of a timestamp authority (RFC 3161).
// In: its answer, the signature that it was asked about. Out: the time; an ArtifactError in words.
// Elsewhere: which authorities count (trusted_root.ts), the way up their certificates (certificate.ts).

import { createPublicKey } from "node:crypto";
import { RFC3161Timestamp } from "@sigstore/core";
import { ArtifactError } from "../../failure.ts";
import { issuerOf, refuseOtherUse, TIME_STAMPING } from "./certificate.ts";
import type { Authority } from "./trusted_root.ts";

export function stampedAtMs(
  timestamp: Buffer,
  signature: Uint8Array,
  authorities: readonly Authority[],
): number {
  const answer = RFC3161Timestamp.parse(Buffer.from(timestamp));
  const timeMs = answer.signingTime.getTime();
  const own = authorities.filter(({ chain }) =>
    chain[0]!.serialNumber.equals(answer.signerSerialNumber) && chain[0]!.issuer.equals(answer.signerIssuer)
  );
  const signer = own[0]?.chain[0];
  if (signer === undefined) throw new ArtifactError("its timestamp is by no authority of the trusted root");
  refuseOtherUse(signer, TIME_STAMPING);
  issuerOf(signer, own.map((one) => ({ ...one, chain: one.chain.slice(1) })), [timeMs]);
  answer.verify(
    Buffer.from(signature),
    createPublicKey({ key: signer.publicKey, format: "der", type: "spki" }),
  );
  return timeMs;
}
