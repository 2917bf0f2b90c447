// Registries that want credentials, have mirrors, lie, or never end.

import assert from "node:assert/strict";
import { credentialsFrom } from "../../artifacts/mod.ts";
import { FakeRegistry, gzip, missing, tarOf } from "./fake_registry.ts";
import { said, withWorkplace } from "./workplace.ts";

const RULES = [{ name: "own_rules.yaml", text: "[]" }];
const CONFIG = { config: { name: "own", version: "1.0.0" } };
const SECRET = { user: "me", password: "pass:word", refreshToken: "" };
const BASIC = `Basic ${btoa("me:pass:word")}`;

const unauthorized = (challenge: string) =>
  new Response("", { status: 401, headers: { "www-authenticate": challenge } });

Deno.test("registry: basic credentials are shown when they are asked for", async () => {
  await withWorkplace({ credentials: () => Promise.resolve(SECRET) }, async ({ registry, install }) => {
    await registry.push("own", "1", RULES, CONFIG);
    registry.fault = ({ headers }) =>
      headers.get("authorization") === BASIC ? undefined : unauthorized('Basic realm="x"');
    assert.deepEqual(said(await install("REGISTRY/own:1")), ["installed own 1.0.0"]);
    assert.equal(registry.authorizations[0], "");
  });
});

Deno.test("registry: a token is asked for with credentials, or without when there are none", async () => {
  for (const credentials of [SECRET, { user: "", password: "", refreshToken: "again" }, undefined]) {
    await withWorkplace(
      { credentials: () => Promise.resolve(credentials) },
      async ({ registry, install }) => {
        await registry.push("own", "1", RULES, CONFIG);
        const asked: string[] = [];
        registry.fault = async (request) => {
          const url = new URL(request.url);
          if (url.pathname === "/token") {
            asked.push(`${request.headers.get("authorization")} ${url.search} ${await request.text()}`);
            return Response.json({ access_token: "t0ken", expires_in: 60 });
          }
          if (request.headers.get("authorization") === "Bearer t0ken") return undefined;
          const scope = 'scope="repository:own:pull"';
          return unauthorized(`Bearer realm="http://${registry.host}/token",service="reg, istry",${scope}`);
        };
        assert.deepEqual(said(await install("REGISTRY/own:1")), ["installed own 1.0.0"]);
        assert.equal(asked.length, 1);
        assert.match(asked[0]!, /service=reg%2C\+istry.*scope=repository%3Aown%3Apull/);
        if (credentials === SECRET) assert.ok(asked[0]!.startsWith(BASIC));
        else assert.ok(asked[0]!.startsWith("null"));
        if (credentials?.refreshToken) {
          assert.match(asked[0]!, /grant_type=refresh_token&refresh_token=again/);
        }
      },
    );
  }
});

Deno.test("registry: credentials go to nobody else, neither by a challenge nor by a redirection", async () => {
  await using stranger = new FakeRegistry();
  await withWorkplace({ credentials: () => Promise.resolve(SECRET) }, async ({ registry, install }) => {
    await registry.push("own", "1", RULES, CONFIG);
    registry.fault = () => unauthorized(`Bearer realm="http://localhost:1/token"`);
    assert.match(said(await install("REGISTRY/own:1"))[0]!, /wants a token to be asked for over plain HTTP/);
    registry.fault = ({ url, headers }) => {
      if (headers.get("authorization") !== BASIC) return unauthorized('Basic realm="x"');
      return Response.redirect(`http://${stranger.host}${new URL(url).pathname}`);
    };
    await stranger.push("own", "1", RULES, CONFIG);
    assert.deepEqual(said(await install("REGISTRY/own:1")), ["installed own 1.0.0"], "storage elsewhere");
    assert.ok(stranger.requests.length > 0 && stranger.authorizations.every((shown) => shown === ""));
  });
});

