// Sigstore's own servers on this machine: Fulcio, a log of certificates (TesseraCT), Rekor's second version, a timestamp
// authority; and an issuer of identities, which is ours.
// In: their programs in PATH, a folder. Out: what cosign needs to sign with them, and the trusted root that goes with it.

import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export const SIGSTORE_PROGRAMS: Readonly<Record<string, string>> = {
  "fulcio": "go install github.com/sigstore/fulcio@v1.8.8",
  "timestamp-server": "go install github.com/sigstore/timestamp-authority/v2/cmd/timestamp-server@v2.1.2",
  "tesseract-posix":
    "go install github.com/transparency-dev/tesseract/cmd/tesseract/posix@v0.1.1, and call it tesseract-posix",
  "rekor-server-posix":
    "go install github.com/sigstore/rekor-tiles/v2/cmd/rekor-server/posix@v2.3.0, and call it rekor-server-posix",
};
export const EMAIL = "somebody@example.com";

const PORTS = {
  fulcio: 5071,
  fulcioGrpc: 5072,
  log: 5073,
  stamps: 5074,
  rekor: 5075,
  rekorGrpc: 5076,
  issuer: 5077,
};
const START_MS = 30_000;
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

export class LocalSigstore implements AsyncDisposable {
  readonly #folder: string;
  readonly #servers: Deno.ChildProcess[] = [];
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  readonly #issuer: Deno.HttpServer;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#issuer = Deno.serve(
      { hostname: "localhost", port: PORTS.issuer, onListen: () => {} },
      (request) => {
        const isKeys = new URL(request.url).pathname === "/keys";
        const jwk = {
          ...this.#keys.publicKey.export({ format: "jwk" }),
          use: "sig",
          alg: "ES256",
          kid: "own",
        };
        return Response.json(
          isKeys ? { keys: [jwk] } : {
            issuer: this.issuer,
            jwks_uri: `${this.issuer}/keys`,
            authorization_endpoint: `${this.issuer}/auth`,
            response_types_supported: ["id_token"],
            subject_types_supported: ["public"],
            id_token_signing_alg_values_supported: ["ES256"],
          },
        );
      },
    );
  }

  static async start(folder: string): Promise<LocalSigstore> {
    const sigstore = new LocalSigstore(folder);
    try {
      await sigstore.#start();
    } catch (error) {
      await sigstore[Symbol.asyncDispose]();
      throw error;
    }
    return sigstore;
  }

  get issuer(): string {
    return `http://localhost:${PORTS.issuer}`;
  }

  /** of the log of certificates */
  get logUrl(): string {
    return `http://localhost:${PORTS.log}`;
  }

  get urls() {
    return {
      fulcio: `http://localhost:${PORTS.fulcio}`,
      stamps: `http://localhost:${PORTS.stamps}/api/v1/timestamp`,
      rekor: `http://localhost:${PORTS.rekor}`,
    };
  }

  /** That somebody is who they are, for ten minutes. */
  token(email = EMAIL): string {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.issuer,
      aud: "sigstore",
      sub: email,
      email,
      email_verified: true,
      iat: now,
      exp: now + 600,
    };
    const said = `${encode({ alg: "ES256", typ: "JWT", kid: "own" })}.${encode(claims)}`;
    const key = { key: this.#keys.privateKey, dsaEncoding: "ieee-p1363" } as const;
    return `${said}.${sign("sha256", Buffer.from(said), key).toString("base64url")}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) {
      try {
        server.kill();
      } catch {
        // it has ended by itself
      }
      await server.status;
    }
    await this.#issuer.shutdown();
  }

  async #start(): Promise<void> {
    const at = (name: string) => `${this.#folder}/${name}`;
    const write = (name: string, text: string) => Deno.writeTextFile(at(name), text);
    const known = { [this.issuer]: { IssuerURL: this.issuer, ClientID: "sigstore", Type: "email" } };
    await write("fulcio.json", JSON.stringify({ OIDCIssuers: known }));
    const logKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
    await write("log.key", String(logKeys.privateKey.export({ type: "sec1", format: "pem" })));
    await write("log.pub", pem(logKeys.publicKey));
    const rekorKeys = generateKeyPairSync("ed25519");
    await write("rekor.key", pem(rekorKeys.privateKey));
    await write("rekor.pub", pem(rekorKeys.publicKey));
    for (const name of ["log", "rekor"]) await Deno.mkdir(at(name));

    this.#serve("fulcio", [
      ...["serve", "--ca=ephemeralca", "--host=localhost", `--port=${PORTS.fulcio}`, "--grpc-host=localhost"],
      ...[`--grpc-port=${PORTS.fulcioGrpc}`, "--metrics-port=5078", `--config-path=${at("fulcio.json")}`],
      ...[`--ct-log-url=${this.logUrl}`, `--ct-log-public-key-path=${at("log.pub")}`],
      `--legacy-unix-domain-socket=${at("fulcio.sock")}`,
    ]);
    await write("fulcio.pem", await answer(`${this.urls.fulcio}/api/v1/rootCert`));
    this.#serve("tesseract-posix", [
      ...["--private_key", at("log.key"), "--origin", "log.example", "--storage_dir", at("log")],
      ...["--roots_pem_file", at("fulcio.pem"), "--http_endpoint", `localhost:${PORTS.log}`],
    ]);
    this.#serve("timestamp-server", [
      "serve",
      "--host=localhost",
      `--port=${PORTS.stamps}`,
      "--disable-ntp-monitoring",
    ]);
    await write("stamps.pem", await answer(`${this.urls.stamps}/certchain`));
    this.#serve("rekor-server-posix", [
      ...["serve", "--hostname=localhost", `--http-port=${PORTS.rekor}`, `--grpc-port=${PORTS.rekorGrpc}`],
      ...[`--storage-dir=${at("rekor")}`, `--signer-filepath=${at("rekor.key")}`, "--http-metrics-port=5079"],
      "--checkpoint-interval=1s",
    ]);
    await answer(`${this.urls.rekor}/healthz`);
    await answer(`${this.logUrl}/ct/v1/get-roots`);
  }

  #serve(program: string, args: readonly string[]): void {
    const command = new Deno.Command(program, {
      args: [...args],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    });
    this.#servers.push(command.spawn());
  }
}

function pem(key: KeyObject): string {
  return String(key.export({ type: key.type === "private" ? "pkcs8" : "spki", format: "pem" }));
}

/** As soon as somebody answers there. */
async function answer(url: string): Promise<string> {
  const endMs = Date.now() + START_MS;
  for (;;) {
    try {
      const response = await fetch(url);
      const text = await response.text();
      if (response.ok) return text;
      throw new Error(`status ${response.status}: ${text}`);
    } catch (error) {
      if (Date.now() > endMs) throw new Error(`${url} does not answer: ${error}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
