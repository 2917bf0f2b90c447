// A case as it happens: its processes, which open files and start programs, and the records of what they do.
// In: a world, then steps. Out: blocks for the matcher; events of other sources.
// Elsewhere: what each word does (words/), the bytes (event_bytes.ts, world_blocks.ts).

import { BlockWriter } from "../../scap/mod.ts";
import { writeEventBlock } from "./event_bytes.ts";
import type { Actor, Stage, Step } from "./step.ts";
import { BEGIN_NS, BETWEEN_EVENTS_NS, type World } from "./world.ts";
import { writeWorld } from "./world_blocks.ts";

/** Who takes what happens. */
export interface Audience {
  feed(blocks: Uint8Array): void;
  setEvaluating(on: boolean): void;
  /** a whole recording; resolves when it has been evaluated */
  replay(path: string): Promise<void>;
  json(source: string, text: Uint8Array): void;
}

/** `times` within `do` multiply. */
const MAX_EVENTS = 100_000;
const FIRST_FREE_FD = 3;
const FLUSH_BYTES = 1 << 20;
const FIRST_SPAWNED_PID = 2000;

export class Scene implements Stage {
  readonly world: World;
  readonly #audience: Audience;
  readonly #writer: BlockWriter;
  readonly #actors = new Map<number, Actor>();
  readonly #named = new Map<string, Actor>();
  readonly #actor: Actor;
  #timeNs = BEGIN_NS;
  #nextPid: number;
  #step: Step | undefined;
  #steps = new Map<bigint, Step>();
  #port = 40000;
  #events = 0;

  constructor(world: World, audience: Audience, writer = new BlockWriter(1 << 16)) {
    this.world = world;
    this.#audience = audience;
    this.#writer = writer;
    for (const process of world.processes) {
      const open = [...process.files.keys()];
      const nextFd = Math.max(FIRST_FREE_FD, ...open.map((fd) => fd + 1));
      this.#actors.set(process.pid, { process, nextFd, lastFd: open.at(-1) ?? FIRST_FREE_FD });
    }
    for (const [name, { pid }] of world.named) this.#named.set(name, this.#actors.get(pid)!);
    this.#actor = this.#actors.get(world.actor.pid)!;
    this.#nextPid = Math.max(FIRST_SPAWNED_PID, ...world.processes.map(({ pid }) => pid + 1));
    // what was evaluated before is another case
    audience.setEvaluating(false);
    writeWorld(this.#writer, world);
    this.flush();
  }

  async play(steps: readonly Step[], isEvaluated: boolean): Promise<void> {
    this.#audience.setEvaluating(isEvaluated);
    await this.#play(steps, this.#actor);
    this.flush();
  }

  /** Which step an event of this time belongs to. */
  stepAt(timeNs: bigint): Step | undefined {
    return this.#steps.get(timeNs);
  }

  async #play(steps: readonly Step[], actor: Actor): Promise<void> {
    for (const step of steps) {
      const doer = step.by === undefined ? actor : this.#named.get(step.by) ?? actor;
      this.#timeNs += step.afterNs;
      for (let time = 0; time < step.times; time++) {
        this.#step = step;
        const done = step.action(this, doer);
        const made = done instanceof Promise ? await done : done;
        if (made === undefined) continue;
        if (step.as !== undefined) this.#named.set(step.as, made);
        await this.#play(step.then, made);
      }
    }
  }

  emit(actor: Actor, code: number, params: readonly Uint8Array[]): void {
    if (++this.#events > MAX_EVENTS) throw new Error(`there are more than ${MAX_EVENTS} events`);
    this.#timeNs += BETWEEN_EVENTS_NS;
    if (this.#step !== undefined) this.#steps.set(this.#timeNs, this.#step);
    writeEventBlock(this.#writer, { code, tid: actor.process.pid, timeNs: this.#timeNs, params });
    if (this.#writer.length > FLUSH_BYTES) this.flush();
  }

  flush(): void {
    if (this.#writer.length > 0) this.#audience.feed(this.#writer.take());
  }

  async replay(path: string): Promise<void> {
    this.flush();
    await this.#audience.replay(path);
  }

  json(source: string, text: Uint8Array): void {
    this.#audience.json(source, text);
  }

  openFd(actor: Actor): number {
    return actor.lastFd = actor.nextFd++;
  }

  nextPort(): number {
    return this.#port++;
  }

  fork(actor: Actor): Actor {
    const pid = this.#nextPid++;
    const { process } = actor;
    const isContained = process.container !== undefined;
    const child: Actor = {
      ...actor,
      process: {
        ...process,
        pid,
        parentPid: process.pid,
        vpid: isContained ? pid - FIRST_SPAWNED_PID + 10 : pid,
      },
    };
    this.#actors.set(pid, child);
    return child;
  }
}
