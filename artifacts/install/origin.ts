// From what somebody calls an artifact to the registry that has it.
// In: settings of registries, a catalog, credentials. Out: an open registry with a reference in it.
// Elsewhere: the parts: catalog/, registry/, signature/.

import type { Catalog } from "../catalog/catalog.ts";
import type { IndexEntry } from "../catalog/index_file.ts";
import { ArtifactError } from "../failure.ts";
import type { Reference } from "../reference.ts";
import { credentialFiles, credentialsFrom, type FindCredentials } from "../registry/credentials.ts";
import { Registry, type RegistrySettings } from "../registry/registry.ts";
import { publicKey } from "../signature/keys.ts";
import type { SignatureWish } from "../signature/trust.ts";

export interface Origin {
  readonly reference: Reference;
  readonly registry: Registry;
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

const MAX_KEY_BYTES = 64 << 10;

export class Origins implements Disposable {
  readonly #options: OriginsOptions;
  readonly #open = new Map<string, Registry>();

  constructor(options: OriginsOptions) {
    this.#options = options;
  }

  async find(text: string): Promise<Origin> {
    const { reference, entry } = await this.#options.catalog.resolve(text);
    const registry = this.#registry(reference.registry);
    return { reference, registry, ...entry === undefined ? {} : { wish: await wishOf(entry) } };
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

async function wishOf({ key, isKeyless, index, name }: IndexEntry): Promise<SignatureWish> {
  if (key === "") return { keys: [], isKeyless };
  const label = `of index ${index}`;
  if (key.startsWith("-----BEGIN")) return { keys: [publicKey(key, label)], isKeyless };
  if (!key.startsWith("/")) {
    throw new ArtifactError(
      `index ${index} names a key for ${name} that is neither PEM nor a path from the root on`,
    );
  }
  return { keys: [await readKey(key)], isKeyless };
}

/** @param path of a file with PEM */
export async function readKey(path: string) {
  let text: string;
  try {
    const { size, isFile } = await Deno.stat(path);
    if (!isFile || size > MAX_KEY_BYTES) throw new Error("this is no file of reasonable size");
    text = await Deno.readTextFile(path);
  } catch (error) {
    throw new ArtifactError(`key ${path} cannot be read: ${(error as Error).message}`);
  }
  return publicKey(text, path);
}
