// From settings to what installs artifacts.
// In: settings, a way to know whether rules are good. Out: an installer with its store and its catalog; an error with everything that is wrong.
// Elsewhere: the parts (artifacts/), when it is used (service/artifacts/, cli/commands/artifact.ts).

import {
  Catalog,
  credentialFiles,
  credentialsFrom,
  type FindCredentials,
  Installer,
  Origins,
  type PackedFile,
  type RegistrySettings,
  signersOf,
  type SignerText,
  Store,
  Trust,
  type TrustRule,
} from "../../artifacts/mod.ts";
import { messageOf, UsageError } from "../../base/mod.ts";
import type { Settings } from "../../config/mod.ts";
import { readSlowText } from "../../files/mod.ts";

export interface ArtifactTools {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly trust: Trust;
  readonly installer: Installer;
  readonly registries: readonly RegistrySettings[];
  readonly credentials: FindCredentials;
  /** a fresh set of connections */
  origins(): Origins;
}

export interface ToolsOptions {
  /** who may sign all artifacts, besides those of the settings: one of them is enough */
  readonly signers?: readonly SignerText[];
  /** in place of the one of the settings */
  readonly trustedRoot?: string;
  readonly allowsUnverified?: boolean;
  readonly plainHttp?: boolean;
  readonly withDependencies?: boolean;
  readonly signal: AbortSignal;
}

const MAX_AUTHORITY_BYTES = 4 << 20;

/** @param accept throws when falco would be worse off with these rules */
export async function artifactTools(
  settings: Settings,
  accept: (rules: readonly PackedFile[]) => void | Promise<void>,
  options: ToolsOptions,
): Promise<ArtifactTools> {
  const problems: string[] = [];
  const attempt = async <T>(what: string, job: () => Promise<T>): Promise<T[]> => {
    try {
      return [await job()];
    } catch (error) {
      problems.push(`${what}: ${messageOf(error)}`);
      return [];
    }
  };
  const rules: TrustRule[] = [];
  for (const signature of settings["artifacts.signatures"]) {
    const { match } = signature;
    rules.push(
      ...await attempt(
        "artifacts.signatures",
        async () => ({ match, ...await signersOf(signerOf(signature)) }),
      ),
    );
  }
  for (const signer of options.signers ?? []) {
    const flag = signer.key === "" ? "--certificate-identity" : "--key";
    rules.push(...await attempt(flag, async () => ({ match: "*", ...await signersOf(signer) })));
  }
  const registries: RegistrySettings[] = [];
  for (const one of settings["artifacts.registries"]) {
    registries.push(...await attempt("artifacts.registries", () => registryOf(one)));
  }
  if (problems.length > 0) throw new UsageError(problems);
  const trust = new Trust(rules, {
    allowsUnverified: options.allowsUnverified ?? settings["artifacts.allow_unverified"],
    trustedRoot: options.trustedRoot ?? settings["artifacts.trusted_root"],
  });
  const store = new Store(settings["artifacts.folder"]);
  const catalog = () => new Catalog(settings["artifacts.indexes"], options.signal);
  const origins = () =>
    new Origins({
      catalog: catalog(),
      registries,
      plainHttp: options.plainHttp === true,
      credentials: credentialsOf(settings),
      signal: options.signal,
    });
  const installer = new Installer({
    origins,
    trust,
    store,
    allowedTypes: settings["artifacts.allowed_types"],
    withDependencies: options.withDependencies ?? settings["artifacts.resolve_deps"],
    accept: async ({ type }, files) => {
      if (type === "rulesfile") await accept(files);
    },
  });
  return {
    store,
    catalog: catalog(),
    trust,
    installer,
    registries,
    credentials: credentialsOf(settings),
    origins,
  };
}

function signerOf(setting: Settings["artifacts.signatures"][number]): SignerText {
  return {
    key: setting.key,
    certificateIdentity: setting.certificate_identity,
    certificateIdentityRegexp: setting.certificate_identity_regexp,
    certificateOidcIssuer: setting.certificate_oidc_issuer,
    certificateOidcIssuerRegexp: setting.certificate_oidc_issuer_regexp,
    ignoreTlog: setting.ignore_tlog,
  };
}

type RegistrySetting = Settings["artifacts.registries"][number];

async function registryOf(
  { registry, mirrors, plain_http, ca_file }: RegistrySetting,
): Promise<RegistrySettings> {
  const settings = { registry, mirrors, plainHttp: plain_http };
  if (ca_file === "") return settings;
  const read = await readSlowText(ca_file, MAX_AUTHORITY_BYTES);
  if (read === undefined) throw new Error(`ca_file ${ca_file} cannot be read`);
  return { ...settings, authority: read };
}

function credentialsOf(settings: Settings): FindCredentials {
  const own = new Map(
    settings["artifacts.registries"].flatMap(({ registry, auth_file }) =>
      auth_file === "" ? [] : [[registry, credentialsFrom([auth_file])]]
    ),
  );
  const usual = credentialsFrom(credentialFiles());
  return (registry) => (own.get(registry) ?? usual)(registry);
}