Deno.test("registry: who is refused is told, with where credentials come from", async () => {
  await withWorkplace({}, async ({ registry, install }) => {
    registry.fault = () => unauthorized("Negotiate");
    assert.match(
      said(await install("REGISTRY/own:1"))[0]!,
      /refuses own: status 401; credentials are taken from/,
    );
    registry.fault = () => Response.json({ errors: [{ message: "slow\ndown" }] }, { status: 429 });
    assert.match(said(await install("REGISTRY/own:1"))[0]!, /status 429: "slow.down"/);
    registry.fault = ({ url }) => Response.redirect(url);
    assert.match(said(await install("REGISTRY/own:1"))[0]!, /redirects more than 5 times/);
  });
});

Deno.test("registry: a mirror is asked first, the registry itself when the mirror fails", async () => {
  await using mirror = new FakeRegistry();
  const registries = (
    host: string,
  ) => [{ registry: host, mirrors: [`${mirror.host}/cache`], plainHttp: true }];
  await withWorkplace({ registries }, async ({ registry, install }) => {
    await mirror.push("cache/own", "1", RULES, CONFIG);
    assert.deepEqual(said(await install("REGISTRY/own:1")), ["installed own 1.0.0"]);
    assert.deepEqual(registry.requests, []);
    mirror.fault = () => new Response("", { status: 503 });
    await registry.push("own", "1", RULES, { config: { name: "own", version: "1.0.1" } });
    assert.deepEqual(said(await install("REGISTRY/own:1")), ["installed own 1.0.1"]);
    registry.fault = () => missing();
    assert.match(
      said(await install("REGISTRY/own:1"))[0]!,
      /mirrors failed \(.*503\): .*has no manifests\/1/,
    );
  });
});

