// One request over HTTP or HTTPS and its answer, on connections that are kept.
// In: certificates and the like, then bodies. Out: status, headers, the start of the answer's body; errors as they are.
// Elsewhere: what an answer means (http.ts). `fetch` cannot be told to accept a certificate that nobody vouches for,
// which `insecure` asks for.

import { Buffer } from "node:buffer";
import http from "node:http";
import https from "node:https";
import { listFolderSlowly, readSlowFile, readSlowText } from "../../files/mod.ts";
import { MAX_SECRET_BYTES } from "../network/tls_files.ts";
import { guardSockets } from "../network/guard_sockets.ts";
import { SinkError } from "../sink.ts";

export interface HttpTls {
  readonly insecure: boolean;
  readonly caCert: string;
  readonly caBundle: string;
  readonly caPath: string;
  readonly mtls: boolean;
  readonly clientCert: string;
  readonly clientKey: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Longer answers are read to their end and forgotten. */
const KEPT_ANSWER_BYTES = 64 << 10;
const MAX_ANSWER_BYTES = 2 << 20;
/** A folder of authorities has one and a link for each. */
const MAX_AUTHORITY_FILES = 4096;

export class HttpRequests {
  readonly #url: URL;
  readonly #tls: HttpTls;
  readonly #probesTcp: boolean;
  #agent: http.Agent | https.Agent | undefined;

  /** @param probesTcp whether the kernel probes idle connections */
  constructor(url: URL, tls: HttpTls, probesTcp: boolean) {
    this.#url = url;
    this.#tls = tls;
    this.#probesTcp = probesTcp;
    guardSockets();
  }

  async post(body: Uint8Array, headers: Record<string, string>, signal: AbortSignal): Promise<HttpAnswer> {
    // certificates are read when a connection is reopened, so that renewed ones are used without a restart
    const agent = this.#agent ??= await this.#createAgent();
    const isTls = this.#url.protocol === "https:";
    return await new Promise((resolve, reject) => {
      const options = {
        method: "POST",
        agent,
        headers: { ...headers, "content-length": String(body.length) },
      };
      const request = isTls
        ? https.request(this.#url, options as https.RequestOptions)
        : http.request(this.#url, options);
      const stop = () => request.destroy(signal.reason);
      const fail = (error: unknown) => {
        signal.removeEventListener("abort", stop);
        this.close();
        reject(signal.aborted ? signal.reason : error);
      };
      if (signal.aborted) return fail(signal.reason);
      signal.addEventListener("abort", stop, { once: true });
      request.on("error", fail);
      if (this.#probesTcp) request.on("socket", (socket) => socket.setKeepAlive(true, 60_000));
      request.on("response", (response) => {
        const chunks: Uint8Array[] = [];
        let bytes = 0;
        response.on("data", (chunk: Uint8Array) => {
          if (bytes < KEPT_ANSWER_BYTES) chunks.push(chunk);
          bytes += chunk.length;
          if (bytes > MAX_ANSWER_BYTES) request.destroy(new Error("the answer has no end"));
        });
        response.on("error", fail);
        response.on("aborted", () => fail(new Error("the connection ended within the answer")));
        response.on("end", () => {
          signal.removeEventListener("abort", stop);
          const text = Buffer.concat(chunks).subarray(0, KEPT_ANSWER_BYTES).toString("utf8");
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
        });
      });
      request.end(body);
    });
  }

  close(): void {
    this.#agent?.destroy();
    this.#agent = undefined;
  }

  /** What a connection needs; nothing without TLS. */
  async readCertificates(): Promise<Pick<https.AgentOptions, "ca" | "cert" | "key">> {
    if (this.#url.protocol !== "https:") return {};
    const { insecure, mtls, clientCert, clientKey } = this.#tls;
    const ca = insecure ? undefined : await readAuthorities(this.#tls);
    return {
      ...(ca === undefined ? {} : { ca }),
      ...(mtls
        ? { cert: await readPem("client_cert", clientCert), key: await readPem("client_key", clientKey) }
        : {}),
    };
  }

  async #createAgent(): Promise<http.Agent | https.Agent> {
    const common = { keepAlive: true, maxSockets: 1 };
    if (this.#url.protocol !== "https:") return new http.Agent(common);
    return new https.Agent({
      ...common,
      rejectUnauthorized: !this.#tls.insecure,
      ...await this.readCertificates(),
    });
  }
}

/** The first that is not empty, as in Falco. */
async function readAuthorities({ caCert, caBundle, caPath }: HttpTls): Promise<string[] | undefined> {
  if (caCert !== "") return [await readPem("ca_cert", caCert)];
  if (caBundle !== "") return [await readPem("ca_bundle", caBundle)];
  return caPath === "" ? undefined : await readFolder(caPath);
}

/** Folders of authorities are full of links to the same files, and one file often holds all of them. */
async function readFolder(folder: string): Promise<string[]> {
  const certificates = new Set<string>();
  const found = await listFolderSlowly(folder, MAX_AUTHORITY_FILES);
  if (found === undefined) throw tlsError(`ca_path: ${folder} cannot be read`);
  for (const name of found.names) {
    const text = await readSlowText(`${folder}/${name}`, MAX_SECRET_BYTES) ?? "";
    for (
      const [certificate] of text.matchAll(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)
    ) {
      certificates.add(certificate);
    }
  }
  if (certificates.size === 0) throw tlsError(`ca_path: ${folder} holds no certificates`);
  return [...certificates];
}

async function readPem(key: string, path: string): Promise<string> {
  const read = await readSlowFile(path, MAX_SECRET_BYTES);
  if ("problem" in read) throw tlsError(`${key}: ${path} cannot be read: ${read.problem.reason}`);
  const text = new TextDecoder().decode(read.bytes);
  if (!text.includes("-----BEGIN ")) throw tlsError(`${key}: ${path} holds no PEM (no line -----BEGIN …)`);
  return text;
}

function tlsError(message: string): SinkError {
  return new SinkError(message, { retryable: true, cause: "tls_files", untaken: true });
}
