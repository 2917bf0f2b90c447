// `deno task artifacts-proof`: falco's artifacts against a real registry, with artifacts that oras has pushed and cosign has
// signed, in both of its forms, with keys and without.
// In: docker-registry (Debian's), oras and cosign in PATH; the servers of Sigstore as well, or the steps that need them are left
// out, in words. Out: a line for each step; exit code 1 when one is not as it should be.
// Elsewhere: answers that lie (tests/artifacts/registry_test.ts).

import { keylessProof } from "./keyless_proof.ts";
import {
  failedSteps,
  falco,
  folder,
  missingOf,
  must,
  PLACE,
  push,
  REGISTRY,
  ROOT,
  rule,
  run,
  step,
} from "./workbench.ts";
import { FALCO } from "../../support/program.ts";

const HOW_TO_GET: Readonly<Record<string, string>> = {
  "docker-registry": "apt install docker-registry",
  "oras": "go install oras.land/oras/cmd/oras@v1.3.6",
  "cosign": "go install github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3",
};

/** The commands of docs/artifacts.md, as somebody types them who reads it for the first time. */
async function page(): Promise<void> {
  const text = await Deno.readTextFile(`${ROOT}docs/artifacts.md`);
  const folders = [`-o artifacts.folder=${folder}/artifacts`, "--plain-http"];
  await Deno.mkdir(`${folder}/page`);
  await Deno.writeTextFile(`${folder}/page/own_rules.yaml`, rule("fd.name"));
  let digest = "";
  for (const title of ["Publishing rules of your own", "Signatures"]) {
    const section = text.slice(text.indexOf(`\n## ${title}\n`));
    const block = /\n```sh\n([\s\S]*?)\n```/.exec(section)![1]!
      .replaceAll("registry.example/team", `${REGISTRY}/page`).replace("sha256:…", digest)
      .replace("oras push", "oras push --plain-http")
      .replace("cosign sign ", "cosign sign --allow-insecure-registry --allow-http-registry ")
      .replace(/^falco (artifact \w+ .*)$/gm, `${FALCO.join(" ")} $1 ${folders.join(" ")}`);
    const said = await run("sh", ["-ec", `cd page\n${block}`]);
    digest = /Digest: (sha256:[0-9a-f]{64})/.exec(said.text)?.[1] ?? digest;
    step(`docs/artifacts.md, ${title}`, said, 0, /installed: own-rules 1\.0\.0|is signed by cosign\.pub/);
  }
}

async function proof(): Promise<void> {
  const plain = "--plain-http";
  await page();
  await falco("remove", "own-rules");
  await must("cosign", "generate-key-pair");
  await Deno.mkdir(`${folder}/other`);
  await must("sh", "-c", "cd other && cosign generate-key-pair");
  const key = ["--key", `${folder}/cosign.pub`];
  const digest = await push("1.0.0,1,latest", "1.0.0", rule("fd.name"));
  step(
    "what oras pushed is described",
    await falco("info", PLACE, plain),
    0,
    /own\n.*1\.0\.0\n.*engine_version_semver 0\.50\.0/s,
  );
  step(
    "unsigned, and a key is asked for",
    await falco("install", PLACE, plain, ...key),
    1,
    /has no signature/,
  );
  const signing = ["sign", "--key", "cosign.key", "--allow-insecure-registry", "--allow-http-registry"];
  const old = ["--use-signing-config=false", "--new-bundle-format=false", "--tlog-upload=false"];
  await must("cosign", ...signing, ...old, `${PLACE}@${digest}`);
  step(
    "cosign, the tag .sig",
    await falco("install", `${PLACE}:^1`, plain, ...key),
    0,
    /installed: own 1\.0\.0 .*signed by/,
  );
  step(
    "another key",
    await falco("verify", PLACE, plain, "--key", `${folder}/other/cosign.pub`),
    1,
    /none of them by/,
  );
  const second = await push("1.1.0,1,latest", "1.1.0", rule("fd.name") + "# second\n");
  step(
    "a new version without a signature",
    await falco("install", `${PLACE}:1`, plain, ...key),
    1,
    /has no signature/,
  );
  step("the last good one is still there", await falco("list"), 0, /own +rulesfile +1\.0\.0/);
  await must("cosign", "signing-config", "create", "--out", "signing.json");
  await must("cosign", ...signing, "--signing-config", "signing.json", `${PLACE}@${second}`);
  step(
    "cosign, the bundle as referrer",
    await falco("install", `${PLACE}:1`, plain, ...key),
    0,
    /installed: own 1\.1\.0 .*signed by/,
  );
  const bad = await push("1.2.0,1,latest", "1.2.0", rule("fd.nam"));
  await must("cosign", ...signing, "--signing-config", "signing.json", `${PLACE}@${bad}`);
  step(
    "signed, with a mistake in its rule",
    await falco("install", `${PLACE}:1`, plain, ...key),
    1,
    /own_rules\.yaml:\d+:\d+.*fd\.nam/,
  );
  step("the last good one is still there", await falco("list"), 0, /own +rulesfile +1\.1\.0/);
  step(
    "a range that leaves the bad one out",
    await falco("install", `${PLACE}:~1.1.0`, plain, ...key),
    0,
    /unchanged: own 1\.1\.0/,
  );
  step("plain HTTP has to be allowed", await falco("install", PLACE), 1, /it speaks plain HTTP/);
  step("files are as they were installed", await falco("verify"), 0, /own: files are as they were installed/);
}

const missing = await missingOf(HOW_TO_GET);
if (missing.length > 0) {
  for (const name of missing) console.error(`${name} is not in PATH: ${HOW_TO_GET[name]}`);
  Deno.exit(1);
}
await Deno.writeTextFile(
  `${folder}/registry.yml`,
  `version: 0.1
storage: {filesystem: {rootdirectory: ${folder}/data}}
http: {addr: "127.0.0.1:${REGISTRY.split(":")[1]}"}
`,
);
const registry = new Deno.Command("docker-registry", {
  args: ["serve", `${folder}/registry.yml`],
  stdout: "null",
  stderr: "null",
}).spawn();
try {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await proof();
  await keylessProof();
} finally {
  registry.kill();
  await registry.status;
  await Deno.remove(folder, { recursive: true });
}
const failures = failedSteps();
console.log(
  failures === 0 ? "all steps are as they should be" : `${failures} steps are not as they should be`,
);
Deno.exit(failures === 0 ? 0 : 1);
