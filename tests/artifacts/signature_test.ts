// Signatures by cosign's keys: who has signed counts, and nothing unsigned is ever put in place.

import assert from "node:assert/strict";
import { publicKey, Trust } from "../../artifacts/mod.ts";
import { keyPair } from "./fake_registry.ts";
import { said, withWorkplace, type Workplace } from "./workplace.ts";

const RULES = [{ name: "own_rules.yaml", text: "[]" }];
const CONFIG = { config: { name: "own", version: "1.0.0" } };
const OWN = keyPair();
const OTHER = keyPair();

const refused = async ({ install, store }: Workplace, reason: RegExp) => {
  assert.match(said(await install("REGISTRY/own:1"))[0]!, reason);
  assert.deepEqual(await store.installed(), []);
};

Deno.test("signature: both forms of cosign are understood", async () => {
  for (const form of ["signOld", "signNew"] as const) {
    await withWorkplace({ key: OWN.pem }, async ({ registry, install }) => {
      const digest = await registry.push("own", "1", RULES, CONFIG);
      registry[form]("own", digest, OWN.key);
      const outcomes = await install("REGISTRY/own:1");
      assert.deepEqual(said(outcomes), ["installed own 1.0.0"], form);
      assert.equal(outcomes[0]?.installed?.signedBy, "test key");
    });
  }
});

Deno.test("signature: none, another's, or one about something else is refused", async () => {
  await withWorkplace({ key: OWN.pem }, async (place) => {
    const digest = await place.registry.push("own", "1", RULES, CONFIG);
    await refused(place, /has no signature/);
    place.registry.signOld("own", digest, OTHER.key);
    await refused(place, /has 1 signature, none of them by test key/);
    const another = await place.registry.push("own", "2", [{ name: "b.yaml", text: "b" }], CONFIG);
    place.registry.signOld("own", digest, OWN.key, another);
    await refused(place, /none of them by/);
    place.registry.signNew("own", digest, OTHER.key);
    await refused(place, /has 2 signatures, none/);
  });
});

Deno.test("signature: what the key says about an artifact besides that it is signed is no signature", async () => {
  await withWorkplace({ key: OWN.pem }, async (place) => {
    const digest = await place.registry.push("own", "1", RULES, CONFIG);
    place.registry.signNew("own", digest, OWN.key, "https://slsa.dev/provenance/v1");
    await refused(place, /none of them by/);
  });
});

Deno.test("signature: a good one does not cover another layer", async () => {
  await withWorkplace({ key: OWN.pem }, async (place) => {
    const digest = await place.registry.push("own", "1", RULES, CONFIG);
    place.registry.signOld("own", digest, OWN.key);
    place.registry.fault = (request) =>
      request.url.includes("/blobs/") && request.headers.get("accept") === "*/*"
        ? new Response("something else")
        : undefined;
    await refused(place, /the blob sha256:.* is another one/);
  });
});

Deno.test("signature: rules of the host come before the index, whose words must say who signs", async () => {
  const index = await Deno.makeTempFile();
  const entry = (host: string, cosign: string) =>
    Deno.writeTextFile(
      index,
      `- {name: own, type: rulesfile, registry: "${host}", repository: own, signature: {cosign: ${cosign}}}\n`,
    );
  await withWorkplace({ indexes: [{ name: "i", url: index }] }, async ({ registry, install }) => {
    const digest = await registry.push("own", "1", RULES, CONFIG);
    await entry(registry.host, `{certificate-identity: "https://example.com"}`);
    assert.match(
      said(await install("own:1"))[0]!,
      /index i says who signs own: .* certificate-oidc-issuer or certificate-oidc-issuer-regexp is missing/,
    );
    await entry(registry.host, `{key: ${JSON.stringify(OWN.pem)}}`);
    assert.match(said(await install("own:1"))[0]!, /has no signature/);
    registry.signNew("own", digest, OWN.key);
    assert.deepEqual(said(await install("own:1")), ["installed own 1.0.0"]);
  });
  const trust = new Trust([], { allowsUnverified: true });
  await withWorkplace(
    { indexes: [{ name: "i", url: index }], installer: { trust } },
    async ({ registry, install }) => {
      await registry.push("own", "1", RULES, CONFIG);
      await entry(registry.host, `{certificate-identity: "https://example.com"}`);
      assert.deepEqual(said(await install("own:1")), ["installed own 1.0.0"]);
    },
  );
  await Deno.remove(index);
});

Deno.test("signature: a rule covers the places that its pattern names", async () => {
  const covers = async (match: string) => {
    const trust = new Trust([{ match, keys: [publicKey(OWN.pem, "k")], identities: [] }]);
    let isRefused = false;
    await withWorkplace({ installer: { trust } }, async ({ registry, install }) => {
      await registry.push("team/own", "1", RULES, CONFIG);
      isRefused = said(await install("REGISTRY/team/own:1"))[0]!.includes("has no signature");
    });
    return isRefused;
  };
  for (const match of ["*", "127.0.0.1:*/team/*", "*/team/own", "*own"]) {
    assert.ok(await covers(match), match);
  }
  for (const match of ["ghcr.io/*", "*/team", "team/own", "*/team/*/own"]) {
    assert.ok(!await covers(match), match);
  }
});

Deno.test("signature: what is no public key is told in words", () => {
  for (const text of ["", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"]) {
    assert.throws(() => publicKey(text, "k"), /key k: this is no public key in PEM/);
  }
});
