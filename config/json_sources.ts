// Which sources of events run: system calls, and sources of JSON events with their inputs.
// In: settings (`sources`, the plugins k8saudit and json, `k8s_audit_endpoint`), --enable-source and --disable-source. Out:
// a plan, and what is wrong with it.
// Elsewhere: running it (service/json/json_sources.ts), the keys (config/keys/plugins.ts, config/plugins/plugins.ts).

import { MAX_BATCH_BYTES, MAX_EVENT_BYTES } from "./json_limits.ts";
import type { Settings } from "./settings.ts";

export const SYSCALL = "syscall";
export const K8S_AUDIT = "k8s_audit";

export type JsonInput =
  | {
    readonly kind: "http";
    /** empty: every address of this host */
    readonly host: string;
    readonly port: number;
    readonly path: string;
    /** PEM with private key and certificate */
    readonly certificate?: string;
    /** PEM: only clients with a certificate of these authorities */
    readonly clientCa?: string;
    /** file with the token that a request must show */
    readonly tokenFile?: string;
  }
  /** a file or folder, to its end */
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "tail"; readonly path: string; readonly fromStart: boolean }
  | { readonly kind: "stdin" };

export interface JsonInputPlan {
  readonly source: string;
  readonly format: "json" | "k8s_audit";
  readonly input: JsonInput;
  /** pointer to the time of an event */
  readonly time?: string;
  /** pointer to an array of events */
  readonly items?: string;
  readonly maxEventBytes: number;
  readonly maxBatchBytes: number;
  readonly queueEvents: number;
  readonly queueBytes: number;
}

export interface EventSources {
  /** whether this host's system calls are watched */
  readonly syscall: boolean;
  readonly inputs: readonly JsonInputPlan[];
  /** every source that is enabled */
  readonly names: readonly string[];
  /** every source that could be */
  readonly known: readonly string[];
}

export const SYSCALLS_ALONE: EventSources = {
  syscall: true,
  inputs: [],
  names: [SYSCALL],
  known: [SYSCALL],
};

export interface SourceChoice {
  readonly enable?: readonly string[];
  readonly disable?: readonly string[];
}

export interface PlannedSources {
  readonly sources: EventSources;
  /** of settings: what they are about is left out */
  readonly problems: readonly string[];
  /** of the command line */
  readonly wrongFlags: readonly string[];
}

/** @param isPluginListWritten whether there is a `load_plugins`: without it all plugins are loaded */
export function planSources(
  settings: Settings,
  isPluginListWritten: boolean,
  choice: SourceChoice = {},
): PlannedSources {
  const problems: string[] = [];
  // a recording holds system calls; as in Falco, the flags mean nothing then
  if (settings["engine.kind"] === "replay") return { problems, wrongFlags: [], sources: SYSCALLS_ALONE };
  const inputs = [
    ...pluginInputs(settings, isPluginListWritten, problems),
    ...endpointInput(settings, problems),
    ...listedInputs(settings, problems),
  ];
  const webPort = settings["webserver.enabled"] ? settings["webserver.listen_port"] : 0;
  for (const { source, input } of inputs) {
    if (webPort === 0 || input.kind !== "http" || input.port !== webPort) continue;
    problems.push(
      `the source ${source} and webserver.listen_port are both at port ${webPort}: the web server stays closed; ` +
        "choose another port for one of them",
    );
  }
  const known = [...new Set([SYSCALL, ...inputs.map(({ source }) => source)])];
  const isSyscall = settings["engine.kind"] !== "nodriver";
  const wrongFlags: string[] = [];
  const enabled = chosen(isSyscall ? known : known.slice(1), known, choice, wrongFlags);
  return {
    problems,
    wrongFlags,
    sources: {
      syscall: enabled.includes(SYSCALL),
      inputs: inputs.filter(({ source }) => enabled.includes(source)),
      names: enabled,
      known,
    },
  };
}

