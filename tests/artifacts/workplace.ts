// An installer with a folder and a registry of its own.

import {
  Catalog,
  type FindCredentials,
  Installer,
  Origins,
  type Outcome,
  publicKey,
  type RegistrySettings,
  Store,
  Trust,
} from "../../artifacts/mod.ts";
import type { InstallerOptions } from "../../artifacts/install/installer.ts";
import type { IndexSource } from "../../artifacts/mod.ts";
import { FakeRegistry } from "./fake_registry.ts";

export interface Workplace {
  readonly registry: FakeRegistry;
  readonly folder: string;
  readonly store: Store;
  readonly installer: Installer;
  install(...asked: readonly string[]): Promise<Outcome[]>;
  /** the text of an installed rules file */
  rules(name: string): Promise<string>;
}

export interface WorkplaceOptions {
  /** PEM: artifacts must be signed by it */
  readonly key?: string;
  readonly indexes?: readonly IndexSource[];
  readonly credentials?: FindCredentials;
  readonly registries?: (host: string) => readonly RegistrySettings[];
  readonly installer?: Partial<InstallerOptions>;
}

export async function withWorkplace(
  options: WorkplaceOptions,
  body: (place: Workplace) => Promise<void>,
): Promise<void> {
  await using registry = new FakeRegistry();
  const folder = await Deno.makeTempDir();
  const store = new Store(folder);
  const signal = new AbortController().signal;
  const installer = new Installer({
    store,
    trust: new Trust(
      options.key === undefined ? [] : [{
        match: "*",
        keys: [publicKey(options.key, "test key")],
        identities: [],
      }],
    ),
    origins: () =>
      new Origins({
        catalog: new Catalog(options.indexes ?? [], signal),
        registries: options.registries?.(registry.host) ?? [],
        plainHttp: true,
        credentials: options.credentials ?? (() => Promise.resolve(undefined)),
        signal,
      }),
    allowedTypes: ["rulesfile", "plugin"],
    withDependencies: true,
    accept: () => {},
    ...options.installer,
  });
  try {
    await body({
      registry,
      folder,
      store,
      installer,
      install: (...asked) => installer.install(asked.map((text) => text.replace("REGISTRY", registry.host))),
      rules: (name) => Deno.readTextFile(`${folder}/rules/${name}`),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** What came out, in short: `installed 1.2.0`, or why not. */
export function said(outcomes: readonly Outcome[]): string[] {
  return outcomes.map(({ result, installed, error }) =>
    error === undefined ? `${result} ${installed?.name} ${installed?.version}` : `failed: ${error.message}`
  );
}
