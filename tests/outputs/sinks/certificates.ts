// Certificates for a test: an authority, a server on 127.0.0.1, a client; made by openssl, gone with the test.

export interface Certificates extends Disposable {
  readonly folder: string;
  readonly ca: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly ca_cert: string; readonly client_cert: string; readonly client_key: string };
}

export function makeCertificates(): Certificates {
  const folder = Deno.makeTempDirSync({ prefix: "falco-certificates-" });
  Deno.chmodSync(folder, 0o755); // servers become other users
  const at = (name: string) => `${folder}/${name}`;
  Deno.writeTextFileSync(
    at("server.ext"),
    "subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n",
  );
  Deno.writeTextFileSync(at("client.ext"), "subjectAltName=DNS:client\nextendedKeyUsage=clientAuth\n");
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl(
    "req",
    "-x509",
    ...key,
    "-keyout",
    at("ca.key"),
    "-out",
    at("ca.pem"),
    "-days",
    "2",
    "-subj",
    "/CN=test authority",
  );
  for (const name of ["server", "client"]) {
    openssl("req", ...key, "-keyout", at(`${name}.key`), "-out", at(`${name}.csr`), "-subj", `/CN=${name}`);
    const authority = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial"];
    const extensions = ["-extfile", at(`${name}.ext`)];
    openssl(
      "x509",
      "-req",
      "-in",
      at(`${name}.csr`),
      ...authority,
      ...extensions,
      "-days",
      "2",
      "-out",
      at(`${name}.pem`),
    );
    Deno.chmodSync(at(`${name}.key`), 0o644);
  }
  return {
    folder,
    ca: at("ca.pem"),
    server: { cert: at("server.pem"), key: at("server.key") },
    client: { ca_cert: at("ca.pem"), client_cert: at("client.pem"), client_key: at("client.key") },
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
  };
}

function openssl(...args: string[]): void {
  const { success, stderr } = new Deno.Command("openssl", { args, stdin: "null" }).outputSync();
  if (!success) throw new Error(`openssl ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}
