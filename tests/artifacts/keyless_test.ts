// Signatures without a key: who signed, when, and that others could see it, in both of cosign's forms.

import assert from "node:assert/strict";
import { NO_SIGNER, signersOf, type SignerText, Trust } from "../../artifacts/mod.ts";
import { type KeylessCase, SIGSTORE } from "./sigstore/case.ts";
import { KEYLESS_CASES } from "./sigstore/cases.ts";
import { IDENTITY, ISSUER } from "./sigstore/fake_sigstore.ts";
import { said, withWorkplace, type Workplace } from "./workplace.ts";

const RULES = [{ name: "own_rules.yaml", text: "[]" }];
const CONFIG = { config: { name: "own", version: "1.0.0" } };
const WANTED = { ...NO_SIGNER, certificateIdentity: IDENTITY, certificateOidcIssuer: ISSUER };

async function outcome({ signer, root, sign }: KeylessCase, form: "old" | "new"): Promise<string> {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, SIGSTORE.trustedRoot(root));
  const trust = await trustIn({ ...WANTED, ...signer }, path);
  let text = "";
  await withWorkplace({ installer: { trust } }, async ({ registry, install, store }) => {
    const digest = await registry.push("own", "1", RULES, CONFIG);
    SIGSTORE.sign(registry, "own", digest, { form, ...sign });
    const [found] = await install("REGISTRY/own:1");
    text = found?.error?.message ?? `signed by ${found?.installed?.signedBy}`;
    assert.equal((await store.installed()).length, found?.error === undefined ? 1 : 0);
  });
  await Deno.remove(path);
  return text;
}

async function trustIn(signer: SignerText, trustedRoot: string): Promise<Trust> {
  return new Trust([{ match: "*", ...await signersOf(signer) }], { trustedRoot });
}

for (const one of KEYLESS_CASES) {
  const { name, refused, forms = ["old", "new"] } = one;
  Deno.test(`keyless: ${name}${refused === undefined ? "" : " is refused"}`, async () => {
    for (const form of forms) {
      const text = await outcome(one, form);
      if (refused === undefined) assert.equal(text, `signed by ${IDENTITY} (${ISSUER})`, form);
      else assert.match(text, refused, form);
    }
  });
}

Deno.test("keyless: a certificate with two names is nobody's", async () => {
  const one = { name: "", sign: { alias: "someone@example.com" } };
  assert.match(await outcome(one, "new"), /its certificate has not one name/);
});

Deno.test("keyless: nothing is accepted without a trusted root, or with one that cannot be read", async () => {
  const file = await Deno.makeTempFile();
  const install = async (path: string, root?: string) => {
    if (root !== undefined) await Deno.writeTextFile(file, root);
    let text = "";
    const trust = await trustIn(WANTED, path);
    await withWorkplace({ installer: { trust } }, async ({ registry, install }) => {
      SIGSTORE.sign(registry, "own", await registry.push("own", "1", RULES, CONFIG), { form: "new" });
      [text = ""] = said(await install("REGISTRY/own:1"));
    });
    return text;
  };
  assert.match(
    await install(""),
    /which authorities are trusted with that; name Sigstore's trusted_root.json by/,
  );
  assert.match(await install("/nowhere/root.json"), /trusted root \/nowhere\/root.json cannot be read/);
  for (const root of ["", "{}", "[1]", SIGSTORE.trustedRoot({ mediaType: "application/json" })]) {
    assert.match(await install(file, root), /trusted root .* cannot be read/, root);
  }
  const chain = { certificates: [{ rawBytes: "MAA=" }] };
  const validFor = { start: "2020-01-01T00:00:00Z" };
  assert.match(
    await install(
      file,
      SIGSTORE.trustedRoot({ certificateAuthorities: [{ certChain: chain, validFor }, {}] }),
    ),
    /cannot be read: certificateAuthorities\[1\]: it has no certificate/,
  );
  const { publicKey, ...rest } = SIGSTORE.log.instance;
  const timeless = { ...rest, publicKey: { ...publicKey, validFor: {} } };
  assert.match(
    await install(file, SIGSTORE.trustedRoot({ tlogs: [timeless] })),
    /tlogs\[0\]: validFor has no start/,
  );
  assert.match(
    await install(file, SIGSTORE.trustedRoot({ padding: "x".repeat(1 << 20) })),
    /no file of reasonable size/,
  );
  assert.equal(await install(file, SIGSTORE.trustedRoot()), "installed own 1.0.0");
  await Deno.remove(file);
});

