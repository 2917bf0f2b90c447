// What a certificate is worth: which authority has given it, whether that was told to a log, and whose name is in it.
// In: a certificate, the trusted root, times at which it must have been valid. Out: the name; an ArtifactError in words.
// Elsewhere: how the times are known (log_entry.ts, timestamp.ts), whose name is wanted (../identity.ts).

import { ByteStream, crypto, EXTENSION_OID_SCT, X509Certificate, X509SCTExtension } from "@sigstore/core";
import { ArtifactError } from "../../failure.ts";
import type { CertifiedName } from "../identity.ts";
import { type Authority, isValidAt, type Log } from "./trusted_root.ts";

const KEY_USAGE = "2.5.29.15";
const ALTERNATIVE_NAME = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";
const EXTENDED_KEY_USAGE = "2.5.29.37";
/** A critical extension that is not looked at makes a certificate useless. */
const UNDERSTOOD = [KEY_USAGE, ALTERNATIVE_NAME, BASIC_CONSTRAINTS, EXTENDED_KEY_USAGE];
export const CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
export const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
/** Of Fulcio: since 2023 in DER, before that as it is. */
const ISSUER = "1.3.6.1.4.1.57264.1.8";
const OLD_ISSUER = "1.3.6.1.4.1.57264.1.1";
const EMAIL = 1, URI = 6;

export function parseCertificate(der: Buffer): X509Certificate {
  try {
    return X509Certificate.parse(Buffer.from(der));
  } catch {
    throw new ArtifactError("its certificate cannot be read");
  }
}

/** @returns the certificate that has signed it, after its whole way up to a trusted one was valid at all of these times */
export function issuerOf(
  leaf: X509Certificate,
  authorities: readonly Authority[],
  timesMs: readonly number[],
): X509Certificate {
  let isKnown = false;
  for (const authority of authorities) {
    const path = pathUp(leaf, authority.chain);
    if (path === undefined) continue;
    isKnown = true;
    const isValid = timesMs.every((timeMs) =>
      isValidAt(authority, timeMs) && [leaf, ...path].every((one) => one.validForDate(new Date(timeMs)))
    );
    if (isValid) return path[0]!;
  }
  throw new ArtifactError(
    isKnown
      ? `its certificate was not valid when it was signed, at ${
        timesMs.map((timeMs) => new Date(timeMs).toISOString()).join(" and ")
      }`
      : "its certificate is by no authority of the trusted root",
  );
}

/** The last certificate of a chain is the trusted one. */
function pathUp(leaf: X509Certificate, chain: readonly X509Certificate[]): X509Certificate[] | undefined {
  const path: X509Certificate[] = [];
  for (let current = leaf; current !== chain.at(-1);) {
    const next = chain.find((one) => !path.includes(one) && hasIssued(one, current, path.length));
    if (next === undefined) return undefined;
    path.push(next);
    current = next;
  }
  return path;
}

/** @param below how many authorities are between the two and the leaf */
function hasIssued(authority: X509Certificate, one: X509Certificate, below: number): boolean {
  const most = authority.extBasicConstraints?.pathLenConstraint;
  return authority.subject.equals(one.issuer) && authority.isCA &&
    (most === undefined || most >= BigInt(below)) &&
    one.verify(authority);
}

/** @throws unless the certificate was made for this, and says nothing that is not understood here */
export function refuseOtherUse(one: X509Certificate, use: string): void {
  const uses = one.extension(EXTENDED_KEY_USAGE)?.valueObj.subs[0]?.subs.map((oid) => oid.toOID()) ?? [];
  if (!uses.includes(use)) throw new ArtifactError("its certificate was made for another use");
  for (const { subs } of one.extensions) {
    const oid = subs[0]!.toOID();
    if (subs.length === 3 && subs[1]!.toBoolean() && !UNDERSTOOD.includes(oid)) {
      throw new ArtifactError(`its certificate has a critical extension ${oid}, which falco does not know`);
    }
  }
}

/** Certificates are told to a log before they are given away, so that nobody can have one in secret (RFC 6962). */
export function refuseUnlogged(leaf: X509Certificate, issuer: X509Certificate, logs: readonly Log[]): void {
  // what the log has signed is the certificate without the log's own words in it
  const bare = leaf.clone();
  const at = bare.extensions.findIndex(({ subs }) => subs[0]!.toOID() === EXTENSION_OID_SCT);
  if (at < 0) throw new ArtifactError("its certificate does not say that a log knows it");
  const [extension] = bare.extensions.splice(at, 1);
  const body = bare.tbsCertificate.toDER();
  const logged = new ByteStream();
  logged.appendView(crypto.digest("sha256", issuer.publicKey));
  logged.appendUint24(body.length);
  logged.appendView(body);
  const isLogged = new X509SCTExtension(extension!).signedCertificateTimestamps.some((stamp) =>
    logs.some((log) =>
      log.id.equals(stamp.logID) && isValidAt(log, stamp.datetime.getTime()) &&
      stamp.verify(logged.buffer, log.keyObject)
    )
  );
  if (!isLogged) throw new ArtifactError("no log of the trusted root knows its certificate");
}

export function nameIn(leaf: X509Certificate): CertifiedName {
  const names = leaf.extension(ALTERNATIVE_NAME)?.valueObj.subs[0]?.subs ?? [];
  const [name] = names;
  const isUsual = name?.tag.isContextSpecific(URI) || name?.tag.isContextSpecific(EMAIL);
  if (names.length !== 1 || !isUsual) {
    throw new ArtifactError("its certificate has not one name, a URL or an e-mail address");
  }
  const issuer = leaf.extension(ISSUER)?.valueObj.subs[0]?.value ?? leaf.extension(OLD_ISSUER)?.value;
  if (issuer === undefined) throw new ArtifactError("its certificate does not say where the name is from");
  // one character for each byte: no two texts become one
  return { identity: name!.value.toString("latin1"), issuer: issuer.toString("utf8") };
}
