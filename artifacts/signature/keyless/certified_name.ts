// Whose a signature without a key is: the name in a certificate whose key nobody has any more.
// In: a signature with what came with it, the trusted root. Out: the name; an ArtifactError that says what is not proven.
// Elsewhere: each part (certificate.ts, log_entry.ts, entry_body.ts, timestamp.ts); whether that one may sign (../signer.ts).
//
// A certificate is valid for some minutes. That it was when the signature was made, a transparency log or a timestamp authority
// says; that others can see who signs in a name, the log of certificates and the log of signatures.

import { createPublicKey } from "node:crypto";
import { about, ArtifactError } from "../../failure.ts";
import type { Signed } from "../cosign.ts";
import type { CertifiedName } from "../identity.ts";
import { checkingKey } from "../keys.ts";
import {
  CODE_SIGNING,
  issuerOf,
  nameIn,
  parseCertificate,
  refuseOtherUse,
  refuseUnlogged,
} from "./certificate.ts";
import { refuseOtherEntry } from "./entry_body.ts";
import { loggedAtMs } from "./log_entry.ts";
import { stampedAtMs } from "./timestamp.ts";
import type { TrustedRoot } from "./trusted_root.ts";

/** @param ignoresLog the log of signatures is not looked at: a timestamp authority must say when it was */
export function certifiedName(signed: Signed, root: TrustedRoot, ignoresLog: boolean): CertifiedName {
  const { certificate, entries, timestamps } = signed.proof();
  const [signature, ...others] = signed.signatures;
  if (signature === undefined || others.length > 0) throw new ArtifactError("it is not one signature");
  return understood(() => {
    const leaf = parseCertificate(certificate);
    const logged = each(ignoresLog ? [] : entries, (entry) => {
      refuseOtherEntry(entry.body, { data: signed.data, payload: signed.payload, signature, certificate });
      return loggedAtMs(entry, root.logs);
    });
    if (!ignoresLog && logged.results.length === 0) {
      throw logged.failure ?? new ArtifactError("it is in no log");
    }
    const stamped = each(timestamps, (one) => stampedAtMs(one, signature, root.timestampAuthorities));
    const timesMs = [...logged.results, ...stamped.results].filter((timeMs) => timeMs !== undefined);
    if (timesMs.length === 0) {
      throw stamped.failure ?? new ArtifactError("nothing proves when it was signed");
    }
    const issuer = issuerOf(leaf, root.authorities, timesMs);
    refuseOtherUse(leaf, CODE_SIGNING);
    refuseUnlogged(leaf, issuer, root.certificateLogs);
    // last: a stranger's key may be of a size that takes minutes, an authority gives certificates to no such
    const key = createPublicKey({ key: leaf.publicKey, format: "der", type: "spki" });
    if (!checkingKey(key, "of its certificate").verifies(signed.data, signature)) {
      throw new ArtifactError("it is not made with the key of its certificate");
    }
    return nameIn(leaf);
  });
}

/** What is good among several things: of some the trusted root may know nothing. */
function each<T, R>(all: readonly T[], check: (one: T) => R) {
  const results: R[] = [];
  let failure: unknown;
  for (const one of all) {
    try {
      results.push(understood(() => check(one)));
    } catch (error) {
      failure ??= error;
    }
  }
  return { results, failure };
}

/** What a stranger has written wrong fails somewhere in a library, in that one's words. */
function understood<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof ArtifactError) throw error;
    throw about("what came with it cannot be understood", error);
  }
}