Deno.test("keyless: an expression that nobody can afford or read is refused before anything is asked", async () => {
  const signer = { ...NO_SIGNER, certificateOidcIssuer: ISSUER };
  for (const certificateIdentityRegexp of ["x".repeat(501), "((a{100}){100}){100}", "(", "(?=a)", "(a)\\1"]) {
    await assert.rejects(signersOf({ ...signer, certificateIdentityRegexp }), /certificate-identity-regexp/);
  }
  await assert.rejects(signersOf(signer), /certificate-identity or certificate-identity-regexp is missing/);
  await assert.rejects(
    signersOf({ ...NO_SIGNER, certificateIdentity: IDENTITY }),
    /certificate-oidc-issuer or certificate-oidc-issuer-regexp is missing/,
  );
});

Deno.test("keyless: an index says who signs; an artifact that it names is installed only then", async () => {
  const index = await Deno.makeTempFile();
  const root = await Deno.makeTempFile();
  await Deno.writeTextFile(root, SIGSTORE.trustedRoot());
  const entry = ({ registry }: Workplace, cosign: string) =>
    Deno.writeTextFile(
      index,
      `- {name: own, type: rulesfile, registry: "${registry.host}", repository: own, signature: {cosign: ${cosign}}}\n`,
    );
  const trust = new Trust([], { trustedRoot: root });
  const indexes = [{ name: "i", url: index }];
  await withWorkplace({ indexes, installer: { trust } }, async (place) => {
    const { registry, install } = place;
    const digest = await registry.push("own", "1", RULES, CONFIG);
    // as the Falco project's index writes it
    const falco = (team: string) =>
      `{certificate-oidc-issuer: "${ISSUER}", certificate-oidc-issuer-regexp: "", certificate-identity: "", ` +
      `certificate-identity-regexp: "https://github.com/${team}/rules/", certificate-github-workflow: "", key: "", ignore-tlog: false}`;
    await entry(place, falco("team"));
    assert.match(
      said(await install("own:1"))[0]!,
      /has no signature, and must have one by https:\/\/github.com\/team/,
    );
    SIGSTORE.sign(registry, "own", digest, { form: "new" });
    await entry(place, falco("other"));
    assert.match(said(await install("own:1"))[0]!, /none of them by https:\/\/github.com\/other/);
    await entry(place, "{}");
    assert.match(
      said(await install("own:1"))[0]!,
      /index i says who signs own: .*certificate-identity.* is missing/,
    );
    await entry(place, falco("team"));
    assert.deepEqual(said(await install("own:1")), ["installed own 1.0.0"]);
  });
  await withWorkplace({ indexes }, async (place) => {
    const digest = await place.registry.push("own", "1", RULES, CONFIG);
    SIGSTORE.sign(place.registry, "own", digest, { form: "new" });
    await entry(place, `{certificate-identity: "${IDENTITY}", certificate-oidc-issuer: "${ISSUER}"}`);
    assert.match(said(await place.install("own:1"))[0]!, /nothing says which authorities are trusted/);
  });
  await Deno.remove(index);
  await Deno.remove(root);
});

Deno.test("keyless: the last good version stays when a new one is signed by somebody else", async () => {
  const root = await Deno.makeTempFile();
  await Deno.writeTextFile(root, SIGSTORE.trustedRoot());
  const trust = await trustIn(WANTED, root);
  await withWorkplace({ installer: { trust } }, async ({ registry, install, store, rules }) => {
    const first = await registry.push("own", "1", RULES, CONFIG);
    SIGSTORE.sign(registry, "own", first, { form: "new" });
    assert.deepEqual(said(await install("REGISTRY/own:1")), ["installed own 1.0.0"]);
    const files = [{ name: "own_rules.yaml", text: "[] # newer" }];
    const second = await registry.push("own", "1", files, { config: { name: "own", version: "1.1.0" } });
    SIGSTORE.sign(registry, "own", second, { form: "new", identity: "someone@example.com" });
    assert.match(said(await install("REGISTRY/own:1"))[0]!, /it is by someone@example.com/);
    assert.equal((await store.installed())[0]?.digest, first);
    assert.equal(await rules("own_rules.yaml"), "[]");
    SIGSTORE.sign(registry, "own", second, { form: "new" });
    assert.deepEqual(said(await install("REGISTRY/own:1")), ["installed own 1.1.0"]);
  });
  await Deno.remove(root);
});
