// A timestamp authority of the tests' own (RFC 3161).
// In: a signature, when. Out: its answer.

import { Buffer } from "node:buffer";
import { createHash, randomBytes, sign } from "node:crypto";
import { context, integer, nothing, octets, oid, sequence, set, time } from "./der.ts";
import { extension, FakeAuthority, keys, named } from "./fake_authority.ts";

const SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"), nothing());
const TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
const YEAR_MS = 31_536_000_000;

export class FakeStamps {
  readonly #keys = keys();
  readonly #authority: FakeAuthority;
  readonly #certificate: Buffer;

  constructor(nowMs: number, use = TIME_STAMPING) {
    this.#authority = new FakeAuthority("stamps authority", nowMs);
    const span = { fromMs: nowMs - YEAR_MS, toMs: nowMs + YEAR_MS };
    const purpose = extension("2.5.29.37", sequence(oid(use)), true);
    this.#certificate = this.#authority.plain(this.#keys.publicKey, span, [purpose]);
  }

  get chain(): readonly Buffer[] {
    return [this.#certificate, ...this.#authority.chain];
  }

  stamp(signature: Uint8Array, atMs: number): Buffer {
    const info = sequence(
      integer(1),
      oid("1.3.6.1.4.1.57264.2"),
      sequence(SHA256, octets(sha256(signature))),
      integer(randomBytes(16)),
      time(atMs),
    );
    const attributes = [
      sequence(oid("1.2.840.113549.1.9.3"), set(oid("1.2.840.113549.1.9.16.1.4"))),
      sequence(oid("1.2.840.113549.1.9.4"), set(octets(sha256(info)))),
    ];
    const signer = sequence(
      integer(1),
      sequence(named("stamps authority"), this.#serial()),
      SHA256,
      context(0, ...attributes),
      sequence(oid("1.2.840.10045.4.3.2")),
      octets(sign("sha256", set(...attributes), this.#keys.privateKey)),
    );
    const content = sequence(
      integer(3),
      set(SHA256),
      sequence(oid("1.2.840.113549.1.9.16.1.4"), context(0, octets(info))),
      set(signer),
    );
    return sequence(
      sequence(integer(0)),
      sequence(oid("1.2.840.113549.1.7.2"), context(0, content)),
    );
  }

  /** As it is in the certificate: after the outer header, the body's, and the version. */
  #serial(): Buffer {
    const at = this.#certificate.indexOf(Buffer.from([0xa0, 0x03, 0x02, 0x01, 0x02])) + 5;
    return this.#certificate.subarray(at, at + 2 + this.#certificate[at + 1]!);
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
