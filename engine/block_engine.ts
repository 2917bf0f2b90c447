// Evaluates events of system calls that are whole `.scap` blocks, in the calling thread: tests of rules and explanations,
// which have few events and ask for each.
// In: compiled rules, then blocks. Out: alerts, before the call returns.
// Elsewhere: runs of any length with a source of their own (engine.ts), events that are JSON (json_engine.ts).

import { BlockFeeder, IngestError } from "../sources/mod.ts";
import type { Alert } from "../alerts/mod.ts";
import { readAlert } from "./alert_reader.ts";
import { Matcher } from "./matcher.ts";
import { createMemory, planMemory } from "./memory_plan.ts";
import { matcherWasm } from "./program_files.ts";
import { type RuleCode, RuleSlot } from "./rule_module.ts";

const HEAP_BYTES = 64 << 20;
const MAX_THREADS = 16_384;
const MAX_FDS = 65_536;

export interface BlockEngineOptions {
  readonly onAlert: (alert: Alert) => void;
  /** a recording of a whole host needs more than a test; defaults 16,384 and 65,536 */
  readonly maxThreads?: number;
  readonly maxFds?: number;
  readonly heapBytes?: number;
}

export class BlockEngine {
  readonly matcher: Matcher;
  readonly rules: RuleSlot;
  #feeder: BlockFeeder;

  constructor(
    { onAlert, maxThreads = MAX_THREADS, maxFds = MAX_FDS, heapBytes = HEAP_BYTES }: BlockEngineOptions,
  ) {
    const plan = planMemory(heapBytes, 0, 0);
    const memory = createMemory(plan);
    const bytes = new Uint8Array(memory.buffer);
    this.matcher = new Matcher(matcherWasm(), memory, { heapEnd: plan.heapEnd, maxThreads, maxFds }, {
      onAlert: (rule, at, length) => {
        if (rule >= 0) onAlert(readAlert(bytes.slice(at, at + length) as Uint8Array<ArrayBuffer>));
      },
      // nothing of what is evaluated here happens now
      now: () => 0n,
    });
    this.rules = new RuleSlot(this.matcher, false);
    this.#feeder = new BlockFeeder(this.matcher);
  }

  /** From the next event on these rules evaluate. When it throws, the old rules stay active. */
  put(rules: RuleCode): void {
    this.rules.put(rules);
  }

  /** Blocks in chunks of any length. A section header among them forgets all state. @throws IngestError */
  feed(chunk: Uint8Array): void {
    try {
      this.#feeder.feed(chunk);
    } catch (error) {
      this.#feeder = new BlockFeeder(this.matcher);
      throw error;
    }
  }

  /** Before the first chunk of a file: places of damage count from here. */
  beginFile(): void {
    this.#feeder = new BlockFeeder(this.matcher);
  }

  /** After the last chunk of a file. @throws IngestError when it ends within a block */
  endOfFile(): void {
    const { pendingBytes, pendingOffset } = this.#feeder;
    if (pendingBytes === 0) return;
    this.#feeder = new BlockFeeder(this.matcher);
    throw new IngestError(
      pendingOffset,
      `the file ends within the block that begins at byte ${pendingOffset}`,
    );
  }

  /** While off, events only change the state. */
  setEvaluating(on: boolean): void {
    this.matcher.set_evaluating(on ? 1 : 0);
  }
}
