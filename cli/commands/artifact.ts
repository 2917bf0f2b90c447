// `falco artifact VERB`: rules and plugins from OCI registries, by hand.
// In: names, flags, settings. Out: text on standard output; exit code 1 when something could not be had or is not right.
// Elsewhere: all of the work (artifacts/), the same while falco runs (service/artifacts/), the layout of tables (cli/terminal/).

import {
  ArtifactError,
  describe,
  Follower,
  NO_SIGNER,
  type Outcome,
  referenceText,
  type Schedule,
  scheduleOf,
  type SignerText,
  unmetRequirements,
} from "../../artifacts/mod.ts";
import { didYouMean, messageOf, UsageError } from "../../base/mod.ts";
import {
  artifactTools,
  createRunLog,
  planRun,
  refuseBadRules,
  type RunOptions,
  type RunPlan,
} from "../../service/loading/mod.ts";
import { jsonText } from "../terminal/json_text.ts";
import { columns, stdoutPage } from "../terminal/page.ts";
import { printText } from "../terminal/print_text.ts";

export interface ArtifactOptions extends Pick<RunOptions, "c" | "option"> {
  readonly json?: true;
  readonly key?: readonly string[];
  readonly certificateIdentity?: string;
  readonly certificateIdentityRegexp?: string;
  readonly certificateOidcIssuer?: string;
  readonly certificateOidcIssuerRegexp?: string;
  readonly trustedRoot?: string;
  readonly allowUnverified?: true;
  readonly plainHttp?: true;
  /** --no-deps */
  readonly deps?: boolean;
  /** seconds */
  readonly every?: number;
  readonly cron?: string;
}

const OK = 0;
const FAILED = 1;

export async function search(words: readonly string[], options: ArtifactOptions): Promise<number> {
  const { tools, plan } = await open(options);
  if (plan.settings["artifacts.indexes"].length === 0) {
    throw new UsageError(["artifacts.indexes names no index: there is nothing to search"]);
  }
  const found = await tools.catalog.search(words);
  for (const failure of tools.catalog.failures) console.error(`Error: ${failure}`);
  const rows = found.map((
    { index, name, type, registry, repository },
  ) => [index, name, type, `${registry}/${repository}`]);
  await print(options, found, [["INDEX", "ARTIFACT", "TYPE", "REPOSITORY"], ...rows]);
  return tools.catalog.failures.length > 0 ? FAILED : OK;
}

export async function info(asked: string, options: ArtifactOptions): Promise<number> {
  const { tools } = await open(options);
  using origins = tools.origins();
  const { registry, reference, wish } = await origins.find(asked);
  const artifact = await describe(registry, reference);
  const signature = await tools.trust.check(registry, reference, artifact.digest, wish)
    .then((key) => key === "" ? "not asked for" : `by ${key}`)
    .catch((error) => `missing: ${error instanceof Error ? error.message : error}`);
  const tags = (await registry.tags(reference.repository)).filter((tag) => !tag.startsWith("sha256-"));
  const needs = [...artifact.requirements, ...artifact.dependencies].map(({ name, version }) =>
    `${name} ${version}`
  );
  const unmet = unmetRequirements(artifact.requirements);
  const all = { ...artifact, reference: referenceText(reference), signature, tags, unmet };
  await print(options, all, [
    ["reference", referenceText(reference)],
    ["digest", artifact.digest],
    ["type", artifact.type],
    ["name", artifact.name],
    ["version", artifact.version || "unknown"],
    ["needs", needs.join(", ") || "nothing"],
    ["signature", signature],
    ...unmet.map((text) => ["not met", text]),
    ["tags", tags.join(" ")],
  ]);
  return OK;
}

export async function install(asked: readonly string[], options: ArtifactOptions): Promise<number> {
  const { tools, plan } = await open(options);
  const names = asked.length > 0
    ? asked
    : [...plan.settings["artifacts.install"], ...plan.settings["artifacts.follow"]];
  if (names.length === 0) throw new UsageError(["no artifact is named, and artifacts.install names none"]);
  const outcomes = await tools.installer.install([...new Set(names)]);
  await tell(outcomes);
  return outcomes.some(({ result }) => result === "failed") ? FAILED : OK;
}

export async function follow(asked: readonly string[], options: ArtifactOptions): Promise<number> {
  const { tools, plan } = await open(options);
  const names = asked.length > 0 ? asked : plan.settings["artifacts.follow"];
  if (names.length === 0) throw new UsageError(["no artifact is named, and artifacts.follow names none"]);
  const follower = new Follower({
    installer: tools.installer,
    install: [],
    follow: names,
    schedule: scheduleFor(options, plan.settings),
    onOutcomes: (outcomes) => tell(outcomes.filter(({ result }) => result !== "unchanged")),
  });
  const stop = () => follower.close();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);
  await follower.run();
  return OK;
}

/** Flags count more than settings. */
function scheduleFor({ every, cron }: ArtifactOptions, settings: RunPlan["settings"]): Schedule {
  if (every !== undefined && cron !== undefined) throw new UsageError(["give either --every or --cron"]);
  if (every !== undefined) return scheduleOf(every * 1000);
  try {
    return scheduleOf(settings["artifacts.follow_every"], cron ?? settings["artifacts.follow_cron"]);
  } catch (error) {
    throw new UsageError([`--cron ${messageOf(error)}`]);
  }
}

