// Cases about entries of a transparency log, and about what was signed.
// In: the parts of case.ts. Out: a part of the table (cases.ts).

import { Buffer } from "node:buffer";
import { sequence } from "./der.ts";
import { keys } from "./fake_authority.ts";
import { FakeLog } from "./fake_log.ts";
import { HOUR_MS, IDENTITY, ISSUER, type SignOptions } from "./fake_sigstore.ts";
import { ANOTHER, type KeylessCase, NOW_MS, SIGSTORE, STAMPS } from "./case.ts";

const STRANGER = new FakeLog();

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

export const ENTRY_CASES: readonly KeylessCase[] = [...ENTRIES, ...WHAT];
