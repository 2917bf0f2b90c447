// `falco artifact`: what a user sees, right and wrong.

import assert from "node:assert/strict";
import { FakeRegistry, keyPair } from "../../artifacts/fake_registry.ts";
import { FakeSigstore, IDENTITY, ISSUER } from "../../artifacts/sigstore/fake_sigstore.ts";
import { falco, GOOD_RULE, STACK_TRACE } from "../falco_command.ts";

Deno.test("falco artifact: install, list, info, verify and remove, and what each says when it goes wrong", async () => {
  await using registry = new FakeRegistry();
  const folder = await Deno.makeTempDir();
  const own = `${registry.host}/team/own:1`;
  const run = (...args: string[]) => falco("artifact", ...args, "-o", `artifacts.folder=${folder}/artifacts`);
  try {
    const { key, pem } = keyPair();
    await Deno.writeTextFile(`${folder}/cosign.pub`, pem);
    const config = { name: "own", version: "1.0.0" };
    const digest = await registry.push("team/own", "1", [{ name: "own.yaml", text: GOOD_RULE }], { config });
    const signed = ["--plain-http", "--key", `${folder}/cosign.pub`];
    const unsigned = await run("install", own, ...signed);
    assert.deepEqual([unsigned.code, unsigned.stdout], [1, ""]);
    assert.match(unsigned.stderr, /^Error: .*has no signature, and must have one by .*cosign\.pub\n$/);
    registry.signNew("team/own", digest, key);
    const installed = await run("install", own, ...signed);
    assert.deepEqual([installed.code, installed.stderr], [0, ""]);
    assert.match(
      installed.stdout,
      /^installed: own 1\.0\.0 \(sha256:[0-9a-f]{64}, signed by .*cosign\.pub\): own\.yaml\n$/,
    );
    assert.match((await run("list")).stdout, /ARTIFACT.*\nown +rulesfile +1\.0\.0 .*team\/own:1\n$/s);
    assert.match((await run("info", own, ...signed)).stdout, /signature +by .*cosign\.pub\n/);
    assert.match((await run("verify")).stdout, /^own: files are as they were installed\n$/);
    assert.match((await run("verify", own, ...signed)).stdout, /is signed by .*cosign\.pub\n$/);
    await Deno.writeTextFile(`${folder}/artifacts/rules/own.yaml`, "[]\n");
    const changed = await run("verify");
    assert.deepEqual([changed.code, changed.stdout], [
      1,
      "own: files have been changed since they were installed\n",
    ]);
    const bad = GOOD_RULE.replace("fd.name =", "fd.nam =");
    await registry.push("team/own", "1", [{ name: "own.yaml", text: bad }], {
      config: { ...config, version: "1.1.0" },
    });
    const refused = await run("install", own, "--plain-http");
    assert.match(refused.stderr, /own\.yaml:\d+:\d+.*fd\.nam/);
    assert.match((await run("remove", "ow")).stderr, /artifact ow is not installed; did you mean `own`\?/);
    assert.equal((await run("remove", "own")).stdout, "removed own\n");
    assert.deepEqual([...Deno.readDirSync(`${folder}/artifacts/rules`)], []);
    const over = await run("install", own);
    assert.match(over.stderr, /it speaks plain HTTP/);
    for (const { stderr } of [unsigned, refused, over]) assert.doesNotMatch(stderr, STACK_TRACE);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("falco artifact: flags say who signs without a key, and by which trusted root; what is missing is named", async () => {
  await using registry = new FakeRegistry();
  const folder = await Deno.makeTempDir();
  const sigstore = new FakeSigstore();
  const root = `${folder}/root.json`;
  const own = `${registry.host}/team/own:1`;
  const run = (...args: string[]) =>
    falco("artifact", ...args, "--plain-http", "-o", `artifacts.folder=${folder}/artifacts`);
  try {
    await Deno.writeTextFile(root, sigstore.trustedRoot());
    const digest = await registry.push("team/own", "1", [{ name: "own.yaml", text: GOOD_RULE }], {
      config: { name: "own", version: "1.0.0" },
    });
    sigstore.sign(registry, "team/own", digest, { form: "new" });
    const nobody = await run("verify", own);
    assert.match(nobody.stdout, /nothing says who must have signed it: give --key or --certificate-identity/);
    const issuer = ["--certificate-oidc-issuer", ISSUER];
    const half = await run("verify", own, "--trusted-root", root, ...issuer);
    assert.equal(half.code, 1);
    assert.match(
      half.stderr,
      /--certificate-identity: .*certificate-identity or certificate-identity-regexp is missing/,
    );
    const pattern = ["--certificate-identity-regexp", "^https://github.com/team/", ...issuer];
    const rootless = await run("install", own, ...pattern);
    assert.deepEqual([rootless.code, rootless.stdout], [1, ""]);
    assert.match(
      rootless.stderr,
      /name Sigstore's trusted_root\.json by --trusted-root or artifacts\.trusted_root/,
    );
    const installed = await run("install", own, ...pattern, "--trusted-root", root);
    assert.deepEqual([installed.code, installed.stderr], [0, ""]);
    assert.ok(installed.stdout.includes(`signed by ${IDENTITY} (${ISSUER})): own.yaml`), installed.stdout);
    const exact = ["--certificate-identity", IDENTITY, "--certificate-oidc-issuer-regexp", "^https://token"];
    const verified = await run("verify", own, ...exact, "-o", `artifacts.trusted_root=${root}`);
    assert.equal(verified.stdout, `${own}: ${digest} is signed by ${IDENTITY} (${ISSUER})\n`);
    const other = await run("verify", own, "--trusted-root", root, "--certificate-identity", "me", ...issuer);
    assert.equal(other.code, 1);
    assert.match(other.stdout, /none of them by me \(https:.*it is by https:\/\/github\.com\/team/);
    for (const { stderr } of [half, rootless, other]) assert.doesNotMatch(stderr, STACK_TRACE);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
