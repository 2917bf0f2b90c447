// Who must have signed without a key: a name in a certificate, and the service that knew whose name it is.
// In: texts and patterns, as settings, flags and index files have them. Out: whether somebody is meant; an ArtifactError
// for what says too little.
// Elsewhere: who it was (keyless/certificate.ts).

import { ArtifactError, quoted } from "../failure.ts";

/** By cosign's names; "" for what is not said. */
export interface IdentityText {
  readonly certificateIdentity: string;
  readonly certificateIdentityRegexp: string;
  readonly certificateOidcIssuer: string;
  readonly certificateOidcIssuerRegexp: string;
  /** a timestamp authority's word is enough */
  readonly ignoreTlog: boolean;
}

/** As a certificate says it. */
export interface CertifiedName {
  /** a URL or an e-mail address */
  readonly identity: string;
  /** who the certificate's authority had that from */
  readonly issuer: string;
}

export interface Identity {
  /** for messages */
  readonly name: string;
  readonly ignoresLog: boolean;
  fits(name: CertifiedName): boolean;
}

/** So that the time that a comparison takes is bounded: it is linear in both. */
const MAX_PATTERN_CHARACTERS = 500;
const MAX_NAME_CHARACTERS = 2000;

export async function identityOf(text: IdentityText): Promise<Identity> {
  const {
    certificateIdentity,
    certificateIdentityRegexp,
    certificateOidcIssuer,
    certificateOidcIssuerRegexp,
  } = text;
  const isIdentity = await testOf("certificate-identity", certificateIdentity, certificateIdentityRegexp);
  const isIssuer = await testOf(
    "certificate-oidc-issuer",
    certificateOidcIssuer,
    certificateOidcIssuerRegexp,
  );
  return {
    name: `${certificateIdentity || certificateIdentityRegexp} (${
      certificateOidcIssuer || certificateOidcIssuerRegexp
    })`,
    ignoresLog: text.ignoreTlog,
    fits: ({ identity, issuer }) => isIdentity(identity) && isIssuer(issuer),
  };
}

/** Where both are given, both must fit. A pattern fits anywhere in a text, as in cosign: `^` and `$` bind it to its ends. */
async function testOf(what: string, exact: string, pattern: string): Promise<(text: string) => boolean> {
  if (exact === "" && pattern === "") {
    throw new ArtifactError(`a signature without a key is somebody's: ${what} or ${what}-regexp is missing`);
  }
  if (pattern === "") return (text) => text === exact;
  if (pattern.length > MAX_PATTERN_CHARACTERS) {
    throw new ArtifactError(`${what}-regexp has more than ${MAX_PATTERN_CHARACTERS} characters`);
  }
  const { RE2JS } = await import("re2js");
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) =>
      (exact === "" || text === exact) && text.length <= MAX_NAME_CHARACTERS && compiled.matcher(text).find();
  } catch (error) {
    throw new ArtifactError(`${what}-regexp ${quoted(pattern)} cannot be read: ${(error as Error).message}`);
  }
}
