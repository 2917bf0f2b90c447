// An index file: a list of artifacts with the places where they are.
// In: its text, from a file or a server. Out: entries of the right form; an ArtifactError when it is no index.
// Elsewhere: several of them together (catalog.ts).

import { parse } from "yaml";
import { type JsonObject, listOf, objectAt, objectOf, textOf, textsOf } from "../../base/mod.ts";
import { about, ArtifactError } from "../failure.ts";
import type { SignerText } from "../signature/signers.ts";
import { Transport } from "../registry/transport.ts";

export interface IndexSource {
  readonly name: string;
  /** https://…, http://… where that is allowed, or a path */
  readonly url: string;
}

export interface IndexEntry {
  readonly index: string;
  readonly name: string;
  readonly type: string;
  readonly registry: string;
  readonly repository: string;
  readonly description: string;
  readonly keywords: readonly string[];
  /** who must have signed it, when it says so */
  readonly signer?: SignerText;
}

/** falcoctl's other places, which it reads with a cloud's own credentials. */
const STORAGE: Readonly<Record<string, { readonly of: string; readonly at: (path: string) => string }>> = {
  gs: { of: "Google Cloud", at: (path) => `https://storage.googleapis.com/${path}` },
  s3: {
    of: "AWS",
    at: (path) => `https://${path.replace(/^([^/]*)\/?/, "$1.s3.REGION.amazonaws.com/")}`,
  },
};
const MAX_BYTES = 4 << 20;
const MAX_ENTRIES = 10_000;
const MAX_ALIASES = 10;

export async function readIndex(source: IndexSource, signal: AbortSignal): Promise<IndexEntry[]> {
  try {
    return entriesOf(await textAt(source.url, signal), source.name);
  } catch (error) {
    throw about(`index ${source.name} (${source.url})`, error);
  }
}

export function entriesOf(text: string, index: string): IndexEntry[] {
  let written: unknown;
  try {
    written = parse(text, { maxAliasCount: MAX_ALIASES, logLevel: "silent" });
  } catch {
    throw new ArtifactError("this is no YAML");
  }
  if (!Array.isArray(written)) throw new ArtifactError("this is no list of artifacts");
  return listOf(written).slice(0, MAX_ENTRIES).map(objectOf).flatMap((entry) => {
    const { cosign } = objectAt(entry, "signature");
    const [name, type] = [textOf(entry["name"]), textOf(entry["type"])];
    const [registry, repository] = [textOf(entry["registry"]), textOf(entry["repository"])];
    if (name === "" || registry === "" || repository === "") return [];
    return [{
      index,
      name,
      type,
      registry,
      repository,
      description: textOf(entry["description"]),
      keywords: textsOf(entry["keywords"]),
      ...cosign === undefined || cosign === null ? {} : { signer: signerOf(objectOf(cosign)) },
    }];
  });
}

/** Of one that says nothing more than that there is a signature, everything is missing, and nothing is installed. */
function signerOf(cosign: JsonObject): SignerText {
  return {
    key: textOf(cosign["key"]),
    certificateIdentity: textOf(cosign["certificate-identity"]),
    certificateIdentityRegexp: textOf(cosign["certificate-identity-regexp"]),
    certificateOidcIssuer: textOf(cosign["certificate-oidc-issuer"]),
    certificateOidcIssuerRegexp: textOf(cosign["certificate-oidc-issuer-regexp"]),
    ignoreTlog: cosign["ignore-tlog"] === true,
  };
}

async function textAt(url: string, signal: AbortSignal): Promise<string> {
  if (/^https?:\/\//.test(url)) {
    const transport = new Transport();
    try {
      const { status, bytes } = await transport.request(new URL(url), { maxBytes: MAX_BYTES, signal });
      if (status !== 200) throw new ArtifactError(`the server answered with status ${status}`);
      return new TextDecoder().decode(bytes);
    } finally {
      transport.close();
    }
  }
  const [scheme, ...rest] = url.split("://");
  const storage = STORAGE[scheme!.toLowerCase()];
  if (storage !== undefined) {
    throw new ArtifactError(`falco has no credentials of ${storage.of}`, {
      hint: `an object that everybody may read is at ${
        storage.at(rest.join("://"))
      }; or put a copy into a file`,
    });
  }
  const path = url.replace(/^file:\/\//, "");
  if (!path.startsWith("/")) {
    throw new ArtifactError("an index is at https://, http://, file:/// or a path from the root on");
  }
  try {
    const { size, isFile } = await Deno.stat(path);
    if (!isFile || size > MAX_BYTES) throw new ArtifactError("this is no file of reasonable size");
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof ArtifactError) throw error;
    throw new ArtifactError(`the file cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
