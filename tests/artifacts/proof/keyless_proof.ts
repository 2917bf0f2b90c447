// Signatures without a key: what cosign makes with Sigstore's own servers on this machine, and what cosign says of the good and bad
// ones of falco's tests.
// In: cosign, and the servers where they are in PATH; Sigstore's conformance tests where there is a checkout of them. Out: a line for each step.
// Not here: Rekor's first version, which needs a database of its own; its entries are those of falco's tests, which cosign is shown.

import { conformanceAnswers } from "./conformance.ts";
import { FakeSigstore } from "../sigstore/fake_sigstore.ts";
import { EMAIL, LocalSigstore, SIGSTORE_PROGRAMS } from "./local_sigstore.ts";
import { cosignAnswers } from "./same_answers.ts";
import { falco, folder, missingOf, must, PLACE, push, REGISTRY, ROOT, rule, run, step } from "./workbench.ts";
import { FALCO } from "../../support/program.ts";

const REACHES = ["--allow-insecure-registry", "--allow-http-registry"];
const SINCE = "start-time=2024-01-01T00:00:00Z";

export async function keylessProof(): Promise<void> {
  await sameAnswers();
  await conformance();
  const missing = await missingOf(SIGSTORE_PROGRAMS);
  for (const name of missing) {
    console.log(
      `left out, all steps with Sigstore's servers: ${name} is not in PATH (${SIGSTORE_PROGRAMS[name]})`,
    );
  }
  if (missing.length > 0) return;
  const place = `${folder}/sigstore`;
  await Deno.mkdir(place);
  await using sigstore = await LocalSigstore.start(place);
  await configure(sigstore, place);
  await newForm(sigstore, place);
  await oldForm(sigstore, place);
  await page(sigstore, place);
}

async function sameAnswers(): Promise<void> {
  let count = 0;
  const others: string[] = [];
  for await (const { name, isSame, text } of cosignAnswers(folder)) {
    count++;
    if (!isSame) others.push(`${name}: ${text}`);
  }
  const text = others.length === 0 ? `${count} signatures, the same answers` : others.join("\n");
  step("cosign accepts and refuses what falco does", { code: others.length, text }, 0, /the same answers/);
}

async function conformance(): Promise<void> {
  const checkout = Deno.env.get("SIGSTORE_CONFORMANCE"), root = Deno.env.get("SIGSTORE_ROOT");
  if (checkout === undefined || root === undefined) {
    console.log(
      "left out, Sigstore's conformance tests: SIGSTORE_CONFORMANCE and SIGSTORE_ROOT name none (conformance.ts)",
    );
    return;
  }
  const answers = await conformanceAnswers(checkout, root);
  const others = answers.filter(({ isExpected }) => !isExpected).map(({ name, text }) => `${name}: ${text}`);
  const text = others.length === 0 ? `${answers.length} bundles, as they should be` : others.join("\n");
  step("Sigstore's conformance tests", { code: others.length, text }, 0, /as they should be/);
}

/** What cosign signs with, and what falco trusts. */
async function configure({ urls, issuer, logUrl }: LocalSigstore, place: string): Promise<void> {
  await must(
    ...["cosign", "trusted-root", "create", "--out", `${place}/trusted_root.json`] as const,
    ...["--fulcio", `url=${urls.fulcio},certificate-chain=${place}/fulcio.pem,${SINCE}`],
    ...["--ctfe", `url=${logUrl},public-key=${place}/log.pub,${SINCE}`],
    ...["--tsa", `url=${urls.stamps},certificate-chain=${place}/stamps.pem,${SINCE}`],
    ...["--rekor", `url=${urls.rekor},public-key=${place}/rekor.pub,${SINCE},origin=localhost`],
  );
  const by = `${SINCE},operator=own`;
  await must(
    ...["cosign", "signing-config", "create", "--out", `${place}/signing.json`] as const,
    ...["--fulcio", `url=${urls.fulcio},api-version=1,${by}`],
    ...["--oidc-provider", `url=${issuer},api-version=1,${by}`],
    ...["--rekor", `url=${urls.rekor},api-version=2,${by}`, "--rekor-config", "ANY"],
    ...["--tsa", `url=${urls.stamps},api-version=1,${by}`, "--tsa-config", "ANY"],
  );
}

async function signAs(sigstore: LocalSigstore, place: string, digest: string, email?: string): Promise<void> {
  await Deno.writeTextFile(`${place}/token`, sigstore.token(email));
  await must(
    ...["cosign", "sign", "--yes", ...REACHES, "--signing-config", `${place}/signing.json`] as const,
    ...[
      "--trusted-root",
      `${place}/trusted_root.json`,
      "--identity-token",
      `${place}/token`,
      `${PLACE}@${digest}`,
    ],
  );
}