export async function list(names: readonly string[], options: ArtifactOptions): Promise<number> {
  const { tools } = await open(options);
  const all = await tools.store.installed();
  const shown = all.filter(({ name }) => names.length === 0 || names.includes(name));
  const rows = shown.map(({ name, type, version, reference, signedBy, installedAt }) => [
    ...[name, type, version || "-", installedAt.slice(0, 19).replace("T", " "), signedBy || "-", reference],
  ]);
  await print(options, shown, [
    ["ARTIFACT", "TYPE", "VERSION", "INSTALLED", "SIGNED BY", "REFERENCE"],
    ...rows,
  ]);
  return shown.length < names.length ? FAILED : OK;
}

export async function verify(asked: readonly string[], options: ArtifactOptions): Promise<number> {
  const { tools } = await open(options);
  const lines: string[] = [];
  let isGood = true;
  const look = async (name: string, job: () => Promise<string>) => {
    try {
      lines.push(`${name}: ${await job()}`);
    } catch (error) {
      isGood = false;
      lines.push(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  };
  if (asked.length === 0) {
    for (const one of await tools.store.installed()) {
      await look(one.name, async () => {
        if (await tools.store.isWhole(one)) return "files are as they were installed";
        throw new ArtifactError("files have been changed since they were installed");
      });
    }
  }
  using origins = tools.origins();
  for (const text of asked) {
    await look(text, async () => {
      const { registry, reference, wish } = await origins.find(text);
      const { digest } = await registry.manifest(reference);
      const key = await tools.trust.check(registry, reference, digest, wish);
      if (key === "") {
        throw new ArtifactError("nothing says who must have signed it: give --key or --certificate-identity");
      }
      return `${digest} is signed by ${key}`;
    });
  }
  await printText(`${lines.join("\n")}\n`);
  return isGood ? OK : FAILED;
}

export async function remove(names: readonly string[], options: ArtifactOptions): Promise<number> {
  const { tools } = await open(options);
  const known = (await tools.store.installed()).map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(
      unknown.map((name) => `artifact ${name} is not installed${after(didYouMean(name, known))}`),
    );
  }
  for (const name of names) await tools.store.remove(name);
  await printText(`removed ${names.join(", ")}\n`);
  return OK;
}

async function open(options: ArtifactOptions) {
  const runOptions: RunOptions = {
    ...options.c === undefined ? {} : { c: options.c },
    ...options.option === undefined ? {} : { option: options.option },
  };
  // what is wrong elsewhere in the settings is no reason to leave an artifact out
  const plan = (): RunPlan => planRun(runOptions, true);
  const first = plan();
  createRunLog({
    settings: first.settings,
    warnings: [...first.warnings, ...first.faults.map(({ text }) => text)],
  });
  const tools = await artifactTools(first.settings, (files) => refuseBadRules(plan(), files), {
    signal: new AbortController().signal,
    signers: signersOf(options),
    ...options.trustedRoot === undefined ? {} : { trustedRoot: options.trustedRoot },
    ...options.allowUnverified === undefined ? {} : { allowsUnverified: true },
    ...options.plainHttp === undefined ? {} : { plainHttp: true },
    ...options.deps === false ? { withDependencies: false } : {},
  });
  return { tools, plan: first };
}

/** Of the flags: each key, and one identity. */
function signersOf(options: ArtifactOptions): SignerText[] {
  const { key = [], ...more } = options;
  const identity = {
    ...NO_SIGNER,
    certificateIdentity: more.certificateIdentity ?? "",
    certificateIdentityRegexp: more.certificateIdentityRegexp ?? "",
    certificateOidcIssuer: more.certificateOidcIssuer ?? "",
    certificateOidcIssuerRegexp: more.certificateOidcIssuerRegexp ?? "",
  };
  const isGiven = Object.values(identity).some((text) => text !== "" && text !== false);
  return [...key.map((path) => ({ ...NO_SIGNER, key: path })), ...isGiven ? [identity] : []];
}

async function tell(outcomes: readonly Outcome[]): Promise<void> {
  for (const { result, installed, error } of outcomes) {
    if (error !== undefined) console.error(`Error: ${error.message}`);
    else {
      const { name, version, digest, signedBy, files } = installed!;
      const signed = signedBy === "" ? "" : `, signed by ${signedBy}`;
      await printText(
        `${result}: ${name} ${version} (${digest}${signed}): ${files.map((file) => file.name).join(", ")}\n`,
      );
    }
  }
}

async function print(
  options: ArtifactOptions,
  value: unknown,
  rows: readonly (readonly string[])[],
): Promise<void> {
  await printText(
    options.json === true
      ? `${jsonText(value)}\n`
      : `${columns(stdoutPage(), rows.map((row) => row.map((text) => ({ text }))), 0)}\n`,
  );
}

function after(hint: string | undefined): string {
  return hint === undefined ? "" : `; ${hint}`;
}
