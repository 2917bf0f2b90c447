// Which artifacts must be signed, and by which keys.
// In: patterns with keys, what an index asks for. Out: who has signed an artifact; an ArtifactError when nobody has who must.
// Elsewhere: checking one signature (cosign.ts).

import { ArtifactError } from "../failure.ts";
import type { Reference } from "../reference.ts";
import type { Registry } from "../registry/registry.ts";
import { signer } from "./cosign.ts";
import type { PublicKey } from "./keys.ts";

export interface TrustRule {
  /** `registry/repository`; `*` stands for anything */
  readonly match: string;
  readonly keys: readonly PublicKey[];
}

/** What an index says about an artifact. */
export interface SignatureWish {
  readonly keys: readonly PublicKey[];
  /** somebody's identity in place of a key: cannot be checked here */
  readonly isKeyless: boolean;
}

export class Trust {
  readonly #rules: readonly TrustRule[];
  readonly #allowsUnverified: boolean;

  /** @param allowsUnverified nothing is checked at all */
  constructor(rules: readonly TrustRule[], allowsUnverified = false) {
    this.#rules = rules;
    this.#allowsUnverified = allowsUnverified;
  }

  /**
   * @param wished by its index
   * @returns the name of the key; "" when nobody asks for a signature
   */
  async check(
    registry: Registry,
    reference: Reference,
    digest: string,
    wished?: SignatureWish,
  ): Promise<string> {
    if (this.#allowsUnverified) return "";
    const place = `${reference.registry}/${reference.repository}`;
    const rules = this.#rules.filter(({ match }) => matches(match, place));
    // settings of this host come before what an index says
    const keys = rules.length > 0 ? rules.flatMap((rule) => rule.keys) : wished?.keys ?? [];
    if (keys.length > 0) return (await signer(registry, reference.repository, digest, keys)).name;
    if (wished?.isKeyless) {
      throw new ArtifactError(
        "its index asks for a signature without a key, by an identity, and falco checks signatures by keys only",
        { hint: "name a key in artifacts.signatures, or set artifacts.allow_unverified" },
      );
    }
    return "";
  }
}

/** Linear in both: each `*` takes the first place where the next part fits. */
function matches(pattern: string, text: string): boolean {
  const [first = "", ...parts] = pattern.split("*");
  if (parts.length === 0) return pattern === text;
  if (!text.startsWith(first)) return false;
  const last = parts.pop()!;
  let at = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