function chosen(
  all: readonly string[],
  known: readonly string[],
  { enable = [], disable = [] }: SourceChoice,
  problems: string[],
): readonly string[] {
  if (enable.length > 0 && disable.length > 0) {
    problems.push("--enable-source and --disable-source cannot be used together");
  }
  for (const name of [...enable, ...disable]) {
    if (!known.includes(name)) {
      problems.push(`there is no event source ${name}: those of this configuration are ${known.join(", ")}`);
    }
  }
  const left = enable.length > 0
    ? known.filter((name) => enable.includes(name))
    : all.filter((name) => !disable.includes(name));
  if (left.length === 0 && all.length > 0) problems.push("all event sources are disabled");
  return left;
}

/** Keys of init_config that decide who is heard. */
const PROTECTING = ["sslCertificate", "clientCa", "tokenFile"];

function pluginInputs(
  settings: Settings,
  isPluginListWritten: boolean,
  problems: string[],
): JsonInputPlan[] {
  return settings.plugins.flatMap(({ name, init_config: config, open_params: params = "" }, at) => {
    if (name !== "k8saudit" || (isPluginListWritten && !settings.load_plugins.includes(name))) return [];
    const init = initConfig(config);
    // what is wrong there has been reported: it must not leave the door open
    if (PROTECTING.some((key) => init[key] !== undefined && typeof init[key] !== "string")) return [];
    const input = parseInput(params, `plugins[${at}].open_params`, {
      certificate: textOf(init["sslCertificate"]) ?? "/etc/falco/falco.pem",
      clientCa: textOf(init["clientCa"]),
      tokenFile: textOf(init["tokenFile"]),
    }, problems);
    return input === undefined ? [] : [{
      source: K8S_AUDIT,
      format: "k8s_audit" as const,
      input,
      maxEventBytes: numberOf(init["maxEventSize"]) ?? MAX_EVENT_BYTES,
      maxBatchBytes: numberOf(init["webhookMaxBatchSize"]) ?? MAX_BATCH_BYTES,
      queueEvents: numberOf(init["queueEvents"]) ?? 20_000,
      queueBytes: numberOf(init["queueBytes"]) ?? 67_108_864,
    }];
  });
}

/** The key of Falco before it had plugins. */
function endpointInput(settings: Settings, problems: string[]): JsonInputPlan[] {
  const url = settings.k8s_audit_endpoint;
  if (url === "") return [];
  const certificate = settings["webserver.ssl_certificate"];
  const input = parseInput(url, "k8s_audit_endpoint", { certificate }, problems);
  if (input === undefined) return [];
  if (input.kind !== "http") {
    problems.push('k8s_audit_endpoint must be a URL as "http://localhost:9765/k8s-audit"');
    return [];
  }
  return [{
    source: K8S_AUDIT,
    format: "k8s_audit",
    input,
    maxEventBytes: MAX_EVENT_BYTES,
    maxBatchBytes: MAX_BATCH_BYTES,
    queueEvents: 20_000,
    queueBytes: 67_108_864,
  }];
}

function listedInputs(settings: Settings, problems: string[]): JsonInputPlan[] {
  return settings.sources.flatMap((entry, at) => {
    const key = `sources[${at}]`;
    const before = problems.length;
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(entry.name)) {
      problems.push(`${key}.name must be made of letters, digits, _ and -`);
    }
    if ([SYSCALL, "internal"].includes(entry.name)) {
      problems.push(`${key}.name must not be ${entry.name}, which is a source of its own`);
    }
    if ((entry.name === K8S_AUDIT) !== (entry.format === K8S_AUDIT)) {
      problems.push(`${key}: format k8s_audit and the name k8s_audit belong together`);
    }
    for (const pointer of ["time", "items"] as const) {
      const text = entry[pointer];
      if (text !== undefined && !text.startsWith("/")) {
        problems.push(`${key}.${pointer} must be a pointer that begins with a slash, as /eventTime`);
      }
    }
    const input = listedInput(entry, key, problems);
    return input === undefined || problems.length > before ? [] : [{
      source: entry.name,
      format: entry.format,
      input,
      ...(entry.time === undefined ? {} : { time: entry.time }),
      ...(entry.items === undefined ? {} : { items: entry.items }),
      maxEventBytes: entry.max_event_size,
      maxBatchBytes: entry.max_batch_size,
      queueEvents: entry.queue_events,
      queueBytes: entry.queue_bytes,
    }];
  });
}

