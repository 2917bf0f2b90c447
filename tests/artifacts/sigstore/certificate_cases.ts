// Cases about certificates: who gave them, what is in them, and when they were good.
// In: the parts of case.ts. Out: a part of the table (cases.ts).

import { octets } from "./der.ts";
import { extension, FakeAuthority } from "./fake_authority.ts";
import { HOUR_MS } from "./fake_sigstore.ts";
import { FakeStamps } from "./fake_stamps.ts";
import { ANOTHER, authorityOf, type KeylessCase, NO_ENTRY, NOW_MS, SIGSTORE, STAMPS } from "./case.ts";

const STRANGE = extension("1.2.3.4", octets(ANOTHER), true);
const MISUSED = new FakeStamps(NOW_MS, "1.3.6.1.5.5.7.3.3");
const IMPOSTOR = new FakeAuthority("impostor", NOW_MS, "nobody");
const DEEP = new FakeAuthority("deep", NOW_MS, "too deep");

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

export const CERTIFICATE_CASES: readonly KeylessCase[] = [...CERTIFICATES, ...TIMES];
