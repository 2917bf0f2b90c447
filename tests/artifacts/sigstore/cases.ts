// Signatures without a key, good ones and those that are wrong in one respect: falco's tests take them, and so does the proof,
// which asks cosign about the same ones (tests/artifacts/proof/).
// In: nothing. Out: the table.

import { Buffer } from "node:buffer";
import type { SignerText } from "../../../artifacts/mod.ts";
import { octets, sequence } from "./der.ts";
import { extension, FakeAuthority, keys } from "./fake_authority.ts";
import { FakeLog } from "./fake_log.ts";
import { FakeSigstore, HOUR_MS, IDENTITY, ISSUER, type SignOptions } from "./fake_sigstore.ts";
import { FakeStamps } from "./fake_stamps.ts";

export interface KeylessCase {
  readonly name: string;
  /** besides the usual identity and issuer */
  readonly signer?: Partial<SignerText>;
  /** changes of trusted_root.json */
  readonly root?: Readonly<Record<string, unknown>>;
  readonly sign?: Partial<SignOptions>;
  /** both forms, unless it says otherwise */
  readonly forms?: readonly ("old" | "new")[];
  /** why; undefined: accepted */
  readonly refused?: RegExp;
}

export const SIGSTORE = new FakeSigstore();
const NOW_MS = SIGSTORE.nowMs;
const OTHER = IDENTITY.replace("/team/", "/theme/");
const ANOTHER = Buffer.from("another");
const STAMPS = [{ by: SIGSTORE.stamps }];
const STRANGE = extension("1.2.3.4", octets(ANOTHER), true);
const MISUSED = new FakeStamps(NOW_MS, "1.3.6.1.5.5.7.3.3");
const IMPOSTOR = new FakeAuthority("impostor", NOW_MS, "nobody");
const DEEP = new FakeAuthority("deep", NOW_MS, "too deep");
const STRANGER = new FakeLog();
const NO_ENTRY = () => undefined;

/** As a trusted root names one. */
const authorityOf = (
  all: readonly Buffer[],
  validFor: unknown = { start: "2020-01-01T00:00:00Z", end: null },
) => ({
  certChain: { certificates: all.map((der) => ({ rawBytes: der.toString("base64") })) },
  validFor,
});

