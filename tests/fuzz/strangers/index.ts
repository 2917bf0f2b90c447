// All strangers, by their names.

import type { Stranger } from "../stranger.ts";
import auditBodies from "./audit_bodies.ts";
import cgroupNames from "./cgroup_names.ts";
import containerRoots from "./container_roots.ts";
import grpcEngine from "./grpc_engine.ts";
import httpEngine from "./http_engine.ts";
import kubeApi from "./kube_api.ts";
import processes from "./processes.ts";
import watchedFolders from "./watched_folders.ts";

const ALL: readonly Stranger[] = [
  ...[auditBodies, cgroupNames, containerRoots, grpcEngine, httpEngine, kubeApi, processes, watchedFolders],
];

export const STRANGERS: Readonly<Record<string, Stranger>> = Object.fromEntries(
  ALL.map((stranger) => [stranger.name, stranger]),
);
