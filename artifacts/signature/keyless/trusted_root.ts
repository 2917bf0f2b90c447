// Which authorities are trusted: those of a Sigstore trusted root, a file that somebody has put on this host.
// In: trusted_root.json. Out: authorities of certificates and of timestamps, logs of signatures and of certificates, each with
// the time that it counts for; an ArtifactError when the file is none.
// Elsewhere: what they say (certificate.ts, timestamp.ts, log_entry.ts). Nothing is ever fetched.

import { createPublicKey, type KeyObject } from "node:crypto";
import { Buffer } from "node:buffer";
import { X509Certificate } from "@sigstore/core";
import { type JsonObject, listOf, objectAt, objectOf, parseBoundedJson, textOf } from "../../../base/mod.ts";
import { ArtifactError } from "../../failure.ts";
import { checkingKey, type PublicKey } from "../keys.ts";

export interface Validity {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Authority extends Validity {
  /** from the one that signs to the root */
  readonly chain: readonly X509Certificate[];
}

export interface Log extends Validity {
  readonly id: Buffer;
  /** the beginning of what its checkpoints are signed by */
  readonly checkpointHint: Buffer;
  readonly key: PublicKey;
  readonly keyObject: KeyObject;
}

export interface TrustedRoot {
  readonly authorities: readonly Authority[];
  readonly timestampAuthorities: readonly Authority[];
  readonly logs: readonly Log[];
  /** that certificates are told to */
  readonly certificateLogs: readonly Log[];
}

const MEDIA_TYPE = /^application\/vnd\.dev\.sigstore\.trustedroot(?:\+json;version=0\.\d+|\.v0\.\d+\+json)$/;
const LIMITS = { bytes: 1 << 20, values: 20_000, depth: 16 };
const HINT_BYTES = 4;

/** Read each time: authorities come and go, and the file changes with them. */
export async function readTrustedRoot(path: string): Promise<TrustedRoot> {
  try {
    const { size, isFile } = await Deno.stat(path);
    if (!isFile || size > LIMITS.bytes) throw new Error("this is no file of reasonable size");
    return trustedRootOf(objectOf(parseBoundedJson(await Deno.readFile(path), LIMITS)));
  } catch (error) {
    throw new ArtifactError(`trusted root ${path} cannot be read: ${(error as Error).message}`);
  }
}

function trustedRootOf(root: JsonObject): TrustedRoot {
  if (!MEDIA_TYPE.test(textOf(root["mediaType"]))) {
    throw new Error("this is no trusted_root.json of Sigstore");
  }
  const each = <T>(key: string, read: (one: JsonObject) => T): T[] =>
    listOf(root[key]).map(objectOf).map((one, at) => {
      try {
        return read(one);
      } catch (error) {
        throw new Error(`${key}[${at}]: ${(error as Error).message}`);
      }
    });
  return {
    authorities: each("certificateAuthorities", authorityOf),
    timestampAuthorities: each("timestampAuthorities", authorityOf),
    logs: each("tlogs", logOf),
    certificateLogs: each("ctlogs", logOf),
  };
}

function authorityOf(one: JsonObject): Authority {
  const chain = listOf(objectAt(one, "certChain")["certificates"])
    .map((certificate) => X509Certificate.parse(bytesOf(objectOf(certificate)["rawBytes"])));
  if (chain.length === 0) throw new Error("it has no certificate");
  return { chain, ...validityOf(one["validFor"]) };
}

function logOf(one: JsonObject): Log {
  const written = objectAt(one, "publicKey");
  const der = bytesOf(written["rawBytes"]);
  const keyObject = createPublicKey({
    key: der,
    format: "der",
    type: textOf(written["keyDetails"]).startsWith("PKCS1_") ? "pkcs1" : "spki",
  });
  const id = bytesOf(objectAt(one, "logId")["keyId"]);
  const ofCheckpoints = bytesOf(objectAt(one, "checkpointKeyId")["keyId"]);
  if (id.length < HINT_BYTES) throw new Error("it has no logId");
  return {
    id,
    checkpointHint: (ofCheckpoints.length > 0 ? ofCheckpoints : id).subarray(0, HINT_BYTES),
    key: checkingKey(keyObject, textOf(one["baseUrl"])),
    keyObject,
    ...validityOf(written["validFor"]),
  };
}

/** Without an end it goes on; a beginning has to be there. */
function validityOf(written: unknown): Validity {
  const { start, end } = objectOf(written);
  return { fromMs: timeMs(start), toMs: end === undefined || end === null ? Infinity : timeMs(end) };
}

function timeMs(written: unknown): number {
  const ms = Date.parse(textOf(written));
  if (Number.isNaN(ms)) throw new Error("validFor has no start, or what is no time");
  return ms;
}

export function isValidAt({ fromMs, toMs }: Validity, timeMs: number): boolean {
  return fromMs <= timeMs && timeMs <= toMs;
}

function bytesOf(value: unknown): Buffer<ArrayBuffer> {
  return Buffer.from(textOf(value), "base64");
}
