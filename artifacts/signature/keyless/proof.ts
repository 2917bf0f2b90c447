// What comes with a signature in place of a key: a certificate, entries of a transparency log, timestamps.
// In: annotations of cosign's old form, the verification material of a bundle. Out: the same parts of both, bounded and not
// checked; an ArtifactError when there is no certificate or too much of it.
// Elsewhere: whether any of it is true (certificate.ts, log_entry.ts, timestamp.ts).

import { Buffer } from "node:buffer";
import {
  type JsonObject,
  listOf,
  numberOf,
  objectAt,
  objectOf,
  parseBoundedJson,
  textOf,
} from "../../../base/mod.ts";
import { ArtifactError } from "../../failure.ts";

export interface Proof {
  /** DER */
  readonly certificate: Buffer;
  readonly entries: readonly LogEntry[];
  /** answers of timestamp authorities, as RFC 3161 has them */
  readonly timestamps: readonly Buffer[];
}

export interface LogEntry {
  /** of the log */
  readonly logId: Buffer;
  readonly logIndex: number;
  /** seconds since 1970; true only when the log has signed it, which is what `promise` is for */
  readonly integratedTime: number;
  /** JSON as the log has it */
  readonly body: Buffer;
  /** the log's signature for all of the above */
  readonly promise?: Buffer;
  readonly inclusion?: Inclusion;
}

/** That the entry is in a tree whose root the log has signed. */
export interface Inclusion {
  readonly index: bigint;
  readonly hashes: readonly Buffer[];
  /** a signed note */
  readonly checkpoint: string;
}

const MAX_CERTIFICATE_BYTES = 16 << 10;
const MAX_TIMESTAMP_BYTES = 64 << 10;
const MAX_BODY_BYTES = 256 << 10;
const MAX_CHECKPOINT_CHARACTERS = 16 << 10;
const MAX_ENTRIES = 8;
const MAX_TIMESTAMPS = 8;
const MAX_HASHES = 64;
const ANNOTATION_LIMITS = { bytes: 512 << 10, values: 1000, depth: 8 };
const PEM = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/;

/** The chain that may be there as well is not looked at: authorities are those of the trusted root. */
export function proofOfAnnotations(annotations: JsonObject): Proof {
  const named = (name: string) => textOf(annotations[`dev.sigstore.cosign/${name}`]);
  const bundle = jsonOf(named("bundle"), "log entry");
  const payload = objectAt(bundle, "Payload");
  const timestamp = jsonOf(named("rfc3161timestamp"), "timestamp")["SignedRFC3161Timestamp"];
  const entry = {
    logId: Buffer.from(textOf(payload["logID"]), "hex"),
    logIndex: wholeNumber(payload["logIndex"]),
    integratedTime: wholeNumber(payload["integratedTime"]),
    body: base64(payload["body"], MAX_BODY_BYTES, "body of a log entry"),
    promise: base64(bundle["SignedEntryTimestamp"], MAX_BODY_BYTES, "signature of a log entry"),
  };
  return {
    certificate: certificateIn(named("certificate")),
    entries: named("bundle") === "" ? [] : [entry],
    timestamps: timestamp === undefined ? [] : [base64(timestamp, MAX_TIMESTAMP_BYTES, "timestamp")],
  };
}

export function proofOfBundle(material: JsonObject): Proof {
  // of versions before 0.3
  const [chained] = listOf(objectAt(material, "x509CertificateChain")["certificates"]);
  const { rawBytes } = objectOf(material["certificate"] ?? chained);
  const stamps = listOf(objectAt(material, "timestampVerificationData")["rfc3161Timestamps"]);
  return {
    certificate: someCertificate(base64(rawBytes, MAX_CERTIFICATE_BYTES, "certificate")),
    entries: atMost(listOf(material["tlogEntries"]), MAX_ENTRIES, "log entries").map(entryOf),
    timestamps: atMost(stamps, MAX_TIMESTAMPS, "timestamps")
      .map((stamp) => base64(objectOf(stamp)["signedTimestamp"], MAX_TIMESTAMP_BYTES, "timestamp")),
  };
}

function entryOf(written: unknown): LogEntry {
  const entry = objectOf(written);
  const promise = base64(
    objectAt(entry, "inclusionPromise")["signedEntryTimestamp"],
    MAX_BODY_BYTES,
    "signature of a log entry",
  );
  const proof = objectAt(entry, "inclusionProof");
  const checkpoint = textOf(objectAt(proof, "checkpoint")["envelope"]);
  if (checkpoint.length > MAX_CHECKPOINT_CHARACTERS) throw new ArtifactError("its checkpoint is too large");
  // the very first bundles had such: nobody has signed what they say
  if (checkpoint === "" && Object.keys(proof).length > 0) {
    throw new ArtifactError("its proof of inclusion has no checkpoint");
  }
  return {
    logId: base64(objectAt(entry, "logId")["keyId"], 256, "name of a log"),
    logIndex: wholeNumber(entry["logIndex"]),
    integratedTime: wholeNumber(entry["integratedTime"]),
    body: base64(entry["canonicalizedBody"], MAX_BODY_BYTES, "body of a log entry"),
    ...promise.length === 0 ? {} : { promise },
    ...checkpoint === "" ? {} : {
      inclusion: {
        index: BigInt(wholeNumber(proof["logIndex"])),
        hashes: atMost(listOf(proof["hashes"]), MAX_HASHES, "hashes").map((hash) => base64(hash, 64, "hash")),
        checkpoint,
      },
    },
  };
}

function certificateIn(pem: string): Buffer {
  if (pem.length > MAX_CERTIFICATE_BYTES) throw new ArtifactError("its certificate is too large");
  return someCertificate(Buffer.from(PEM.exec(pem)?.[1] ?? "", "base64"));
}

function someCertificate(der: Buffer): Buffer {
  if (der.length === 0) throw new ArtifactError("it has no certificate");
  return der;
}

function jsonOf(text: string, what: string): JsonObject {
  if (text === "") return {};
  try {
    return objectOf(parseBoundedJson(Buffer.from(text), ANNOTATION_LIMITS));
  } catch {
    throw new ArtifactError(`its ${what} is no JSON, or too much`);
  }
}

function base64(value: unknown, maxBytes: number, what: string): Buffer {
  const bytes = Buffer.from(textOf(value), "base64");
  if (bytes.length > maxBytes) throw new ArtifactError(`its ${what} is too large`);
  return bytes;
}

/** Numbers of 64 bits are texts in a bundle; those that JavaScript cannot hold are none of a log's. */
function wholeNumber(value: unknown): number {
  const number = numberOf(value);
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}

function atMost<T>(list: readonly T[], max: number, what: string): readonly T[] {
  if (list.length > max) throw new ArtifactError(`it has more than ${max} ${what}`);
  return list;
}
