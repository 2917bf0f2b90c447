// Processes and open files that turn up in events without having been seen to begin: read from /proc when the matcher asks,
// in the middle of a batch, so that the event that asked is evaluated with the answer.
// In: the question (assembly/state/look_up.ts). Out: blocks of a process list and a file list for the matcher's `look_up`.
// Bounded in number and in time, each by what has gathered since: a flood of unknown threads costs no more than a share of
// this thread, and those beyond are evaluated with what is known. What is read cannot block for long: links, the kernel's own
// texts, file facts that are at hand (a file system of a user is not asked), and the command line with a time limit.
// Elsewhere: reading a process (process_scan.ts), its files (fd_scan.ts).

import { lateReads } from "../../ffi/mod.ts";
import { BlockWriter, writeFdList, writeProcessList } from "../../scap/mod.ts";
import type { ThreadQuestion } from "../matcher_port.ts";
import { ProcessReader } from "./process_scan.ts";

/** Questions that may gather, and how many come in a second. */
const MAX_QUESTIONS = 200;
const QUESTIONS_PER_SECOND = 100;
/** The same for the time that answers take. */
const MAX_SPENT_MS = 100;
const SPENT_MS_PER_SECOND = 50;
/** of one process */
const MAX_FDS = 1024;
/** of the mounts of a mount namespace, of the sockets of a protocol in a network namespace: anybody can make many */
const MAX_TABLE_BYTES = 2 << 20;
/** What processes share (mounts, socket tables) is read again after this long. */
const READER_LIFE_MS = 200;
/** The kernel counts starts in ticks of 10 ms, rounded down; clocks are compared. */
const START_SLACK_NS = 20_000_000n;

export class ThreadLookup {
  readonly #hostRoot: string;
  readonly #bootEpochNs: bigint;
  readonly #deliver: (blocks: Uint8Array<ArrayBuffer>) => void;
  #reader: ProcessReader | undefined;
  #readerMs = 0;
  #questions = MAX_QUESTIONS;
  #spentMs = MAX_SPENT_MS;
  #countedMs = performance.now();
  #asked = 0n;
  #answered = 0n;
  #refused = 0n;

  constructor(
    hostRoot: string,
    bootEpochNs: bigint,
    deliver: (blocks: Uint8Array<ArrayBuffer>) => void,
  ) {
    this.#hostRoot = hostRoot;
    this.#bootEpochNs = bootEpochNs;
    this.#deliver = deliver;
  }

  /** @returns false when there is no time for it: it may be asked again */
  answer(question: ThreadQuestion): boolean {
    const nowMs = performance.now();
    const seconds = (nowMs - this.#countedMs) / 1000;
    this.#countedMs = nowMs;
    this.#questions = Math.min(this.#questions + seconds * QUESTIONS_PER_SECOND, MAX_QUESTIONS);
    this.#spentMs = Math.min(this.#spentMs + seconds * SPENT_MS_PER_SECOND, MAX_SPENT_MS);
    if (this.#questions < 1 || this.#spentMs <= 0) {
      this.#refused++;
      return false;
    }
    this.#questions--;
    this.#asked++;
    const blocks = question.fd < 0 ? this.#process(question, nowMs) : this.#file(question, nowMs);
    if (blocks !== undefined) {
      this.#answered++;
      this.#deliver(blocks);
    }
    this.#spentMs -= performance.now() - nowMs;
    return true;
  }

  counters(): Readonly<Record<string, bigint>> {
    return {
      lookups_asked: this.#asked,
      lookups_answered: this.#answered,
      lookups_refused: this.#refused,
      command_lines_late: BigInt(lateReads()),
    };
  }

  #process({ tid, pid, timeNs }: ThreadQuestion, nowMs: number): Uint8Array<ArrayBuffer> | undefined {
    const reader = this.#readerOf(nowMs);
    const found = reader.read(pid, { tid, maxFds: MAX_FDS });
    // a process that began after the event has only the number in common with the one that asked
    if (found === undefined || found.startNs > timeNs + START_SLACK_NS) return undefined;
    reader.namespaces.fillIn(found.threads);
    const [main, ...threads] = found.threads;
    const writer = new BlockWriter(1 << 16);
    writeProcessList(writer, [main!, ...threads]);
    writeFdList(writer, pid, found.fds);
    return writer.take();
  }

  /** The file that the number stands for now. */
  #file({ tid, pid, fd }: ThreadQuestion, nowMs: number): Uint8Array<ArrayBuffer> | undefined {
    const entry = this.#readerOf(nowMs).fdScan.one(`${this.#hostRoot}/proc/${pid}/task/${tid}`, fd);
    if (entry === undefined) return undefined;
    const writer = new BlockWriter(1 << 16);
    writeFdList(writer, tid, [entry]);
    return writer.take();
  }

  #readerOf(nowMs: number): ProcessReader {
    if (this.#reader === undefined || nowMs - this.#readerMs > READER_LIFE_MS) {
      this.#reader = new ProcessReader(this.#hostRoot, this.#bootEpochNs, MAX_TABLE_BYTES);
      this.#readerMs = nowMs;
    }
    return this.#reader;
  }
}
