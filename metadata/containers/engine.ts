// What every source of facts about containers can do: a contract.
// Elsewhere: the sources (engines/), when they are asked (engine_session.ts, directory.ts).

import type { ContainerFacts } from "./container_facts.ts";
import type { DirectoryCause } from "./directory_counters.ts";
import type { EngineLimits } from "./engine_limits.ts";

export type EngineEvent =
  | { readonly kind: "created" | "started" | "renamed"; readonly id: string; readonly facts?: ContainerFacts }
  | { readonly kind: "removed"; readonly id: string };

export interface ContainerEngine {
  /** Who answers, in one word or two; throws when nobody does, or somebody else. */
  connect(signal: AbortSignal): Promise<string>;
  /** All containers, with whatever a list tells about them. */
  list(signal: AbortSignal): Promise<ContainerFacts[]>;
  /** Everything about the container whose id begins so; undefined: this engine has no such container. */
  inspect(id: string, signal: AbortSignal): Promise<ContainerFacts | undefined>;
  /** What can be told about a container that `inspect` does not know yet. */
  glimpse?(id: string, signal: AbortSignal): Promise<ContainerFacts | undefined>;
  /** Reports what happens until the engine ends the stream (returns) or fails (throws). */
  watch(onEvent: (event: EngineEvent) => void, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Something answers, and it is no engine of this kind: a containerd without its CRI plugin. */
export class NoSuchEngine extends Error {
  override readonly name = "NoSuchEngine";
}

export interface EngineOptions {
  /** of the engine's socket, or of its files */
  readonly path: string;
  /** what keeps the engine from doing all that it can, told once */
  readonly onTrouble?: (reason: string) => void;
  readonly withSize: boolean;
  readonly limits: EngineLimits;
  /** of a user's: whether an event has named this container; others are not worth their reading */
  readonly isWanted?: (id: string) => boolean;
  /** something that it said could not be read, and was left out */
  readonly count: (cause: DirectoryCause) => void;
}
