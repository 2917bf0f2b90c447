// Which artifacts must be signed, and by whom.
// In: patterns with keys and identities, what an index asks for. Out: who has signed an artifact; an ArtifactError when nobody
// has who must.
// Elsewhere: finding and checking signatures (signer.ts).

import type { Reference } from "../reference.ts";
import type { Registry } from "../registry/registry.ts";
import { signer } from "./signer.ts";
import type { Signers } from "./signers.ts";

export interface TrustRule extends Signers {
  /** `registry/repository`; `*` stands for anything */
  readonly match: string;
}

/** Who must have signed an artifact, by its index; an ArtifactError when that says too little. */
export type SignatureWish = () => Promise<Signers>;

export interface TrustOptions {
  /** nothing is checked at all */
  readonly allowsUnverified?: boolean;
  /** the path of Sigstore's trusted_root.json; "" for none: identities cannot be checked */
  readonly trustedRoot?: string;
}

export class Trust {
  readonly #rules: readonly TrustRule[];
  readonly #allowsUnverified: boolean;
  readonly #trustedRoot: string;

  constructor(
    rules: readonly TrustRule[],
    { allowsUnverified = false, trustedRoot = "" }: TrustOptions = {},
  ) {
    this.#rules = rules;
    this.#allowsUnverified = allowsUnverified;
    this.#trustedRoot = trustedRoot;
  }

  /**
   * @param wished by its index
   * @returns the name of the key or the identity; "" when nobody asks for a signature
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
    const wanted = rules.length === 0 ? await wished?.() : {
      keys: rules.flatMap(({ keys }) => keys),
      identities: rules.flatMap(({ identities }) => identities),
    };
    if (wanted === undefined) return "";
    return await signer(registry, reference.repository, digest, wanted, this.#trustedRoot);
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