Deno.test("registry: credentials come from Docker's file and from helpers", async () => {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/config.json`;
  const find = async (config: unknown, registry = "r.example") => {
    await Deno.writeTextFile(file, JSON.stringify(config));
    return await credentialsFrom([`${folder}/absent.json`, file])(registry);
  };
  assert.deepEqual(await find({ auths: { "r.example": { auth: btoa("me:pass:word") } } }), SECRET);
  assert.deepEqual(
    await find({ auths: { "https://r.example": { username: "me", password: "pass:word" } } }),
    SECRET,
  );
  assert.equal(await find({ auths: { "other.example": { auth: btoa("a:b") } } }), undefined);
  assert.equal((await find({ auths: { "r.example": { identitytoken: "t" } } }))?.refreshToken, "t");
  assert.deepEqual(
    await find({ auths: { "https://index.docker.io/v1/": { auth: btoa("me:pass:word") } } }, "docker.io"),
    SECRET,
  );
  await assert.rejects(find({ auths: { "r.example": { auth: "???" } } }), /is not base64/);
  await assert.rejects(find({ credsStore: "../evil" }), /is no name of a helper/);
  await assert.rejects(
    find({ credsStore: "of-nobody" }),
    /docker-credential-of-nobody: there is no such program/,
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("registry: archives that are bombs, links, devices or paths out of the folder are refused", async () => {
  const file = { name: "a.yaml", text: "[]" };
  const layers: Readonly<Record<string, [Uint8Array<ArrayBuffer>, RegExp]>> = {
    bomb: [await gzip(new Uint8Array(40 << 20)), /unpacks to more than 33554432 bytes/],
    "not packed": [new TextEncoder().encode("[]"), /is not packed by gzip/],
    "cut off": [(await gzip(tarOf([file]))).slice(0, 40), /is not packed by gzip, or broken/],
    "no tar": [await gzip(new Uint8Array(1024).fill(65)), /is no tar/],
    "ends early": [await gzip(tarOf([{ ...file, text: "x".repeat(600) }]).slice(0, 700)), /ends too early/],
    "symbolic link": [
      await gzip(tarOf([{ name: "a.yaml", flag: "2", linkname: "/etc/shadow" }])),
      /a symbolic link, "a\.yaml"/,
    ],
    "hard link": [await gzip(tarOf([{ name: "a.yaml", flag: "1", linkname: "x" }])), /holds a link/],
    device: [await gzip(tarOf([{ name: "a.yaml", flag: "3" }])), /holds a device/],
    fifo: [await gzip(tarOf([{ name: "a.yaml", flag: "6" }])), /holds a FIFO/],
    "way up": [await gzip(tarOf([{ name: "../a.yaml" }])), /leads out of it/],
    "way up inside": [await gzip(tarOf([{ name: "a/../../b.yaml" }])), /leads out of it/],
    root: [await gzip(tarOf([{ name: "/etc/falco/a.yaml" }])), /leads out of it/],
    "pax to the root": [
      await gzip(tarOf([{ name: "p", flag: "x", text: "17 path=/a.yaml\n" }, file])),
      /leads out of it/,
    ],
    "pax without length": [
      await gzip(tarOf([{ name: "p", flag: "x", text: "0 path=a\n" }, file])),
      /record of pax/,
    ],
    "hidden file": [await gzip(tarOf([{ name: ".a.yaml" }])), /a name that cannot be used/],
    escape: [await gzip(tarOf([{ name: "a\x1b[2J.yaml" }])), /a name that cannot be used: "a.\[2J/],
    twice: [await gzip(tarOf([file, { ...file, name: "b/a.yaml" }])), /"a\.yaml" twice/],
    many: [
      await gzip(tarOf(Array.from({ length: 200 }, (_, at) => ({ name: `${at}.yaml` })))),
      /more than 100 files/,
    ],
    "no rules": [await gzip(tarOf([{ name: "README.md" }])), /holds no rules file/],
  };
  await withWorkplace({}, async ({ registry, install, store, folder }) => {
    for (const [name, [layer, reason]] of Object.entries(layers)) {
      await registry.push("own", "1", [], { ...CONFIG, layer });
      const [text = ""] = said(await install("REGISTRY/own:1"));
      assert.match(text, reason, name);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(text, /[\x00-\x1f]/, name);
    }
    assert.deepEqual(await store.installed(), []);
    await assert.rejects(Deno.stat(`${folder}/rules/a.yaml`), Deno.errors.NotFound);
  });
});

Deno.test("registry: manifests that are too large, of another digest or of another kind are refused", async () => {
  await withWorkplace({}, async ({ registry, install }) => {
    const put = (manifest: Record<string, unknown>) =>
      registry.putManifest("own", "1", {
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        ...manifest,
      });
    const cases: readonly [Record<string, unknown>, RegExp][] = [
      [{}, /it has no layers/],
      [{ layers: [{}, {}] }, /it has several layers/],
      [{ layers: [{ mediaType: "text/html\n" }] }, /it holds no rules and no plugin, but "text\/html.?"/],
    ];
    for (const [manifest, reason] of cases) {
      put(manifest);
      assert.match(said(await install("REGISTRY/own:1"))[0]!, reason);
    }
    const layer = { mediaType: "application/vnd.cncf.falco.rulesfile.layer.v1+tar.gz" };
    put({ layers: [{ ...layer, digest: `sha256:${"0".repeat(64)}`, size: 1e9 }] });
    assert.match(said(await install("REGISTRY/own:1"))[0]!, /it has 1000000000 bytes/);
    put({ layers: [{ ...layer, digest: "../../etc", size: 1 }] });
    assert.match(said(await install("REGISTRY/own:1"))[0]!, /does not say which blob/);
    registry.fault = () => new Response(new Uint8Array(5 << 20));
    assert.match(said(await install("REGISTRY/own:1"))[0]!, /more than 4194304 bytes/);
    registry.fault = () => new Response("[".repeat(100_000));
    assert.match(said(await install("REGISTRY/own:1"))[0]!, /is no JSON/);
    registry.fault = () => new Response("{}");
    assert.match(said(await install(`REGISTRY/own@sha256:${"0".repeat(64)}`))[0]!, /is another one/);
  });
});

Deno.test("registry: plain HTTP is for those that are allowed to be without", async () => {
  const registries = () => [];
  await withWorkplace({ registries }, async ({ registry, store, folder }) => {
    void store;
    const { Catalog, Origins } = await import("../../artifacts/mod.ts");
    const signal = new AbortController().signal;
    using origins = new Origins({
      catalog: new Catalog([], signal),
      registries: [],
      plainHttp: false,
      signal,
    });
    const { registry: client, reference } = await origins.find(`${registry.host}/own:1`);
    await assert.rejects(client.manifest(reference), /it speaks plain HTTP|cannot be asked/);
    assert.ok(folder);
  });
});
