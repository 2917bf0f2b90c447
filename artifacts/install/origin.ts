// From what somebody calls an artifact to the registry that has it.
// In: settings of registries, a catalog, credentials. Out: an open registry with a reference in it.
// Elsewhere: the parts: catalog/, registry/, signature/.

import type { Catalog } from "../catalog/catalog.ts";
import type { IndexEntry } from "../catalog/index_file.ts";
import { about, ArtifactError } from "../failure.ts";
import type { Reference } from "../reference.ts";
import { credentialFiles, credentialsFrom, type FindCredentials } from "../registry/credentials.ts";
import { Registry, type RegistrySettings } from "../registry/registry.ts";
import { type Signers, signersOf, type SignerText } from "../signature/signers.ts";
import type { SignatureWish } from "../signature/trust.ts";

export interface Origin {
  readonly reference: Reference;
  readonly registry: Registry;
  /** by its index */
  readonly wish?: SignatureWish;
}

export interface OriginsOptions {
  readonly catalog: Catalog;
  readonly registries: readonly RegistrySettings[];
  /** all registries by plain HTTP */
  readonly plainHttp: boolean;
  /** in place of the usual files */
  readonly credentials?: FindCredentials;
  readonly signal: AbortSignal;
}

export class Origins implements Disposable {
  readonly #options: OriginsOptions;
  readonly #open = new Map<string, Registry>();

  constructor(options: OriginsOptions) {
    this.#options = options;
  }

  async find(text: string): Promise<Origin> {
    const { reference, entry } = await this.#options.catalog.resolve(text);
    const registry = this.#registry(reference.registry);
    const isAsking = entry?.signer !== undefined;
    return { reference, registry, ...isAsking ? { wish: () => signersIn(entry, entry.signer!) } : {} };
  }

  [Symbol.dispose](): void {
    for (const registry of this.#open.values()) registry.close();
    this.#open.clear();
  }

  #registry(name: string): Registry {
    let registry = this.#open.get(name);
    if (registry === undefined) {
      const { registries, plainHttp, credentials, signal } = this.#options;
      const settings = registries.find((one) => one.registry === name);
      registry = new Registry(
        {
          mirrors: [],
          ...settings,
          registry: name,
          plainHttp: plainHttp || settings?.plainHttp === true,
        },
        credentials ?? credentialsFrom(credentialFiles()),
        signal,
      );
      this.#open.set(name, registry);
    }
    return registry;
  }
}

async function signersIn({ index, name }: IndexEntry, signer: SignerText): Promise<Signers> {
  const { key } = signer;
  if (key !== "" && !key.startsWith("-----BEGIN") && !key.startsWith("/")) {
    throw new ArtifactError(
      `index ${index} names a key for ${name} that is neither PEM nor a path from the root on`,
    );
  }
  try {
    return await signersOf(signer, `of index ${index}`);
  } catch (error) {
    throw about(`index ${index} says who signs ${name}`, error);
  }
}
