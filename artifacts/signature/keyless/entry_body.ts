// Whether an entry of a transparency log is about a signature: it names what was signed, the signature and the certificate.
// In: the body of the entry, the signature. Out: nothing, or an ArtifactError.
// Elsewhere: whether the log has that entry (log_entry.ts).

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { listOf, objectAt, objectOf, parseBoundedJson, textOf } from "../../../base/mod.ts";
import { ArtifactError } from "../../failure.ts";

export interface LoggedSignature {
  /** what the signature is made of */
  readonly data: Uint8Array;
  /** what is inside of its envelope */
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** DER */
  readonly certificate: Buffer;
}

interface Said {
  readonly digest: Buffer;
  readonly algorithm: string;
  readonly of: "data" | "payload";
  readonly signature: Buffer;
  readonly certificate: Buffer;
}

const LIMITS = { bytes: 256 << 10, values: 2000, depth: 16 };
const ALGORITHMS: Readonly<Record<string, string>> = {
  sha256: "sha256",
  sha384: "sha384",
  sha512: "sha512",
  SHA2_256: "sha256",
  SHA2_384: "sha384",
  SHA2_512: "sha512",
};

export function refuseOtherEntry(body: Buffer, logged: LoggedSignature): void {
  const said = saidBy(body);
  const algorithm = ALGORITHMS[said.algorithm];
  const isAbout = algorithm !== undefined &&
    createHash(algorithm).update(logged[said.of]).digest().equals(said.digest) &&
    said.signature.equals(logged.signature) && said.certificate.equals(logged.certificate);
  if (!isAbout) throw new ArtifactError("its log entry is about something else");
}

/** The kinds that cosign has made: Rekor's first version has certificates as PEM, its second as they are. */
function saidBy(body: Buffer): Said {
  const { kind, apiVersion, spec } = objectOf(parseBoundedJson(body, LIMITS));
  switch (`${kind} ${apiVersion}`) {
    case "hashedrekord 0.0.1": {
      const { content, publicKey } = objectAt(spec, "signature");
      const { value, algorithm } = objectAt(spec, "data", "hash");
      return {
        digest: Buffer.from(textOf(value), "hex"),
        algorithm: textOf(algorithm),
        of: "data",
        signature: base64(content),
        certificate: inPem(objectOf(publicKey)["content"]),
      };
    }
    case "dsse 0.0.1": {
      const [first, ...more] = listOf(objectOf(spec)["signatures"]).map(objectOf);
      const { value, algorithm } = objectAt(spec, "payloadHash");
      if (more.length > 0) throw new ArtifactError("its log entry has several signatures");
      return {
        digest: Buffer.from(textOf(value), "hex"),
        algorithm: textOf(algorithm),
        of: "payload",
        signature: base64(first?.["signature"]),
        certificate: inPem(first?.["verifier"]),
      };
    }
    case "hashedrekord 0.0.2": {
      const entry = objectAt(spec, "hashedRekordV002");
      const { digest, algorithm } = objectAt(entry, "data");
      const { content, verifier } = objectAt(entry, "signature");
      return {
        digest: base64(digest),
        algorithm: textOf(algorithm),
        of: "data",
        signature: base64(content),
        certificate: base64(objectAt(verifier, "x509Certificate")["rawBytes"]),
      };
    }
    default:
      throw new ArtifactError("its log entry is of a kind that falco does not know");
  }
}

function base64(value: unknown): Buffer {
  return Buffer.from(textOf(value), "base64");
}

/** @param value PEM, written in base64 once more */
function inPem(value: unknown): Buffer {
  const pem = base64(value).toString("latin1");
  return Buffer.from(/-----BEGIN CERTIFICATE-----([^-]*)-----END/.exec(pem)?.[1] ?? "", "base64");
}
