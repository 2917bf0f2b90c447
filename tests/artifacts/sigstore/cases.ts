// Signatures without a key, good ones and those that are wrong in one respect: falco's tests take them, and so does the proof,
// which asks cosign about the same ones (tests/artifacts/proof/).
// In: the parts of it by subject. Out: the table.

import { CERTIFICATE_CASES } from "./certificate_cases.ts";
import { ENTRY_CASES } from "./entry_cases.ts";
import { IDENTITY } from "./fake_sigstore.ts";
import type { KeylessCase } from "./case.ts";

const OTHER = IDENTITY.replace("/team/", "/theme/");

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

export const KEYLESS_CASES: readonly KeylessCase[] = [...WHO, ...CERTIFICATE_CASES, ...ENTRY_CASES];
