// Who may have signed an artifact: one of several keys or identities.
// In: one text each, from settings, flags or an index. Out: keys and identities to check with; an ArtifactError in words.
// Elsewhere: which artifacts need them (trust.ts).

import { ArtifactError } from "../failure.ts";
import { type Identity, identityOf, type IdentityText } from "./identity.ts";
import { type PublicKey, publicKey } from "./keys.ts";

/** Any of them is enough. */
export interface Signers {
  readonly keys: readonly PublicKey[];
  readonly identities: readonly Identity[];
}

export interface SignerText extends IdentityText {
  /** PEM or the path of a file with it; "" for none: then an identity counts */
  readonly key: string;
}

export const NO_SIGNER: SignerText = {
  key: "",
  certificateIdentity: "",
  certificateIdentityRegexp: "",
  certificateOidcIssuer: "",
  certificateOidcIssuerRegexp: "",
  ignoreTlog: false,
};

const MAX_KEY_BYTES = 64 << 10;

/** @param label what PEM is called in messages; a file has its path */
export async function signersOf(text: SignerText, label = "given"): Promise<Signers> {
  const { key } = text;
  if (key === "") return { keys: [], identities: [await identityOf(text)] };
  const found = key.startsWith("-----BEGIN") ? publicKey(key, label) : await readKey(key);
  return { keys: [found], identities: [] };
}

async function readKey(path: string): Promise<PublicKey> {
  let text: string;
  try {
    const { size, isFile } = await Deno.stat(path);
    if (!isFile || size > MAX_KEY_BYTES) throw new Error("this is no file of reasonable size");
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw new ArtifactError(`key ${path} cannot be read: ${(error as Error).message}`);
  }
  return publicKey(text, path);
}
