// Which container engines are asked, and where.
// In: `init_config` of the plugin `container`, `container_engines` of older configurations; both as JSON values. Out:
// settings, and a line for each value that cannot be used.
// Elsewhere: falco.yaml itself (config/), the sockets in use (engine_list.ts).

import { listOf, messageOf, objectOf, textsOf } from "../../base/mod.ts";

export type EngineName = "docker" | "podman" | "cri" | "containerd";

export interface SocketEngine {
  readonly enabled: boolean;
  /** without the root of the host's file system; empty: the usual places */
  readonly sockets: readonly string[];
}

export interface ContainerSettings {
  readonly engines: Readonly<Record<EngineName, SocketEngine>>;
  readonly cgroups: Readonly<Record<CgroupEngine, boolean>>;
  /** labels with longer values are left out */
  readonly labelMaxLength: number;
  /** asks how much a container has written, which takes an engine long */
  readonly withSize: boolean;
  /** how long an engine may take to list its containers */
  readonly listTimeoutMs: number;
  readonly hooks: { readonly create: boolean; readonly start: boolean };
}

const SOCKET_ENGINES = [
  "docker",
  "podman",
  "cri",
  "containerd",
] as const satisfies readonly EngineName[];

/** Known from the names of cgroups alone: there is nobody to ask. */
const CGROUP_ENGINES = ["lxc", "libvirt_lxc", "bpm"] as const;
export type CgroupEngine = typeof CGROUP_ENGINES[number];

/** Where the settings set no limit: nothing waits for a list, but an engine that never answers has to be asked again. */
const LONGEST_LIST_MS = 20_000;

export const DEFAULT_CONTAINER_SETTINGS: ContainerSettings = {
  engines: Object.fromEntries(
    SOCKET_ENGINES.map((name) => [name, { enabled: true, sockets: [] }]),
  ) as unknown as ContainerSettings["engines"],
  cgroups: { lxc: true, libvirt_lxc: true, bpm: true },
  labelMaxLength: 100,
  withSize: false,
  listTimeoutMs: 10_000,
  hooks: { create: true, start: true },
};

export interface ReadSettings {
  readonly settings: ContainerSettings;
  readonly problems: readonly string[];
}

/** @param initConfig a mapping, or its JSON as text */
export function readContainerSettings(initConfig: unknown, containerEngines?: unknown): ReadSettings {
  const problems: string[] = [];
  const written = objectOf(typeof initConfig === "string" ? parse(initConfig, problems) : initConfig);
  const defaults = DEFAULT_CONTAINER_SETTINGS;
  const wrong = (key: string, what: string) => problems.push(`${key} must be ${what}`);

  const older = readEngines(containerEngines, "container_engines", defaults, wrong);
  const { engines, cgroups } = readEngines(written["engines"], "init_config.engines", older, wrong);
  let { labelMaxLength, withSize, listTimeoutMs, hooks } = defaults;
  const { label_max_len, with_size, engine_timeout, hooks: hookNames } = written;
  if (isNatural(label_max_len)) labelMaxLength = label_max_len;
  else if (label_max_len !== undefined) wrong("init_config.label_max_len", "a number of characters");
  if (typeof with_size === "boolean") withSize = with_size;
  else if (with_size !== undefined) wrong("init_config.with_size", "true or false");
  if (isNatural(engine_timeout)) {
    listTimeoutMs = engine_timeout === 0 ? LONGEST_LIST_MS : engine_timeout * 1000;
  } else if (engine_timeout !== undefined) wrong("init_config.engine_timeout", "a number of seconds");
  if (hookNames !== undefined) {
    const names = listOf(hookNames);
    if (names.length === 0 || names.some((name) => name !== "create" && name !== "start")) {
      wrong("init_config.hooks", "a list of create and start");
    } else hooks = { create: names.includes("create"), start: names.includes("start") };
  }
  return { settings: { engines, cgroups, labelMaxLength, withSize, listTimeoutMs, hooks }, problems };
}

type Engines = Pick<ContainerSettings, "engines" | "cgroups">;

function readEngines(
  written: unknown,
  key: string,
  before: Engines,
  wrong: (key: string, what: string) => void,
): Engines {
  const engines = { ...before.engines };
  const cgroups = { ...before.cgroups };
  for (const [name, value] of Object.entries(objectOf(written))) {
    const { enabled, sockets } = objectOf(value);
    if (enabled !== undefined && typeof enabled !== "boolean") {
      wrong(`${key}.${name}.enabled`, "true or false");
    }
    const engine = SOCKET_ENGINES.find((known) => known === name);
    const cgroup = CGROUP_ENGINES.find((known) => known === name);
    if (engine !== undefined) {
      engines[engine] = {
        enabled: typeof enabled === "boolean" ? enabled : engines[engine].enabled,
        sockets: readSockets(sockets, `${key}.${name}.sockets`, wrong) ?? engines[engine].sockets,
      };
    } else if (cgroup !== undefined) {
      cgroups[cgroup] = typeof enabled === "boolean" ? enabled : cgroups[cgroup];
    } else if (name !== "static") {
      wrong(`${key}.${name}`, `one of ${[...SOCKET_ENGINES, ...CGROUP_ENGINES].join(", ")}`);
    } else if (enabled === true) {
      wrong(`${key}.static.enabled`, "false: containers are told apart by their cgroups");
    }
  }
  return { engines, cgroups };
}

/** @returns undefined when nothing usable is written: the usual places */
function readSockets(
  written: unknown,
  key: string,
  wrong: (key: string, what: string) => void,
): string[] | undefined {
  if (written === undefined || written === null) return undefined;
  const usable = textsOf(written).filter((path) => path !== "");
  if (!Array.isArray(written) || usable.length < written.length) wrong(key, "a list of paths");
  return usable.length === 0 ? undefined : usable.map((path) => path.replace(/^unix:\/\//, ""));
}

function isNatural(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function parse(text: string, problems: string[]): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    problems.push(`init_config must be a mapping or JSON: ${messageOf(error)}`);
    return {};
  }
}
