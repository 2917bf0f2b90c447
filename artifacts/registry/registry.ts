// A registry by the distribution protocol of OCI: manifests, blobs, tags, referrers.
// In: a reference. Out: bytes whose digest has been computed here; an ArtifactError in words.
// Elsewhere: what the bytes mean (package/, signature/), single requests (transport.ts), credentials (credentials.ts).

import { createHash } from "node:crypto";
import { objectOf, parseBoundedJson, textOf, textsOf } from "../../base/mod.ts";
import { about, ArtifactError, quoted } from "../failure.ts";
import { type Reference, referenceText } from "../reference.ts";
import { highestTag } from "../versions.ts";
import { parseChallenge } from "./challenge.ts";
import type { FindCredentials } from "./credentials.ts";
import { authorization } from "./tokens.ts";
import { type Answer, Transport } from "./transport.ts";

/** How a registry is reached. */
export interface RegistrySettings {
  readonly registry: string;
  /** host[:port][/prefix], asked before the registry itself, in this order */
  readonly mirrors: readonly string[];
  readonly plainHttp: boolean;
  /** certificates in PEM */
  readonly authority?: string;
}

export interface Document {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const MANIFEST_BYTES = 4 << 20;
const TAGS_LIMITS = { bytes: 4 << 20, values: 200_000, depth: 8 };
const MAX_TAG_PAGES = 50;
const ACCEPT = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
].join(", ");
const HOSTS: Readonly<Record<string, string>> = { "docker.io": "registry-1.docker.io" };

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** One place that holds the repositories: the registry or a mirror. */
interface Place {
  readonly host: string;
  readonly prefix: string;
}

export class Registry {
  readonly #settings: RegistrySettings;
  readonly #credentials: FindCredentials;
  readonly #transport: Transport;
  readonly #signal: AbortSignal;
  /** header Authorization by place and repository */
  readonly #authorized = new Map<string, string>();

  constructor(settings: RegistrySettings, credentials: FindCredentials, signal: AbortSignal) {
    this.#settings = settings;
    this.#credentials = credentials;
    this.#signal = signal;
    this.#transport = new Transport(settings.authority);
  }

  close(): void {
    this.#transport.close();
  }

  /** What a reference means now: its tag, or the highest version of its range. */
  async manifest(reference: Reference): Promise<Document> {
    const { repository, tag, range, digest } = reference;
    try {
      if (digest !== "") return await this.#manifestAt(repository, digest);
      let missing: unknown;
      if (tag !== "") {
        try {
          return await this.#manifestAt(repository, tag);
        } catch (error) {
          if (range === "" || !isMissing(error)) throw error;
          missing = error;
        }
      }
      const tags = await this.tags(repository).catch((error) => {
        throw missing ?? error;
      });
      const best = highestTag(tags, range);
      if (best === undefined) {
        throw new ArtifactError(`no tag is a version within ${range} (${tags.length} tags)`);
      }
      return await this.#manifestAt(repository, best);
    } catch (error) {
      throw about(referenceText(reference), error);
    }
  }

  async blob(repository: string, digest: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
    const { bytes } = await this.#get(repository, `blobs/${digest}`, "*/*", maxBytes);
    const found = digestOf(bytes);
    if (found !== digest) throw new ArtifactError(`the blob ${digest} is another one: ${found}`);
    return bytes;
  }

  async tags(repository: string): Promise<string[]> {
    const tags: string[] = [];
    let path = "tags/list?n=1000";
    for (let page = 0; page < MAX_TAG_PAGES; page++) {
      const answer = await this.#get(repository, path, "application/json", TAGS_LIMITS.bytes);
      tags.push(...textsOf(objectOf(parse(answer.bytes))["tags"]));
      const next = /<[^>]*\/tags\/list(\?[^>]*)>\s*;\s*rel="?next"?/.exec(answer.headers.get("link") ?? "")
        ?.[1];
      if (next === undefined) return tags;
      path = `tags/list${next}`;
    }
    throw new ArtifactError(`${repository} has more than ${MAX_TAG_PAGES} pages of tags`);
  }

