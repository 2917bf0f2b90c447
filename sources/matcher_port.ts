// What a source needs of the matcher: its memory and the exports that take events in.
// Types only. Elsewhere: the instance behind it (engine/matcher.ts), what the exports do (assembly/ring.ts, assembly/ingest.ts).

export interface MatcherPort {
  readonly memory: WebAssembly.Memory;
  /** registers a ring whose pages are mapped or copied at `at`; its index, or −1 */
  ring_add(at: number, dataBytes: number, cpu: number): number;
  /** forgets all rings, so that they can be unmapped */
  rings_clear(): void;
  /** takes events that are not younger than the horizon; returns how many */
  pump(horizonNs: bigint, maxEvents: number): number;
  /** walks whole `.scap` blocks; bytes consumed, or −1 − offset where they are damaged */
  ingest(at: number, bytes: number): number;
  /** the same for records from outside the stream of events, which no rule sees */
  inject(at: number, bytes: number): number;
  /** the same for lists that answer a question about a process or a file that turned up unknown (`onQuestion`) */
  look_up(at: number, bytes: number): number;
  /** whether such questions are asked */
  look_up_threads(on: number): void;
  /** until this time the processes of the host were being listed: events of unknown ones before it are not evaluated */
  state_listed(ns: bigint): void;
  /** while off, events only change state */
  set_evaluating(on: number): void;
  /** live: the time of day is now so much later than that of the events says */
  set_clock_shift(shiftNs: bigint): void;
  /** tells of containers from now on; their first events wait for so long at most; 0 = there was no room */
  watch_containers(nowNs: bigint, waitNs: bigint, startWaitNs: bigint): number;
  /** 1: the merge waits in front of an event whose container is awaited */
  is_holding(): number;
  /** no engine knows the container whose id lies there: its events need not wait */
  unknown_container(at: number, bytes: number): void;
  /** the users of the container whose id lies there have been read, or cannot be */
  read_container_users(at: number, bytes: number): void;
}

/** What the matcher asks about in the middle of a batch. */
export interface ThreadQuestion {
  readonly tid: number;
  readonly pid: number;
  /** of the event that asks */
  readonly timeNs: bigint;
  /** −1: the process itself */
  readonly fd: number;
}

/** What the rules do not need of opens and fds, as the probe's filter has it (rules/kernel_filter/table.ts). */
export interface FilterNeeds {
  readonly opens: boolean;
  readonly directories: boolean;
  readonly fcntl: boolean;
  readonly anyPath: number;
  readonly resolved: number;
  readonly keys: readonly (readonly [bigint, number])[];
  readonly parts: number;
  readonly dotless: number;
  readonly failed: number;
  readonly failedUnclean: boolean;
  readonly unasked: number;
  readonly calls: Uint32Array<ArrayBuffer>;
  readonly clauses: Uint32Array<ArrayBuffer>;
  readonly beginnings: BigUint64Array<ArrayBuffer>;
  readonly bits: BigUint64Array<ArrayBuffer>;
}

/** What rules need of a source: the rest need not be reported. */
export interface RuleNeeds {
  /** codes of the events that the rules can match */
  readonly eventCodes: readonly number[];
  /** Falco's numbers of the generic system calls that rules name; all of them when it is left out */
  readonly genericSyscalls?: ReadonlySet<number>;
  /** codes of the events of calls that move data, as far as rules name them; none when it is left out */
  readonly namedIo?: readonly number[];
  /** rules ask for the path of opened files as the kernel resolved it */
  readonly usesRealpath?: boolean;
  /** what they cannot match; nothing is left out without it */
  readonly filter?: FilterNeeds;
}

/** Where the events of one run come from. A source belongs to one worker and may block its thread. */
export interface Source {
  /** Everything up to the first event; `onState` gets the state that the events begin with, as `.scap` blocks. */
  start(onState?: (blocks: Uint8Array<ArrayBuffer>) => void): void | Promise<void>;
  /** after `start`: why what is known of the host is not this host's, in one line */
  readonly hostProblem?: string | undefined;
  /** after `start`: why the kernel's filter is not used although the settings ask for it, in one line */
  readonly filterProblem?: string | undefined;
  /** The state as of now in the same form; what was reported before is taken first. */
  state?(): Iterable<Uint8Array<ArrayBuffer>>;
  /** Takes what is there, at most for some milliseconds; false when no more will ever come. */
  turn(): boolean | Promise<boolean>;
  /**
   * Other rules are about to evaluate: reports what they need besides what the running ones need, until the returned
   * function is called: with true when they have taken over, with false when they have not.
   */
  widen?(needs: RuleNeeds): (adopted: boolean) => void;
  /** Takes records from outside the stream, in order of arrival; a recording does not need them. */
  inject?(blocks: Uint8Array<ArrayBuffer>): void;
  /** A process or a file is not known: answers by `look_up` before it returns, or says that there is no time for it. */
  answer?(question: ThreadQuestion): boolean;
  /** Nothing more will be said about a container: no engine knows it, or its users have been read. */
  settle?(id: string, what: "facts" | "users"): void;
  /** Takes what happened up to this boot time without evaluating it: someone else has. */
  skip?(untilNs: bigint): void;
  /**
   * Ends the flow: what was reported before the call is still taken. A source of this host returns the boot time up to
   * which that is surely everything; when it hands over, it takes nothing after it.
   */
  finish(handsOver: boolean): bigint | void | Promise<void>;
  /** Counters of the source by name; readable until `close`. */
  counters(): Readonly<Record<string, bigint>>;
  /** Gives everything back to the host; may follow a failed `start`. */
  close(): void;
}
