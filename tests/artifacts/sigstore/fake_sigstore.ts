// Sigstore of the tests' own: authority, logs and stamps together, and what cosign makes with them.
// In: a registry, a digest, what is wrong. Out: a signature without a key next to the artifact, in both of cosign's forms.

import { Buffer } from "node:buffer";
import { type KeyObject, sign } from "node:crypto";
import {
  BUNDLE,
  type FakeRegistry,
  IN_TOTO,
  preAuthentication,
  simpleSigning,
  statement,
} from "../fake_registry.ts";
import { type CertificateOptions, FakeAuthority, idOf, spki } from "./fake_authority.ts";
import { FakeLog, type LoggedOptions, pemOf } from "./fake_log.ts";
import { FakeStamps } from "./fake_stamps.ts";

export const IDENTITY = "https://github.com/team/rules/.github/workflows/release.yml@refs/heads/main";
export const ISSUER = "https://token.actions.githubusercontent.com";
export const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

type Entry = ReturnType<FakeLog["entry"]>;

export interface SignOptions extends Partial<Omit<CertificateOptions, "fromMs" | "toMs">> {
  readonly form: "old" | "new";
  /** from then on a certificate is valid for ten minutes; signed five minutes later */
  readonly certifiedAtMs?: number;
  readonly loggedAtMs?: number;
  readonly kind?: LoggedOptions["kind"];
  /** what the log is told instead of the truth */
  readonly logged?: Partial<LoggedOptions>;
  /** what becomes of the entry; undefined: there is none */
  readonly entry?: (entry: Entry) => { readonly bundled?: unknown; readonly annotated?: unknown } | undefined;
  /** in place of the usual one */
  readonly authority?: FakeAuthority;
  /** the digest that is signed */
  readonly named?: string;
  /** in place of the certificate's */
  readonly key?: KeyObject;
  /** changed after it was signed */
  readonly payload?: (payload: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;
  readonly stamps?: readonly { readonly by: FakeStamps; readonly atMs?: number; readonly of?: Uint8Array }[];
  /** in place of what is there */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly material?: Readonly<Record<string, unknown>>;
}

export class FakeSigstore {
  readonly nowMs = Math.floor(Date.now() / 1000) * 1000;
  readonly authority = new FakeAuthority("authority", this.nowMs);
  readonly stamps = new FakeStamps(this.nowMs);
  readonly log = new FakeLog();

  /** The text of trusted_root.json. */
  trustedRoot(changes: Readonly<Record<string, unknown>> = {}): string {
    const chain = (all: readonly Buffer[]) => ({
      certificates: all.map((der) => ({ rawBytes: der.toString("base64") })),
    });
    const validFor = { start: new Date(this.nowMs - 2000 * HOUR_MS).toISOString() };
    return JSON.stringify({
      mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
      tlogs: [this.log.instance],
      certificateAuthorities: [{
        subject: { organization: "team", commonName: "authority" },
        uri: "https://authority.example",
        certChain: chain(this.authority.chain),
        validFor,
      }],
      ctlogs: [this.certificateLog(validFor)],
      timestampAuthorities: [{
        subject: { organization: "team", commonName: "stamps" },
        certChain: chain(this.stamps.chain),
        validFor,
      }],
      ...changes,
    });
  }

  /** As a trusted root names it. */
  certificateLog(validFor: Readonly<Record<string, string>>) {
    const { publicKey } = this.authority.log;
    return {
      baseUrl: "https://certificates.example",
      hashAlgorithm: "SHA2_256",
      publicKey: {
        rawBytes: spki(publicKey).toString("base64"),
        keyDetails: "PKIX_ECDSA_P256_SHA_256",
        validFor,
      },
      logId: { keyId: idOf(publicKey).toString("base64") },
    };
  }

  sign(
    registry: Pick<FakeRegistry, "putSignature" | "putBundle">,
    repository: string,
    digest: string,
    options: SignOptions,
  ): void {
    const { form, certifiedAtMs = this.nowMs - HOUR_MS, named = digest, payload: tamper = (same) => same } =
      options;
    const atMs = certifiedAtMs + 5 * MINUTE_MS;
    const certificate = (options.authority ?? this.authority).certificate({
      identity: IDENTITY,
      issuer: ISSUER,
      ...options,
      fromMs: certifiedAtMs,
      toMs: certifiedAtMs + 10 * MINUTE_MS,
    });
    const payload = form === "old" ? simpleSigning(named) : statement(named);
    const data = form === "old" ? payload : preAuthentication(payload);
    const signature = sign("sha256", data, options.key ?? certificate.key);
    const { entry: change = (same: Entry) => same, stamps = [] } = options;
    const entry = change(this.log.entry({
      data,
      payload,
      signature,
      certificate: certificate.der,
      kind: options.kind ?? (form === "old" ? "hashedrekord 0.0.1" : "dsse 0.0.1"),
      atMs: options.loggedAtMs ?? atMs,
      ...options.logged,
    }));
    const answers = stamps.map((stamp) =>
      stamp.by.stamp(stamp.of ?? signature, stamp.atMs ?? atMs).toString("base64")
    );
    if (form === "old") {
      const [answer] = answers;
      return registry.putSignature(repository, digest, tamper(payload), {
        "dev.cosignproject.cosign/signature": signature.toString("base64"),
        "dev.sigstore.cosign/certificate": pemOf(certificate.der),
        "dev.sigstore.cosign/chain": this.authority.chain.map(pemOf).join(""),
        ...entry === undefined ? {} : { "dev.sigstore.cosign/bundle": JSON.stringify(entry.annotated) },
        ...answer === undefined
          ? {}
          : { "dev.sigstore.cosign/rfc3161timestamp": JSON.stringify({ SignedRFC3161Timestamp: answer }) },
        ...options.annotations,
      });
    }
    registry.putBundle(repository, digest, {
      mediaType: BUNDLE,
      verificationMaterial: {
        certificate: { rawBytes: certificate.der.toString("base64") },
        tlogEntries: entry === undefined ? [] : [entry.bundled],
        timestampVerificationData: {
          rfc3161Timestamps: answers.map((answer) => ({ signedTimestamp: answer })),
        },
        ...options.material,
      },
      dsseEnvelope: {
        payload: Buffer.from(tamper(payload)).toString("base64"),
        payloadType: IN_TOTO,
        signatures: [{ sig: signature.toString("base64") }],
      },
    });
  }
}
