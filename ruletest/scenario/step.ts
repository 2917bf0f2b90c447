// One step of a scenario, read: who does it, and what is done.
// Types only. Elsewhere: reading it (suite/read_steps.ts), the words (words/), the scene that plays it (scene.ts).

import type { Span } from "../../rules/mod.ts";
import type { Process } from "./world.ts";

export interface Step {
  /** as written, for reports */
  readonly text: string;
  readonly span: Span;
  /** name of the process that does it */
  readonly by?: string;
  readonly times: number;
  /** passes before it */
  readonly afterNs: bigint;
  readonly action: Action;
  /** the name that a new process gets, and what it does */
  readonly as?: string;
  readonly then: readonly Step[];
}

/** Returns the process that it made, if it made one. */
export type Action = (scene: Stage, actor: Actor) => Actor | void | Promise<void>;

/** A process with what changes while the case goes on. */
export interface Actor {
  process: Process;
  nextFd: number;
  /** what it opened last */
  lastFd: number;
}

/** What actions may ask of the scene. */
export interface Stage {
  emit(actor: Actor, code: number, params: readonly Uint8Array[]): void;
  /** A file descriptor that nobody has used. */
  openFd(actor: Actor): number;
  /** Ports of clients differ, so that connections do. */
  nextPort(): number;
  /** A child that is like its parent in everything. */
  fork(actor: Actor): Actor;
  /** A whole recording. */
  replay(path: string): Promise<void>;
  /** Events of a source other than system calls. */
  json(source: string, text: Uint8Array): void;
}