/** `input` is one of four words, or says everything itself, as open_params does. */
function listedInput(
  entry: Settings["sources"][number],
  key: string,
  problems: string[],
): JsonInput | undefined {
  const tls = { certificate: entry.certificate, clientCa: entry.client_ca, tokenFile: entry.token_file };
  const fromStart = entry.from === "start";
  const needed = (name: "path" | "url") => {
    const value = entry[name];
    if (value === undefined || value === "") {
      problems.push(`${key} with input ${entry.input} must have ${name}`);
    }
    return value;
  };
  switch (entry.input) {
    case "stdin":
    case "-":
      return { kind: "stdin" };
    case "file": {
      const path = needed("path");
      return path === undefined ? undefined : { kind: "file", path };
    }
    case "tail": {
      const path = needed("path");
      return path === undefined ? undefined : { kind: "tail", path, fromStart };
    }
    case "http": {
      const url = needed("url");
      return url === undefined ? undefined : parseInput(url, `${key}.url`, tls, problems, fromStart);
    }
    default:
      return parseInput(entry.input, `${key}.input`, tls, problems, fromStart);
  }
}

interface TlsFiles {
  readonly certificate?: string | undefined;
  readonly clientCa?: string | undefined;
  readonly tokenFile?: string | undefined;
}

const HTTP_URL = /^(https?):\/\/(\[[0-9a-fA-F:.]+\]|[^:/\[\]?#]*)(?::(\d{1,5}))?(\/[^?#]*)?$/;
const SCHEME = /^([a-zA-Z][a-zA-Z0-9+.-]*):\/\//;

/** A URL to listen at, file:///PATH to follow, or a path to read to its end: what k8saudit takes as open_params. */
function parseInput(
  written: string,
  key: string,
  { certificate, clientCa, tokenFile }: TlsFiles,
  problems: string[],
  fromStart = false,
): JsonInput | undefined {
  const text = written.trim();
  if (text === "") {
    problems.push(`${key} must say where events come from: a URL to listen at, a file or a folder`);
    return undefined;
  }
  const scheme = SCHEME.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: "file", path: text };
  if (scheme === "file") return { kind: "tail", path: text.slice("file://".length), fromStart };
  const url = HTTP_URL.exec(text);
  const port = Number(url?.[3] ?? (scheme === "https" ? 443 : 80));
  if (url === null || port > 65_535) {
    problems.push(
      scheme === "http" || scheme === "https"
        ? `${key} must be a URL as ${scheme}://:9765/k8s-audit`
        : `${key}: there are no inputs of the kind ${scheme}://, but http://, https:// and file://`,
    );
    return undefined;
  }
  if (scheme === "https" && (certificate === undefined || certificate === "")) {
    problems.push(`${key}: https needs a certificate, a PEM file with private key and certificate`);
    return undefined;
  }
  if (scheme === "http" && clientCa !== undefined) {
    problems.push(`${key}: certificates of clients need https`);
    return undefined;
  }
  return {
    kind: "http",
    host: url[2]!.replace(/^\[|\]$/g, ""),
    port,
    path: url[4] ?? "/",
    ...(scheme === "https" ? { certificate: certificate! } : {}),
    ...(clientCa === undefined ? {} : { clientCa }),
    ...(tokenFile === undefined ? {} : { tokenFile }),
  };
}

/** A mapping, or its JSON as text; what is wrong in it has been reported with its place (config/plugins/check.ts). */
function initConfig(config: unknown): Readonly<Record<string, unknown>> {
  let value = config;
  if (typeof config === "string") {
    try {
      value = JSON.parse(config);
    } catch {
      return {};
    }
  }
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 ? value : undefined;
}
