// An authority of certificates of the tests' own, as Fulcio is one: a root, one below it, and a log that learns of each.
// In: whose name, when. Out: certificates with their keys, right or wrong in one respect.

import { Buffer } from "node:buffer";
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { bits, context, integer, octets, oid, sequence, set, shortTime, tagged, truth, utf8 } from "./der.ts";

export interface Certificate {
  readonly der: Buffer;
  readonly key: KeyObject;
}

export interface CertificateOptions {
  readonly identity: string;
  readonly issuer: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** its log, nobody, or a log that nobody trusts */
  readonly toldTo?: "log" | "nobody" | "other";
  /** an object identifier: code signing, unless it says otherwise */
  readonly use?: string;
  readonly extra?: readonly Buffer[];
  /** a second name */
  readonly alias?: string;
}

const YEAR_MS = 31_536_000_000;
const ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
const CODE_SIGNING = "1.3.6.1.5.5.7.3.3";

export function keys() {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

export function spki(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" }) as Buffer;
}

export function idOf(key: KeyObject): Buffer {
  return createHash("sha256").update(spki(key)).digest();
}

export function extension(id: string, value: Uint8Array, isCritical = false): Buffer {
  return sequence(oid(id), ...isCritical ? [truth()] : [], octets(value));
}

export class FakeAuthority {
  readonly log = keys();
  readonly #other = keys();
  readonly #root = keys();
  readonly #own = keys();
  /** from the one that signs to the root */
  readonly chain: readonly Buffer[];
  readonly #name: string;

  /** @param own what its own certificate says: an authority, none, or one that its root allows nobody below */
  constructor(name: string, nowMs: number, own: "authority" | "nobody" | "too deep" = "authority") {
    this.#name = name;
    const span = { fromMs: nowMs - YEAR_MS, toMs: nowMs + YEAR_MS };
    const authority = (pathLength: number) => [
      extension("2.5.29.15", bits(Uint8Array.of(0x06), 1), true),
      extension("2.5.29.19", sequence(truth(), integer(pathLength)), true),
    ];
    const root = this.#sign(
      this.#body(
        `${name} root`,
        `${name} root`,
        this.#root.publicKey,
        span,
        authority(own === "too deep" ? 0 : 1),
      ),
      this.#root.privateKey,
    );
    const certificate = this.#sign(
      this.#body(name, `${name} root`, this.#own.publicKey, span, own === "nobody" ? [] : authority(0)),
      this.#root.privateKey,
    );
    this.chain = [certificate, root];
  }

  certificate(options: CertificateOptions): Certificate {
    const { publicKey, privateKey } = keys();
    const { identity, alias = [], issuer, use = CODE_SIGNING, toldTo = "log", extra = [] } = options;
    const names = [identity].concat(alias).map((name) =>
      tagged(name.includes("://") ? 0x86 : 0x81, Buffer.from(name))
    );
    const extensions = [
      extension("2.5.29.15", bits(Uint8Array.of(0x80), 7), true),
      extension("2.5.29.37", sequence(oid(use))),
      extension("2.5.29.17", sequence(...names), true),
      extension("1.3.6.1.4.1.57264.1.1", Buffer.from(issuer)),
      extension("1.3.6.1.4.1.57264.1.8", utf8(issuer)),
      ...extra,
    ];
    const serial = randomBytes(16);
    const body = (more: readonly Buffer[]) =>
      this.#body("", this.#name, publicKey, options, [...extensions, ...more], serial);
    if (toldTo === "nobody") return { der: this.#sign(body([]), this.#own.privateKey), key: privateKey };
    const log = toldTo === "log" ? this.log : this.#other;
    const told = extension(
      "1.3.6.1.4.1.11129.2.4.2",
      octets(this.#told(body([]), options.fromMs, log.privateKey)),
    );
    return { der: this.#sign(body([told]), this.#own.privateKey), key: privateKey };
  }

  /** Without a name: of a timestamp authority. */
  plain(publicKey: KeyObject, span: { fromMs: number; toMs: number }, extensions: readonly Buffer[]): Buffer {
    return this.#sign(this.#body("stamps", this.#name, publicKey, span, extensions), this.#own.privateKey);
  }

  #body(
    subject: string,
    issuer: string,
    publicKey: KeyObject,
    { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
    extensions: readonly Buffer[],
    serial = randomBytes(16),
  ): Buffer {
    return sequence(
      context(0, integer(2)),
      integer(serial),
      ECDSA_SHA256,
      named(issuer),
      sequence(shortTime(fromMs), shortTime(toMs)),
      named(subject),
      spki(publicKey),
      context(3, sequence(...extensions)),
    );
  }

  #sign(body: Buffer, key: KeyObject): Buffer {
    return sequence(body, ECDSA_SHA256, bits(sign("sha256", body, key)));
  }

  /** A list with one signed certificate timestamp (RFC 6962, 3.2 and 3.3). */
  #told(body: Buffer, timeMs: number, key: KeyObject): Buffer {
    const at = Buffer.alloc(8);
    at.writeBigUInt64BE(BigInt(timeMs));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    const said = Buffer.concat([
      Uint8Array.of(0, 0),
      at,
      Uint8Array.of(0, 1),
      idOf(this.#own.publicKey),
      length.subarray(1),
      body,
      Uint8Array.of(0, 0),
    ]);
    // the name of the log is that of the good one: only its signature is another's
    const signature = sign("sha256", said, key);
    const stamp = Buffer.concat([
      Uint8Array.of(0),
      idOf(this.log.publicKey),
      at,
      Uint8Array.of(0, 0, 4, 3),
      sized(signature),
    ]);
    return sized(sized(stamp));
  }
}

export function named(text: string): Buffer {
  return text === "" ? sequence() : sequence(set(sequence(oid("2.5.4.3"), utf8(text))));
}

function sized(bytes: Buffer): Buffer {
  return Buffer.concat([Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
}
