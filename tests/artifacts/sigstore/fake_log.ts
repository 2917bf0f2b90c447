// A transparency log of the tests' own, as Rekor is one: entries, its signature for each, a tree with a signed root.
// In: what was signed, when. Out: an entry as a bundle has it, and as cosign's old form has it.

import { Buffer } from "node:buffer";
import { createHash, sign } from "node:crypto";
import { idOf, keys, spki } from "./fake_authority.ts";

export interface LoggedOptions {
  readonly data: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Buffer;
  /** DER */
  readonly certificate: Buffer;
  readonly atMs: number;
  /** how the entry says it */
  readonly kind: "hashedrekord 0.0.1" | "dsse 0.0.1" | "hashedrekord 0.0.2";
}

const ORIGIN = "log.example";
/** The entry is the sixth of so many. */
const ENTRIES = 11, INDEX = 5;
/** Entries of earlier trees count in the index that is told. */
const BEFORE = 1_000_000;

export class FakeLog {
  readonly #keys = keys();

  get instance() {
    const { publicKey } = this.#keys;
    return {
      baseUrl: `https://${ORIGIN}`,
      hashAlgorithm: "SHA2_256",
      publicKey: {
        rawBytes: spki(publicKey).toString("base64"),
        keyDetails: "PKIX_ECDSA_P256_SHA_256",
        validFor: { start: "2020-01-01T00:00:00Z" },
      },
      logId: { keyId: idOf(publicKey).toString("base64") },
    };
  }

  entry(options: LoggedOptions) {
    const body = Buffer.from(JSON.stringify(bodyOf(options)));
    const integratedTime = Math.floor(options.atMs / 1000);
    const logIndex = BEFORE + INDEX;
    const logId = idOf(this.#keys.publicKey);
    const promised = JSON.stringify({
      body: body.toString("base64"),
      integratedTime,
      logID: logId.toString("hex"),
      logIndex,
    });
    const promise = this.#sign(Buffer.from(promised)).toString("base64");
    const leaves = Array.from(
      { length: ENTRIES },
      (_, at) => at === INDEX ? body : Buffer.from(`entry ${at}`),
    );
    const [kind, version] = options.kind.split(" ");
    return {
      bundled: {
        logIndex: String(logIndex),
        logId: { keyId: logId.toString("base64") },
        kindVersion: { kind, version },
        integratedTime: String(integratedTime),
        inclusionPromise: { signedEntryTimestamp: promise },
        inclusionProof: {
          logIndex: String(INDEX),
          rootHash: treeHash(leaves).toString("base64"),
          treeSize: String(ENTRIES),
          hashes: pathTo(leaves, INDEX).map((hash) => hash.toString("base64")),
          checkpoint: { envelope: this.#checkpoint(treeHash(leaves)) },
        },
        canonicalizedBody: body.toString("base64"),
      },
      annotated: {
        SignedEntryTimestamp: promise,
        Payload: { body: body.toString("base64"), integratedTime, logIndex, logID: logId.toString("hex") },
      },
    };
  }

  #checkpoint(root: Buffer): string {
    const note = `${ORIGIN} - 42\n${ENTRIES}\n${root.toString("base64")}\n`;
    const hint = idOf(this.#keys.publicKey).subarray(0, 4);
    const signature = Buffer.concat([hint, this.#sign(Buffer.from(note))]).toString("base64");
    return `${note}\n\u2014 ${ORIGIN} ${signature}\n`;
  }

  #sign(bytes: Buffer): Buffer {
    return sign("sha256", bytes, this.#keys.privateKey);
  }
}

function bodyOf({ kind, data, payload, signature, certificate }: LoggedOptions) {
  const pem = Buffer.from(pemOf(certificate)).toString("base64");
  const content = signature.toString("base64");
  switch (kind) {
    case "hashedrekord 0.0.1":
      return {
        apiVersion: "0.0.1",
        kind: "hashedrekord",
        spec: {
          data: { hash: { algorithm: "sha256", value: sha256(data).toString("hex") } },
          signature: { content, publicKey: { content: pem } },
        },
      };
    case "dsse 0.0.1":
      return {
        apiVersion: "0.0.1",
        kind: "dsse",
        spec: {
          envelopeHash: { algorithm: "sha256", value: sha256(Buffer.from("envelope")).toString("hex") },
          payloadHash: { algorithm: "sha256", value: sha256(payload).toString("hex") },
          signatures: [{ signature: content, verifier: pem }],
        },
      };
    case "hashedrekord 0.0.2":
      return {
        apiVersion: "0.0.2",
        kind: "hashedrekord",
        spec: {
          hashedRekordV002: {
            data: { algorithm: "SHA2_256", digest: sha256(data).toString("base64") },
            signature: {
              content,
              verifier: {
                keyDetails: "PKIX_ECDSA_P256_SHA_256",
                x509Certificate: { rawBytes: certificate.toString("base64") },
              },
            },
          },
        },
      };
  }
}

export function pemOf(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g)!.join("\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** As RFC 6962 defines it, 2.1. */
export function treeHash(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 1) return sha256(Uint8Array.of(0), leaves[0]!);
  const half = halfOf(leaves.length);
  return sha256(Uint8Array.of(1), treeHash(leaves.slice(0, half)), treeHash(leaves.slice(half)));
}

/** As RFC 6962 defines it, 2.1.1. */
export function pathTo(leaves: readonly Buffer[], at: number): Buffer[] {
  if (leaves.length === 1) return [];
  const half = halfOf(leaves.length);
  return at < half
    ? [...pathTo(leaves.slice(0, half), at), treeHash(leaves.slice(half))]
    : [...pathTo(leaves.slice(half), at - half), treeHash(leaves.slice(0, half))];
}

/** The greatest power of two below. */
function halfOf(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}

function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