async function newForm(sigstore: LocalSigstore, place: string): Promise<void> {
  const plain = "--plain-http";
  const root = ["--trusted-root", `${place}/trusted_root.json`];
  const who = ["--certificate-identity", EMAIL, "--certificate-oidc-issuer", sigstore.issuer];
  await falco("remove", "own");
  const first = await push("2.0.0,2", "2.0.0", rule("fd.name"));
  await signAs(sigstore, place, first);
  step(
    "cosign without a key, a bundle of Rekor's second version",
    await falco("verify", `${PLACE}:2`, plain, ...root, ...who),
    0,
    new RegExp(`is signed by ${EMAIL} \\(${sigstore.issuer}\\)`),
  );
  step(
    "without a trusted root",
    await falco("install", `${PLACE}:2`, plain, ...who),
    1,
    /which authorities are trusted/,
  );
  const another = [
    "--certificate-identity",
    "another@example.com",
    "--certificate-oidc-issuer",
    sigstore.issuer,
  ];
  step(
    "another identity",
    await falco("install", `${PLACE}:2`, plain, ...root, ...another),
    1,
    /it is by somebody@/,
  );
  await Deno.writeTextFile(`${place}/other_root.json`, new FakeSigstore().trustedRoot());
  step(
    "a trusted root of others",
    await falco("install", `${PLACE}:2`, plain, ...who, "--trusted-root", `${place}/other_root.json`),
    1,
    /of no log of the trusted root/,
  );
  await Deno.writeTextFile(
    `${place}/index.yaml`,
    `- {name: own-rules, type: rulesfile, registry: "${REGISTRY}", repository: team/own, signature: {cosign: {certificate-oidc-issuer: "${sigstore.issuer}", certificate-identity-regexp: "^somebody@", key: "", ignore-tlog: false}}}\n`,
  );
  const named = ["own-rules:2", plain, "-o", `artifacts.indexes=[{name: own, url: ${place}/index.yaml}]`];
  const trusting = ["-o", `artifacts.trusted_root=${place}/trusted_root.json`];
  step(
    "an index says who signs, and nobody is trusted",
    await falco("install", ...named),
    1,
    /must be signed by \^somebody@/,
  );
  step(
    "an index says who signs",
    await falco("install", ...named, ...trusting),
    0,
    /installed: own 2\.0\.0 .*somebody@/,
  );
  const second = await push("2.1.0,2", "2.1.0", rule("fd.name") + "# second\n");
  await signAs(sigstore, place, second, "another@example.com");
  step(
    "a new version by somebody else",
    await falco("install", ...named, ...trusting),
    1,
    /it is by another@/,
  );
  step(
    "the last good one is still there",
    await falco("list"),
    0,
    /own +rulesfile +2\.0\.0 .*somebody@example/,
  );
  await signAs(sigstore, place, second);
  step(
    "the new version, signed by both",
    await falco("install", ...named, ...trusting),
    0,
    /installed: own 2\.1\.0/,
  );
}

/** Rekor's second version has no such signatures: a timestamp stands in for it. */
async function oldForm(sigstore: LocalSigstore, place: string): Promise<void> {
  const digest = await push("2.2.0", "2.2.0", rule("fd.name") + "# old form\n");
  await Deno.writeTextFile(`${place}/token`, sigstore.token());
  const old = ["--use-signing-config=false", "--new-bundle-format=false", "--tlog-upload=false"];
  await must(
    ...["cosign", "sign", "--yes", ...REACHES, ...old, "--fulcio-url", sigstore.urls.fulcio] as const,
    ...["--timestamp-server-url", sigstore.urls.stamps, "--identity-token", `${place}/token`],
    ...["--trusted-root", `${place}/trusted_root.json`, `${PLACE}@${digest}`],
  );
  const signature = (more: string) =>
    `artifacts.signatures=[{match: "*", certificate_identity: "${EMAIL}", certificate_oidc_issuer: "${sigstore.issuer}"${more}}]`;
  const ask = (more: string) =>
    falco(
      ...["verify", `${PLACE}:2.2.0`, "--plain-http", "--trusted-root", `${place}/trusted_root.json`],
      ...["-o", signature(more)],
    );
  step("the old form, in no log", await ask(""), 1, /it is in no log/);
  step(
    "the old form with a timestamp, where that is enough",
    await ask(", ignore_tlog: true"),
    0,
    /is signed by somebody@/,
  );
}

/** The last commands of that section, which need nobody outside of this machine. */
async function page(sigstore: LocalSigstore, place: string): Promise<void> {
  const text = await Deno.readTextFile(`${ROOT}docs/artifacts.md`);
  const section = text.slice(text.indexOf("\n## Signatures without a key\n"));
  const block = [...section.slice(0, section.indexOf("\n## ", 1)).matchAll(/\n```sh\n([\s\S]*?)\n```/g)].at(
    -1,
  )![1]!;
  const digest = await push("2.3.0,page", "2.3.0", rule("fd.name") + "# page\n");
  await Deno.writeTextFile(`${place}/token`, sigstore.token("me@example.com"));
  const signing = [
    ...REACHES,
    "--yes",
    "--signing-config signing.json",
    "--trusted-root trusted_root.json",
    "--identity-token token",
  ];
  const commands = block.replace("registry.example/team/rules@sha256:…", `${PLACE}@${digest}`)
    .replace("registry.example/team/rules:1", `${PLACE}:page`)
    .replace("https://accounts.example.com", sigstore.issuer)
    .replace("cosign sign ", `cosign sign ${signing.join(" ")} `)
    .replace("falco artifact", `${FALCO.join(" ")} artifact`);
  const said = await run("sh", [
    "-ec",
    `cd ${place}\n${commands} --plain-http -o artifacts.folder=${folder}/artifacts`,
  ]);
  step("docs/artifacts.md, Signatures without a key", said, 0, /installed: own 2\.3\.0 .*me@example\.com/);
}
