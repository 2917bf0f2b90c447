// The table of signatures without a key that falco's tests take, asked of cosign itself: it must accept and refuse the same.
// In: cosign in PATH. Out: what each case came to. Elsewhere: the table (../sigstore/cases.ts), falco's answers to it
// (../keyless_test.ts).

import { FakeRegistry } from "../fake_registry.ts";
import { type KeylessCase, SIGSTORE } from "../sigstore/case.ts";
import { KEYLESS_CASES } from "../sigstore/cases.ts";
import { IDENTITY, ISSUER } from "../sigstore/fake_sigstore.ts";

export interface Answer {
  readonly name: string;
  readonly isSame: boolean;
  readonly text: string;
}

const RULES = [{ name: "own_rules.yaml", text: "[]" }];

/** @param folder where files may be put */
export async function* cosignAnswers(folder: string): AsyncGenerator<Answer> {
  await using registry = new FakeRegistry();
  // cosign asks whether there is a registry at all
  registry.fault = ({ url }) => new URL(url).pathname === "/v2/" ? Response.json({}) : undefined;
  for (const one of KEYLESS_CASES) {
    for (const form of one.forms ?? ["old", "new"] as const) {
      const { isGood, text } = await ask(registry, one, form, `${folder}/cases_root.json`);
      yield { name: `${one.name} (${form} form)`, isSame: isGood === (one.refused === undefined), text };
    }
  }
}

async function ask(
  registry: FakeRegistry,
  { root, sign, signer = {} }: KeylessCase,
  form: "old" | "new",
  rootPath: string,
): Promise<{ readonly isGood: boolean; readonly text: string }> {
  await Deno.writeTextFile(rootPath, SIGSTORE.trustedRoot(root));
  const digest = await registry.push("own", "1", RULES, {
    config: { name: "own", version: crypto.randomUUID() },
  });
  SIGSTORE.sign(registry, "own", digest, { form, ...sign });
  const wanted = { certificateIdentity: IDENTITY, certificateOidcIssuer: ISSUER, ...signer };
  const flags: Readonly<Record<string, string | undefined>> = {
    "trusted-root": rootPath,
    "certificate-identity": wanted.certificateIdentity,
    "certificate-identity-regexp": wanted.certificateIdentityRegexp,
    "certificate-oidc-issuer": wanted.certificateOidcIssuer,
    "certificate-oidc-issuer-regexp": wanted.certificateOidcIssuerRegexp,
    "insecure-ignore-tlog": String(wanted.ignoreTlog === true),
    "use-signed-timestamps": String(sign?.stamps !== undefined),
    "offline": "true",
    "allow-http-registry": "true",
  };
  const args = Object.entries(flags).flatMap(([flag, value]) => value ? [`--${flag}=${value}`] : []);
  const command = new Deno.Command("cosign", { args: ["verify", ...args, `${registry.host}/own@${digest}`] });
  const { code, stderr } = await command.output();
  const text = new TextDecoder().decode(stderr).trim().split("\n").at(-1) ?? "";
  return { isGood: code === 0, text };
}
