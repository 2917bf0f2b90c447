// Whatever a stranger changes in what comes with a signature without a key: it is refused in falco's words, or it is still the
// same one's.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import fc from "fast-check";
import { certifiedName, readTrustedRoot } from "../../artifacts/signature/keyless/mod.ts";
import { proofOfAnnotations, proofOfBundle } from "../../artifacts/signature/keyless/proof.ts";
import { ArtifactError } from "../../artifacts/mod.ts";
import type { TrustedRoot } from "../../artifacts/signature/keyless/trusted_root.ts";
import { preAuthentication, simpleSigning, statement } from "./fake_registry.ts";
import { FakeSigstore, IDENTITY, ISSUER } from "./sigstore/fake_sigstore.ts";

const DIGEST = `sha256:${"5".repeat(64)}`;

async function trusted(sigstore: FakeSigstore): Promise<TrustedRoot> {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, sigstore.trustedRoot());
  const root = await readTrustedRoot(path);
  await Deno.remove(path);
  return root;
}

/** What the two forms put into a registry, caught on its way. */
function signed(sigstore: FakeSigstore, form: "old" | "new"): Record<string, unknown> {
  let caught: unknown;
  const registry = {
    putSignature: (_: string, __: string, ___: unknown, annotations: unknown) => caught = annotations,
    putBundle: (_: string, __: string, bundle: unknown) => caught = bundle,
  };
  const stamps = [{ by: sigstore.stamps }];
  sigstore.sign(registry, "own", DIGEST, { form, stamps });
  return JSON.parse(JSON.stringify(caught));
}

function check(text: string, form: "old" | "new", root: TrustedRoot): void {
  const written = JSON.parse(text);
  const payload = form === "old" ? simpleSigning(DIGEST) : statement(DIGEST);
  const signature = form === "old"
    ? written["dev.cosignproject.cosign/signature"]
    : written.dsseEnvelope.signatures[0].sig;
  const name = certifiedName(
    {
      data: form === "old" ? payload : preAuthentication(payload),
      payload,
      signatures: [Buffer.from(signature, "base64")],
      names: () => true,
      proof: () => form === "old" ? proofOfAnnotations(written) : proofOfBundle(written.verificationMaterial),
    },
    root,
    false,
  );
  assert.deepEqual(name, { identity: IDENTITY, issuer: ISSUER });
}

for (const form of ["old", "new"] as const) {
  Deno.test(`keyless: a character changed somewhere in the ${form} form makes it nobody else's`, async () => {
    const sigstore = new FakeSigstore();
    const root = await trusted(sigstore);
    const material = signed(sigstore, form);
    check(JSON.stringify(material), form, root);
    const texts = textsIn(material);
    let refused = 0;
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(),
        fc.constantFrom(...'AQZaz09+/={"\\\u0000é'),
        (which, where, character) => {
          const changed = JSON.parse(JSON.stringify(material));
          const { holder, key } = textsIn(changed)[which % texts.length]!;
          const text = holder[key]!;
          const at = where % (text.length + 1);
          holder[key] = text.slice(0, at) + character + text.slice(at + 1);
          try {
            check(JSON.stringify(changed), form, root);
          } catch (error) {
            assert.ok(error instanceof ArtifactError, `${error}`);
            refused++;
          }
        },
      ),
      { numRuns: 500 },
    );
    assert.ok(refused > 100, `${refused} of 500 were refused`);
  });
}

interface Place {
  readonly holder: Record<string, string>;
  readonly key: string;
}

/** Every text in it, where it can be changed. */
function textsIn(value: object): Place[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    if (typeof inner === "string") return [{ holder: value as Record<string, string>, key }];
    return typeof inner === "object" && inner !== null ? textsIn(inner) : [];
  });
}
