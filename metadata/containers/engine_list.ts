// The engines of a host and the places where they are met.
// In: settings, the root of the host's file system. Out: a description of each engine, and sessions with them.
// Elsewhere: what a session does (engine_session.ts). gRPC is loaded only when a socket that needs it is there.

import { basename, join } from "node:path";
import { listFolder, readRegularText } from "../../files/mod.ts";
import { readUsers } from "../users.ts";
import type { ContainerEngine, EngineOptions } from "./engine.ts";
import type { EngineDescription, EngineKind } from "./engine_description.ts";
import { limitsFor } from "./engine_limits.ts";
import { findEnginePlace } from "./engine_place.ts";
import { EngineSession, type SessionOptions } from "./engine_session.ts";
import type { ContainerSettings, EngineName } from "./settings.ts";

export type SessionPort =
  & Pick<SessionOptions, "onFacts" | "onRemoved" | "onListed" | "isMet" | "count" | "log">
  & { readonly settings: ContainerSettings };

const USUAL_SOCKETS: Readonly<Record<EngineName, readonly string[]>> = {
  docker: ["/var/run/docker.sock"],
  podman: ["/run/podman/podman.sock"],
  cri: [
    "/run/containerd/containerd.sock",
    "/run/crio/crio.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/host-containerd/containerd.sock",
  ],
  // Falco asks the last one only; the others tell about containers that Kubernetes did not make
  containerd: [
    "/run/containerd/containerd.sock",
    "/run/k3s/containerd/containerd.sock",
    "/run/host-containerd/containerd.sock",
  ],
};
/** Falco's chart writes them all down, wherever it is: that one of them is not there says nothing. */
const KNOWN_SOCKETS = new Set([...Object.values(USUAL_SOCKETS).flat(), "/run/docker.sock"]);
const MAX_USERS = 1000;
const MAX_CONFIG_BYTES = 1 << 20;
const STORAGE_DRIVERS = ["overlay", "vfs", "btrfs", "zfs"];

export function listEngines(settings: ContainerSettings, hostRoot: string): EngineDescription[] {
  const found: EngineDescription[] = [];
  for (const [name, { enabled, sockets }] of Object.entries(settings.engines)) {
    if (!enabled) continue;
    const engine = name as EngineName;
    const isUsual = sockets.length === 0;
    const paths = isUsual ? USUAL_SOCKETS[engine] : withRuntimesOfCri(engine, sockets, settings);
    const root = hostRoot || "/";
    for (const path of paths) {
      const place = { engine, path: join(root, path), ...hostRoot === "" ? {} : { base: root } };
      found.push(KNOWN_SOCKETS.has(path) ? place : { ...place, isConfigured: true });
    }
    if (engine !== "podman") continue;
    const users = isUsual ? foldersIn(join(root, "run/user")) : [];
    for (const base of users) {
      const owner = Number(basename(base));
      if (Number.isInteger(owner)) {
        found.push({ engine, path: join(base, "podman/podman.sock"), base, owner });
      }
    }
    for (const storage of storagesOf(hostRoot)) {
      for (const driver of STORAGE_DRIVERS) {
        const path = join(storage.path, `${driver}-containers`);
        found.push({ ...storage, engine: "podman_storage", path });
      }
    }
  }
  return found;
}

/**
 * Falco's chart names one socket of containerd that hardly any node has. Where the CRI is asked at a containerd, that has
 * containers of nobody's pods, too.
 */
function withRuntimesOfCri(
  engine: EngineName,
  sockets: readonly string[],
  { engines: { cri } }: ContainerSettings,
): readonly string[] {
  if (engine !== "containerd" || !cri.enabled || !sockets.every((path) => KNOWN_SOCKETS.has(path))) {
    return sockets;
  }
  const ofCri = cri.sockets.length === 0 ? USUAL_SOCKETS.cri : cri.sockets;
  return [...new Set([...sockets, ...ofCri.filter((path) => basename(path) === "containerd.sock")])];
}

/**
 * Of root, and of everybody who is logged in or lingers. Homes of others are not looked at: they may be on a server, and
 * one that does not answer would hold up everything.
 */
function storagesOf(hostRoot: string): Omit<EngineDescription, "engine">[] {
  const root = hostRoot || "/";
  const moved = /^\s*graphroot\s*=\s*"([^"]+)"/m.exec(
    readRegularText(join(root, "etc/containers/storage.conf"), MAX_CONFIG_BYTES) ?? "",
  )
    ?.[1];
  const present = new Set(foldersIn(join(root, "run/user")).map((path) => Number(basename(path))));
  const homes = present.size === 0 ? [] : readUsers(hostRoot).users
    .filter(({ uid, home }) => uid !== 0 && present.has(uid) && home.startsWith("/"))
    .map(({ uid, home }) => {
      const base = join(root, home);
      return { path: join(base, ".local/share/containers/storage"), base, owner: uid };
    });
  return [
    { path: join(root, moved ?? "var/lib/containers/storage"), ...hostRoot === "" ? {} : { base: root } },
    ...homes,
  ];
}

export function openSession(description: EngineDescription, port: SessionPort): EngineSession {
  const { engine, path } = description;
  const { settings, ...callbacks } = port;
  return new EngineSession({
    engine,
    path,
    hooks: settings.hooks,
    listTimeoutMs: settings.listTimeoutMs,
    // files tell a part: no labels
    tellsAll: engine !== "podman_storage",
    isConfigured: description.isConfigured === true,
    findPlace: (onNothing) => findEnginePlace(description, onNothing),
    open: ({ path: pinned, owner }) =>
      openEngine(engine, {
        path: pinned,
        onTrouble: (reason) =>
          callbacks.log("warning", `containers: ${engine} at ${path} is looked at every second: ${reason}`),
        withSize: settings.withSize,
        limits: limitsFor(owner),
        ...owner === 0 ? {} : { isWanted: port.isMet },
        count: (cause) => port.count(engine, cause),
      }),
    ...callbacks,
  });
}

async function openEngine(engine: EngineKind, options: EngineOptions): Promise<ContainerEngine> {
  switch (engine) {
    case "docker":
      return new (await import("./engines/docker.ts")).DockerEngine(options);
    case "podman":
      return new (await import("./engines/podman.ts")).PodmanEngine(options);
    case "podman_storage":
      return new (await import("./engines/podman_storage.ts")).PodmanStorage(options);
    case "cri":
      return new (await import("./engines/cri.ts")).CriEngine(options);
    case "containerd":
      return new (await import("./engines/containerd.ts")).ContainerdEngine(options);
  }
}

function foldersIn(path: string): string[] {
  const found = listFolder(path, MAX_USERS);
  if ("problem" in found) return [];
  // not looked at: a user may have mounted there what never answers
  return found.names.filter((name) => /^\d+$/.test(name)).map((name) => join(path, name));
}
