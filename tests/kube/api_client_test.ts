// Requests to an API server that does not answer, answers too much, or has another authority than before.

import assert from "node:assert/strict";
import { ApiClient, ApiError } from "../../kube/api_client.ts";
import { FakeApi, status } from "../metadata/kubernetes/fake_api.ts";

const forever = new AbortController().signal;

async function withClient(run: (client: ApiClient, api: FakeApi) => Promise<void>): Promise<void> {
  const api = new FakeApi();
  const client = new ApiClient({ url: `${api.url}/`, tokenFile: "", caFile: "" });
  try {
    await run(client, api);
  } finally {
    client.close();
    await api.close();
  }
}

const watch = (client: ApiClient, timeoutMs: number) =>
  client.stream("/x", { watch: "true" }, "whole", { signal: forever, timeoutMs }, () => {});

Deno.test("kubernetes: a watch that stays silent ends after its time, one that does not begin as well", async () => {
  await withClient(async (client, api) => {
    await assert.rejects(watch(client, 50), { message: "the stream was silent" });
    const held = Promise.withResolvers<Response>();
    api.faults.push(() => held.promise);
    await assert.rejects(watch(client, 50), /silent|no answer in time/);
    held.resolve(new Response());
  });
});

Deno.test("kubernetes: what the server says is in the error, with the time that it asks for", async () => {
  await withClient(async (client, api) => {
    api.faults.push(() => status(429, "slow\ndown", { "retry-after": "7" }));
    await assert.rejects(client.get("/x", {}, "whole", forever), (error: unknown) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual([error.message, error.status, error.retryAfterMs], [
        "status 429: slow down",
        429,
        7000,
      ]);
      return true;
    });
    api.faults.push(() => new Response("{"));
    await assert.rejects(client.get("/x", {}, "whole", forever), /no JSON/);
    api.faults.push(() => Response.redirect("http://127.0.0.1:1/"));
    await assert.rejects(client.get("/x", {}, "whole", forever), ApiError);
  });
});

Deno.test("kubernetes: files that cannot be read and servers that are not there are told in words", async () => {
  const noToken = new ApiClient({ url: "http://127.0.0.1:2", tokenFile: "/nowhere/token", caFile: "" });
  await assert.rejects(
    noToken.get("/x", {}, "whole", forever),
    /the file of the token, \/nowhere\/token, cannot be read/,
  );
  noToken.close();
  const nobody = new ApiClient({ url: "http://127.0.0.1:2", tokenFile: "", caFile: "" });
  await assert.rejects(nobody.get("/x", {}, "whole", forever), /refused/i);
  nobody.close();
});

Deno.test("kubernetes: the server's certificate is checked by the authority in the file, also by a new one", async () => {
  const folder = await Deno.makeTempDir();
  const path = (name: string) => `${folder}/${name}`;
  for (const name of ["a", "b"]) {
    const args = [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:prime256v1",
      "-nodes",
      "-days",
      "1",
    ];
    args.push("-keyout", path(`${name}.key`), "-out", path(`${name}.crt`), "-subj", "/CN=api");
    args.push("-addext", "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE");
    const { success } = await new Deno.Command("openssl", { args, stderr: "null" }).output();
    assert.ok(success);
  }
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    cert: await Deno.readTextFile(path("a.crt")),
    key: await Deno.readTextFile(path("a.key")),
    onListen: () => {},
  }, () => Response.json({ ok: true }));
  const client = new ApiClient({
    url: `https://127.0.0.1:${server.addr.port}`,
    tokenFile: "",
    caFile: path("ca.crt"),
  });
  try {
    await Deno.copyFile(path("b.crt"), path("ca.crt"));
    await assert.rejects(client.get("/x", {}, "whole", forever), /certificate|UnknownIssuer/i);
    await Deno.copyFile(path("a.crt"), path("ca.crt"));
    assert.deepEqual(await client.get("/x", {}, "whole", forever), { ok: true });
  } finally {
    client.close();
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
});