/** Both forms have it, each in its own place. */
function certificate(base64: string): Partial<SignOptions> {
  return {
    material: { certificate: { rawBytes: base64 } },
    annotations: {
      "dev.sigstore.cosign/certificate":
        `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    },
  };
}

function bomb(levels: number): string {
  let der: Uint8Array = new Uint8Array();
  for (let level = 0; level < levels; level++) der = sequence(der);
  return Buffer.from(der).toString("base64");
}

const WHO: readonly KeylessCase[] = [
  { name: "the one who signed is who was asked for" },
  {
    name: "an expression fits somewhere in the name",
    signer: { certificateIdentity: "", certificateIdentityRegexp: "github.com/team/rules/" },
  },
  {
    name: "an expression fits the whole issuer",
    signer: { certificateOidcIssuer: "", certificateOidcIssuerRegexp: "^https://token[.]actions.*com$" },
  },
  {
    name: "an expression that is bound to both ends does not fit a part",
    signer: { certificateIdentity: "", certificateIdentityRegexp: "^https://github.com/team/rules/$" },
    refused: /it is by https:\/\/github.com\/team\/rules/,
  },
  {
    name: "name and expression are both given, and only one fits",
    signer: { certificateIdentity: OTHER, certificateIdentityRegexp: "github.com/team/rules/" },
    refused: /it is by/,
  },
  {
    name: "another name",
    sign: { identity: OTHER },
    refused: /none of them by .*it is by https:\/\/github.com\/theme\/rules/,
  },
  { name: "a longer name", sign: { identity: `${IDENTITY}2` }, refused: /it is by/ },
  {
    name: "an e-mail address for a URL",
    sign: { identity: "someone@example.com" },
    refused: /it is by someone@example.com \(/,
  },
  {
    name: "the same name from another issuer",
    sign: { issuer: "https://issuer.example" },
    refused: /it is by .*\(https:\/\/issuer.example\)/,
  },
];

const CERTIFICATES: readonly KeylessCase[] = [
  {
    name: "a certificate of another authority of the same name",
    root: { certificateAuthorities: [authorityOf(new FakeAuthority("authority", NOW_MS).chain)] },
    refused: /by no authority of the trusted root/,
  },
  {
    name: "an authority that was trusted before",
    root: {
      certificateAuthorities: [authorityOf(SIGSTORE.authority.chain, {
        start: new Date(NOW_MS - 2000 * HOUR_MS).toISOString(),
        end: new Date(NOW_MS - 5 * HOUR_MS).toISOString(),
      })],
    },
    refused: /was not valid when it was signed/,
  },
  {
    name: "a certificate that had expired when it was used",
    sign: { loggedAtMs: NOW_MS },
    refused: /was not valid when it was signed/,
  },
  {
    name: "a certificate that was not valid yet when it was used",
    sign: { loggedAtMs: NOW_MS - 2 * HOUR_MS },
    refused: /was not valid when it was signed/,
  },
  {
    name: "a certificate for servers",
    sign: { use: "1.3.6.1.5.5.7.3.1" },
    refused: /was made for another use/,
  },
  {
    name: "a certificate with a critical extension that nobody knows",
    sign: { extra: [STRANGE] },
    refused: /a critical extension 1\.2\.3\.4, which falco does not know/,
  },
  {
    name: "a certificate that was told to no log",
    sign: { toldTo: "nobody" },
    refused: /does not say that a log knows it/,
  },
  {
    name: "a certificate that was told to a stranger's log",
    sign: { toldTo: "other" },
    refused: /no log of the trusted root knows its certificate/,
  },
  {
    name: "a certificate by one that is no authority",
    root: { certificateAuthorities: [authorityOf(IMPOSTOR.chain)] },
    sign: { authority: IMPOSTOR },
    refused: /by no authority of the trusted root/,
  },
  {
    name: "a certificate by an authority that its root does not allow",
    root: { certificateAuthorities: [authorityOf(DEEP.chain)] },
    sign: { authority: DEEP },
    refused: /by no authority of the trusted root/,
  },
  {
    name: "a log of certificates that was trusted before",
    root: {
      ctlogs: [SIGSTORE.certificateLog({ start: "2019-01-01T00:00:00Z", end: "2020-01-01T00:00:00Z" })],
    },
    refused: /no log of the trusted root knows its certificate/,
  },
  {
    name: "a trusted root without a log of certificates",
    root: { ctlogs: [] },
    refused: /no log of the trusted root knows its certificate/,
  },
];

const TIMES: readonly KeylessCase[] = [
  {
    name: "a certificate that has expired, without a proof of time",
    sign: { entry: NO_ENTRY },
    refused: /it is in no log/,
  },
  {
    name: "an entry of the log whose time nobody has signed",
    forms: ["new"],
    sign: { entry: ({ bundled }) => ({ bundled: { ...bundled, inclusionPromise: undefined } }) },
    refused: /nothing proves when it was signed/,
  },
  {
    name: "an entry of the log that nobody has signed",
    forms: ["old"],
    sign: { entry: ({ annotated }) => ({ annotated: { ...annotated, SignedEntryTimestamp: "" } }) },
    refused: /its log entry is not signed by the log/,
  },
  { name: "a timestamp besides the log", sign: { stamps: STAMPS } },
  {
    name: "a timestamp in place of the log, where that is enough",
    signer: { ignoreTlog: true },
    sign: { stamps: STAMPS, entry: NO_ENTRY },
  },
  {
    name: "a timestamp in place of the log, where that is not enough",
    sign: { stamps: STAMPS, entry: NO_ENTRY },
    refused: /it is in no log/,
  },
  {
    name: "an entry of the log, where only timestamps count",
    signer: { ignoreTlog: true },
    refused: /nothing proves when it was signed/,
  },
  {
    name: "a timestamp of after the certificate",
    signer: { ignoreTlog: true },
    sign: { stamps: [{ by: SIGSTORE.stamps, atMs: NOW_MS }] },
    refused: /was not valid when it was signed/,
  },
  {
    name: "a timestamp that contradicts the log",
    sign: { stamps: [{ by: SIGSTORE.stamps, atMs: NOW_MS }] },
    refused: /was not valid when it was signed/,
  },
  {
    name: "a timestamp of another signature",
    signer: { ignoreTlog: true },
    sign: { stamps: [{ by: SIGSTORE.stamps, of: ANOTHER }] },
    refused: /message imprint does not match/,
  },
  {
    name: "a timestamp of a stranger",
    signer: { ignoreTlog: true },
    sign: { stamps: [{ by: new FakeStamps(NOW_MS) }] },
    refused: /its timestamp is by no authority of the trusted root/,
  },
  {
    name: "a timestamp of an authority that was trusted before",
    signer: { ignoreTlog: true },
    root: {
      timestampAuthorities: [
        authorityOf(SIGSTORE.stamps.chain, { start: "2019-01-01T00:00:00Z", end: "2020-01-01T00:00:00Z" }),
      ],
    },
    sign: { stamps: STAMPS },
    refused: /was not valid when it was signed/,
  },
  {
    name: "a timestamp by a certificate for something else",
    signer: { ignoreTlog: true },
    root: { timestampAuthorities: [authorityOf(MISUSED.chain)] },
    sign: { stamps: [{ by: MISUSED }] },
    refused: /was made for another use/,
  },
];

const ENTRIES: readonly KeylessCase[] = [
  {
    name: "an entry of Rekor's second version, with a timestamp",
    forms: ["new"],
    sign: {
      kind: "hashedrekord 0.0.2",
      stamps: STAMPS,
      entry: ({ bundled }) => ({ bundled: { ...bundled, inclusionPromise: undefined, integratedTime: "0" } }),
    },
  },
  {
    name: "a checkpoint of a stranger in the name of a trusted log",
    forms: ["new"],
    root: { tlogs: [{ ...STRANGER.instance, logId: SIGSTORE.log.instance.logId }] },
    sign: {
      stamps: STAMPS,
      entry: ({ bundled }) => ({ bundled: { ...bundled, inclusionPromise: undefined } }),
    },
    refused: /its log entry is not in the tree of the log/,
  },
  {
    name: "an entry that nobody vouches for",
    forms: ["new"],
    sign: {
      stamps: STAMPS,
      entry: ({ bundled }) => ({
        bundled: { ...bundled, inclusionPromise: undefined, inclusionProof: undefined },
      }),
    },
    refused: /nothing shows that the log has its entry/,
  },
  {
    name: "a proof of inclusion without a checkpoint",
    forms: ["new"],
    sign: {
      entry: ({ bundled }) => ({
        bundled: { ...bundled, inclusionProof: { ...bundled.inclusionProof, checkpoint: undefined } },
      }),
    },
    refused: /its proof of inclusion has no checkpoint/,
  },
  {
    name: "an entry at another place in the tree of the log",
    forms: ["new"],
    sign: {
      entry: ({ bundled }) => ({
        bundled: { ...bundled, inclusionProof: { ...bundled.inclusionProof, logIndex: "4" } },
      }),
    },
    refused: /its log entry is not in the tree of the log/,
  },
  {
    name: "an entry of another artifact",
    sign: { logged: { data: ANOTHER, payload: ANOTHER } },
    refused: /its log entry is about something else/,
  },
  {
    name: "an entry of another signature",
    sign: { logged: { signature: ANOTHER } },
    refused: /its log entry is about something else/,
  },
  {
    name: "an entry of another certificate",
    sign: {
      logged: {
        certificate: SIGSTORE.authority.certificate({
          identity: IDENTITY,
          issuer: ISSUER,
          fromMs: NOW_MS - HOUR_MS,
          toMs: NOW_MS,
        }).der,
      },
    },
    refused: /its log entry is about something else/,
  },
  {
    name: "an entry of a stranger's log",
    root: { tlogs: [STRANGER.instance] },
    refused: /its log entry is of no log of the trusted root/,
  },
  {
    name: "an entry of a stranger's log in the name of a trusted one",
    root: { tlogs: [{ ...STRANGER.instance, logId: SIGSTORE.log.instance.logId }] },
    refused: /not in the tree of the log|not signed by the log/,
  },
  {
    name: "an entry of a log that was trusted before",
    root: {
      tlogs: [{
        ...SIGSTORE.log.instance,
        publicKey: {
          ...SIGSTORE.log.instance.publicKey,
          validFor: { start: "2019-01-01T00:00:00Z", end: "2020-01-01T00:00:00Z" },
        },
      }],
    },
    refused: /its log entry is not signed by the log/,
  },
  {
    name: "an entry whose time was changed",
    sign: {
      entry: ({ bundled, annotated }) => ({
        bundled: { ...bundled, integratedTime: String(Number(bundled.integratedTime) + 1) },
        annotated: {
          ...annotated,
          Payload: { ...annotated.Payload, integratedTime: annotated.Payload.integratedTime + 1 },
        },
      }),
    },
    refused: /its log entry is not signed by the log/,
  },
];

const WHAT: readonly KeylessCase[] = [
  {
    name: "a signature by another key than the certificate's, which the log has as it is",
    sign: { key: keys().privateKey },
    refused: /it is not made with the key of its certificate/,
  },
  {
    name: "a text that was changed after it was signed, where no log counts",
    signer: { ignoreTlog: true },
    sign: {
      stamps: STAMPS,
      payload: (payload) => new TextEncoder().encode(new TextDecoder().decode(payload).replace("{", "{ ")),
    },
    refused: /it is not made with the key of its certificate/,
  },
  {
    name: "a text that was changed after it was signed",
    sign: {
      payload: (payload) => new TextEncoder().encode(new TextDecoder().decode(payload).replace("{", "{ ")),
    },
    refused: /its log entry is about something else/,
  },
  {
    name: "a signature of another digest",
    sign: { named: `sha256:${"0".repeat(64)}` },
    refused: /it is about something else/,
  },
  {
    name: "a certificate that is too large",
    sign: certificate("A".repeat(400_000)),
    refused: /its certificate is too large/,
  },
  {
    name: "a certificate that is nested too deep",
    sign: certificate(bomb(2500)),
    refused: /its certificate cannot be read/,
  },
  { name: "no certificate", sign: certificate(""), refused: /it has no certificate/ },
  {
    name: "an entry of the log that is too large",
    sign: {
      entry: ({ bundled }) => ({
        bundled: { ...bundled, canonicalizedBody: "A".repeat(400_000) },
        annotated: { Payload: { body: "A".repeat(400_000) } },
      }),
    },
    refused: /its body of a log entry is too large/,
  },
  {
    name: "a checkpoint that is too large",
    forms: ["new"],
    sign: {
      entry: ({ bundled }) => ({
        bundled: {
          ...bundled,
          inclusionProof: { ...bundled.inclusionProof, checkpoint: { envelope: "x".repeat(20_000) } },
        },
      }),
    },
    refused: /its checkpoint is too large/,
  },
  {
    name: "too many entries",
    forms: ["new"],
    sign: { material: { tlogEntries: Array.from({ length: 9 }, () => ({})) } },
    refused: /it has more than 8 log entries/,
  },
  {
    name: "a bundle of more than a mebibyte",
    forms: ["new"],
    sign: { material: { padding: "x".repeat(1 << 20) } },
    refused: /answered with more than 1048576 bytes/,
  },
];

export const KEYLESS_CASES: readonly KeylessCase[] = [...WHO, ...CERTIFICATES, ...TIMES, ...ENTRIES, ...WHAT];
