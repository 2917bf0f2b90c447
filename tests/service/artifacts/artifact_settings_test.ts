// Settings about artifacts, each seen by what it lets through.

import assert from "node:assert/strict";
import { loadSettings } from "../../../config/mod.ts";
import { artifactTools } from "../../../service/loading/artifact_settings.ts";
import { FakeRegistry, PLUGIN_LAYER } from "../../artifacts/fake_registry.ts";
import { FakeSigstore, IDENTITY, ISSUER } from "../../artifacts/sigstore/fake_sigstore.ts";
import { said } from "../../artifacts/workplace.ts";

Deno.test("artifact settings: what settings allow and name is what is installed", async () => {
  await using registry = new FakeRegistry();
  const folder = await Deno.makeTempDir();
  const file = `${folder}/falco.yaml`;
  const rules = [{ name: "own.yaml", text: "- list: l\n  items: []\n" }];
  const dependencies = [{ name: "other", version: "1.0.0" }];
  await registry.push("own", "1", rules, { config: { name: "own", version: "1.0.0", dependencies } });
  await registry.push("plugin", "1", [{ name: "libp.so", text: "x" }], {
    config: { name: "plugin", version: "1.0.0" },
    layerType: PLUGIN_LAYER,
  });
  await Deno.writeTextFile(
    `${folder}/index.yaml`,
    `- {name: named, type: rulesfile, registry: "${registry.host}", repository: own, signature: {cosign: {certificate-identity: me, certificate-oidc-issuer: them}}}`,
  );
  const attempt = async (asked: string, more: string) => {
    await Deno.writeTextFile(
      file,
      `artifacts:
  folder: ${folder}/artifacts
  registries: [{registry: "${registry.host}", plain_http: true}]
${more}`,
    );
    const { settings, problems } = loadSettings(file, []);
    assert.deepEqual(problems, []);
    const { installer } = await artifactTools(settings, () => {}, {
      signal: new AbortController().signal,
    });
    return said(await installer.install([asked.replace("REGISTRY", registry.host)])).join();
  };
  try {
    const index = `  indexes: [{name: i, url: ${folder}/index.yaml}]\n`;
    assert.match(await attempt("REGISTRY/own:1", ""), /no index knows "other"/);
    assert.equal(await attempt("REGISTRY/own:1", "  resolve_deps: false\n"), "installed own 1.0.0");
    assert.equal(await attempt("REGISTRY/plugin:1", ""), "installed plugin 1.0.0");
    assert.match(await attempt("REGISTRY/plugin:1", "  allowed_types: [rulesfile]\n"), /it is a plugin/);
    assert.match(await attempt("named:1", index + "  resolve_deps: false\n"), /must have one by me \(them\)/);
    assert.equal(
      await attempt("named:1", `${index}  resolve_deps: false\n  allow_unverified: true\n`),
      "unchanged own 1.0.0",
    );
    const { settings } = loadSettings(file, [
      ...["artifacts.install=a:1", "artifacts.follow_every=2h", "artifacts.follow_cron=0 3 * * *"],
    ]);
    assert.deepEqual(
      [settings["artifacts.install"], settings["artifacts.follow_every"], settings["artifacts.follow_cron"]],
      [["a:1"], 7_200_000, "0 3 * * *"],
    );
    const indexes = (backend: string) =>
      loadSettings(file, [`artifacts.indexes=[{name: i, url: "https://i.example/", backend: ${backend}}]`]);
    assert.deepEqual(indexes("https").problems, []);
    assert.match(JSON.stringify(indexes("s3").problems), /backend must be http, https or file/);
    const { problems } = loadSettings(file, ["artifacts.follow_cron=sometimes"]);
    assert.match(JSON.stringify(problems), /artifacts\.follow_cron must be five fields/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("artifact settings: who signs without a key is checked with the trusted root that they name", async () => {
  await using registry = new FakeRegistry();
  const folder = await Deno.makeTempDir();
  const file = `${folder}/falco.yaml`;
  const sigstore = new FakeSigstore();
  await Deno.writeTextFile(`${folder}/root.json`, sigstore.trustedRoot());
  const rules = [{ name: "own.yaml", text: "- list: l\n  items: []\n" }];
  const digest = await registry.push("own", "1", rules, { config: { name: "own", version: "1.0.0" } });
  const stamps = [{ by: sigstore.stamps }];
  const attempt = async (signature: string, root: string) => {
    await Deno.writeTextFile(
      file,
      `artifacts:
  folder: ${folder}/artifacts
  registries: [{registry: "${registry.host}", plain_http: true}]
  signatures: [{match: "*", ${signature}}]
  trusted_root: "${root}"
`,
    );
    const { settings, problems } = loadSettings(file, []);
    if (problems.length > 0) return JSON.stringify(problems);
    const { installer } = await artifactTools(settings, () => {}, { signal: new AbortController().signal });
    return said(await installer.install([`${registry.host}/own:1`])).join();
  };
  const who = `certificate_identity: "${IDENTITY}", certificate_oidc_issuer: "${ISSUER}"`;
  const root = `${folder}/root.json`;
  try {
    sigstore.sign(registry, "own", digest, { form: "new", stamps, entry: () => undefined });
    assert.match(await attempt(who, root), /it is in no log/);
    assert.equal(await attempt(`${who}, ignore_tlog: true`, root), "installed own 1.0.0");
    sigstore.sign(registry, "own", digest, { form: "new" });
    assert.match(await attempt(who, ""), /nothing says which authorities are trusted with that/);
    assert.equal(await attempt(who, root), "unchanged own 1.0.0");
    const pattern =
      `certificate_identity_regexp: "^https://github.com/team/", certificate_oidc_issuer_regexp: "^https://token"`;
    assert.equal(await attempt(pattern, root), "unchanged own 1.0.0");
    assert.match(
      await attempt(pattern.replace("team", "theme"), root),
      /none of them by \^https:\/\/github.com\/theme/,
    );
    for (const signature of ["", `key: /k, ${who}`, `certificate_identity: "${IDENTITY}"`]) {
      assert.match(
        await attempt(signature, root),
        /must have either key, or certificate_identity and/,
        signature,
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