  /** What refers to a digest, by the referrers API or, where a registry has none, by the tag that stands for it. */
  async referrers(repository: string, digest: string): Promise<unknown> {
    for (const path of [`referrers/${digest}`, `manifests/${digest.replace(":", "-")}`]) {
      try {
        return parse((await this.#get(repository, path, ACCEPT, MANIFEST_BYTES)).bytes);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    return undefined;
  }

  async #manifestAt(repository: string, tagOrDigest: string): Promise<Document> {
    const answer = await this.#get(repository, `manifests/${tagOrDigest}`, ACCEPT, MANIFEST_BYTES);
    const digest = digestOf(answer.bytes);
    if (tagOrDigest.startsWith("sha256:") && tagOrDigest !== digest) {
      throw new ArtifactError(`the manifest ${tagOrDigest} is another one: ${digest}`);
    }
    const said = textOf(objectOf(parse(answer.bytes))["mediaType"]);
    const header = (answer.headers.get("content-type") ?? "").split(";")[0]!.trim();
    return { digest, mediaType: said || header, bytes: answer.bytes };
  }

  async #get(repository: string, path: string, accept: string, maxBytes: number): Promise<Answer> {
    const failures: string[] = [];
    const places = this.#places();
    for (const [at, place] of places.entries()) {
      try {
        return await this.#getAt(place, repository, path, accept, maxBytes);
      } catch (error) {
        if (at === places.length - 1) {
          throw failures.length === 0 ? error : about(`mirrors failed (${failures.join("; ")})`, error);
        }
        failures.push(error instanceof Error ? error.message : String(error));
      }
    }
    throw new ArtifactError("unreachable");
  }

  #places(): Place[] {
    const { registry, mirrors } = this.#settings;
    const places = mirrors.map((mirror) => {
      const [host = "", ...rest] = mirror.split("/");
      return { host, prefix: rest.map((part) => `${part}/`).join("") };
    });
    return [...places, { host: HOSTS[registry] ?? registry, prefix: "" }];
  }

  async #getAt(
    place: Place,
    repository: string,
    path: string,
    accept: string,
    maxBytes: number,
  ): Promise<Answer> {
    const name = place.prefix + repository;
    const scheme = this.#settings.plainHttp ? "http" : "https";
    const url = new URL(`${scheme}://${place.host}/v2/${name}/${path}`);
    const key = `${place.host}/${name}`;
    const ask = (authorized: string | undefined) =>
      this.#transport.request(url, {
        maxBytes,
        signal: this.#signal,
        headers: { accept, ...authorized === undefined ? {} : { authorization: authorized } },
      });
    let answer = await ask(this.#authorized.get(key));
    if (answer.status === 401) {
      const authorized = await this.#authorize(url, place, name, answer);
      if (authorized !== undefined) {
        this.#authorized.set(key, authorized);
        answer = await ask(authorized);
      }
    }
    if (answer.status === 200) return answer;
    throw refused(answer, place.host, name, path);
  }

  async #authorize(
    url: URL,
    { host }: Place,
    name: string,
    { headers }: Answer,
  ): Promise<string | undefined> {
    const challenge = parseChallenge(headers.get("www-authenticate") ?? "");
    if (challenge === undefined) return undefined;
    const own = host === HOSTS[this.#settings.registry] ? this.#settings.registry : host;
    return await authorization(this.#transport, {
      challenge,
      scope: `repository:${name}:pull`,
      credentials: await this.#credentials(own),
      registry: url,
      signal: this.#signal,
    });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof ArtifactError && error.status === 404;
}

function refused({ status, bytes }: Answer, host: string, name: string, path: string): ArtifactError {
  const what = path.split("?")[0]!;
  if (status === 404) return new ArtifactError(`${host} has no ${what} of ${name}`, { status });
  if (status === 401 || status === 403) {
    return new ArtifactError(`${host} refuses ${name}: status ${status}`, {
      status,
      hint: "credentials are taken from ~/.docker/config.json, or from the file that settings name",
    });
  }
  let said = "";
  try {
    const [first] = objectOf(parse(bytes))["errors"] as unknown[];
    said = textOf(objectOf(first)["message"]);
  } catch {
    // a proxy in between speaks HTML
  }
  return new ArtifactError(
    `${host} answered with status ${status}${said === "" ? "" : `: ${quoted(said)}`}`,
    { status },
  );
}

function parse(bytes: Uint8Array<ArrayBuffer>): unknown {
  try {
    return parseBoundedJson(bytes, TAGS_LIMITS);
  } catch {
    throw new ArtifactError("the registry answered with what is no JSON");
  }
}
