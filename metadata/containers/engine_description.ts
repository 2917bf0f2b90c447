// An engine that may be there, and where.

import type { EngineName } from "./settings.ts";

export type EngineKind = EngineName | "podman_storage";

export interface EngineDescription {
  readonly engine: EngineKind;
  /** of its socket or folder, with the root of the host's file system in front */
  readonly path: string;
  /** folder in front of it that only root can change; without one, the root of the host's file system is */
  readonly base?: string;
  /** the owner of `base`, where that is a user: nobody else counts there */
  readonly owner?: number;
  /** the settings name this place, which is not one of the usual ones */
  readonly isConfigured?: boolean;
}
