// A registry of the tests' own: the parts of the distribution protocol that artifacts need, and answers that lie.
// In: artifacts to hold, who may read, faults. Out: a server at 127.0.0.1, what it was asked.

import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { Buffer } from "node:buffer";

export interface Entry {
  readonly name: string;
  readonly text?: string;
  /** the flag in the archive */
  readonly flag?: string;
  readonly linkname?: string;
}

export interface PushOptions {
  readonly config?: Readonly<Record<string, unknown>>;
  readonly layerType?: string;
  readonly layer?: Uint8Array<ArrayBuffer>;
}

export const RULES_LAYER = "application/vnd.cncf.falco.rulesfile.layer.v1+tar.gz";
export const PLUGIN_LAYER = "application/vnd.cncf.falco.plugin.layer.v1+tar.gz";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
export const BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";

export const IN_TOTO = "application/vnd.in-toto+json";

/** What cosign's old form signs. */
export function simpleSigning(digest: string): Uint8Array<ArrayBuffer> {
  return json({
    critical: {
      identity: { "docker-reference": "" },
      image: { "docker-manifest-digest": digest },
      type: "cosign container image signature",
    },
    optional: null,
  });
}

/** What its new form signs, inside of an envelope. */
export function statement(
  digest: string,
  predicateType = "https://sigstore.dev/cosign/sign/v1",
): Uint8Array<ArrayBuffer> {
  return json({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "", digest: { sha256: digest.slice("sha256:".length) } }],
    predicateType,
    predicate: {},
  });
}

export function preAuthentication(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${IN_TOTO.length} ${IN_TOTO} ${payload.length} `), payload]);
}

interface Stored {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
}

export type Fault = (request: Request) => Response | Promise<Response | undefined> | undefined;

export class FakeRegistry implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #manifests = new Map<string, Stored>();
  readonly #blobs = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly requests: string[] = [];
  /** header Authorization of each request, "" for none */
  readonly authorizations: string[] = [];
  fault: Fault = () => undefined;
  hasReferrersApi = false;

  constructor() {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  get host(): string {
    return `127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  /** @returns the digest of its manifest */
  async push(
    repository: string,
    tag: string,
    entries: readonly Entry[],
    options: PushOptions = {},
  ): Promise<string> {
    const layer = options.layer ?? await tarGz(entries);
    const config = json(options.config ?? {});
    return this.putManifest(repository, tag, {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: this.putBlob(config, "application/vnd.cncf.falco.rulesfile.config.v1+json"),
      layers: [this.putBlob(layer, options.layerType ?? RULES_LAYER)],
    });
  }

  putBlob(bytes: Uint8Array<ArrayBuffer>, mediaType: string) {
    const digest = digestOf(bytes);
    this.#blobs.set(digest, bytes);
    return { mediaType, digest, size: bytes.length };
  }

  putManifest(repository: string, tag: string, manifest: Readonly<Record<string, unknown>>): string {
    const bytes = json(manifest);
    const stored = { bytes, mediaType: String(manifest["mediaType"]) };
    const digest = digestOf(bytes);
    for (const name of [tag, digest]) this.#manifests.set(`${repository}/${name}`, stored);
    return digest;
  }

  /** As cosign does it by `--new-bundle-format=false`. */
  signOld(repository: string, digest: string, key: KeyObject, named = digest): void {
    const payload = simpleSigning(named);
    this.putSignature(repository, digest, payload, {
      "dev.cosignproject.cosign/signature": sign("sha256", payload, key).toString("base64"),
    });
  }

  /** Cosign's old form: a tag next to the artifact. */
  putSignature(
    repository: string,
    digest: string,
    payload: Uint8Array<ArrayBuffer>,
    annotations: Readonly<Record<string, string>>,
  ): void {
    const layer = {
      ...this.putBlob(payload, "application/vnd.dev.cosign.simplesigning.v1+json"),
      annotations,
    };
    this.putManifest(repository, `${digest.replace(":", "-")}.sig`, {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: this.putBlob(json({}), "application/vnd.oci.image.config.v1+json"),
      layers: [layer],
    });
  }

  /** As cosign does it by default: a bundle that refers to the artifact, listed in the tag that stands for it. */
  signNew(repository: string, digest: string, key: KeyObject, predicateType?: string): void {
    const payload = statement(digest, predicateType);
    this.putBundle(repository, digest, {
      mediaType: BUNDLE,
      verificationMaterial: { publicKey: { hint: "x" } },
      dsseEnvelope: {
        payload: Buffer.from(payload).toString("base64"),
        payloadType: IN_TOTO,
        signatures: [{ sig: sign("sha256", preAuthentication(payload), key).toString("base64") }],
      },
    });
  }

  putBundle(repository: string, digest: string, bundle: Readonly<Record<string, unknown>>): void {
    const manifest = {
      schemaVersion: 2,
      mediaType: MANIFEST,
      artifactType: BUNDLE,
      config: this.putBlob(json({}), "application/vnd.oci.empty.v1+json"),
      layers: [this.putBlob(json(bundle), BUNDLE)],
    };
    const own = this.putManifest(repository, "unused", manifest);
    this.putManifest(repository, digest.replace(":", "-"), {
      schemaVersion: 2,
      mediaType: INDEX,
      manifests: [{ mediaType: MANIFEST, artifactType: BUNDLE, digest: own, size: json(manifest).length }],
    });
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    this.requests.push(`${request.method} ${pathname}`);
    this.authorizations.push(request.headers.get("authorization") ?? "");
    const wrong = await this.fault(request);
    if (wrong !== undefined) return wrong;
    const [, name = "", kind, what = ""] =
      /^\/v2\/(.+)\/(manifests|blobs|tags|referrers)\/([^/]+)$/.exec(pathname) ?? [];
    if (kind === "manifests") {
      const found = this.#manifests.get(`${name}/${what}`);
      return found === undefined
        ? missing()
        : new Response(found.bytes, { headers: { "content-type": found.mediaType } });
    }
    if (kind === "blobs") {
      const found = this.#blobs.get(what);
      return found === undefined ? missing() : new Response(found);
    }
    if (kind === "tags") {
      const start = `${name}/`;
      const tags = [...this.#manifests.keys()].filter((key) => key.startsWith(start)).map((key) =>
        key.slice(start.length)
      );
      return Response.json({ name, tags: tags.filter((tag) => !tag.includes(":")) });
    }
    return missing();
  }
}

export function missing(): Response {
  return Response.json({ errors: [{ code: "MANIFEST_UNKNOWN", message: "unknown" }] }, { status: 404 });
}

export function keyPair(): { readonly key: KeyObject; readonly pem: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return { key: createPrivateKey(privateKey), pem: publicKey };
}

export async function tarGz(entries: readonly Entry[]): Promise<Uint8Array<ArrayBuffer>> {
  return await gzip(tarOf(entries));
}

export function tarOf(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const parts = entries.flatMap(({ name, text = "", flag = "0", linkname = "" }) => {
    const content = Buffer.from(text, "latin1");
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write("0000644\0", 100);
    header.write(`${content.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write(" ".repeat(8), 148);
    header.write(flag, 156);
    header.write(linkname, 157, 100);
    header.write("ustar\x0000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, content, Buffer.alloc((512 - content.length % 512) % 512)];
  });
  return new Uint8Array(Buffer.concat([...parts, Buffer.alloc(1024)]));
}

export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function json(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(value));
}

function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
