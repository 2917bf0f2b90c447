// What a source needs of the matcher: its memory and the exports that take events in.
// Types only. Elsewhere: the instance behind it (engine/matcher.ts), what the exports do (assembly/ring.ts, ingest.ts).

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
  /** while off, events only change state */
  set_judging(on: number): void;
}

/** Where the events of one run come from. A source belongs to one worker and may block its thread. */
export interface Source {
  /** Everything up to the first event; `onState` gets the state that the events begin with, as `.scap` blocks. */
  start(onState?: (blocks: Uint8Array<ArrayBuffer>) => void): void | Promise<void>;
  /** The state as of now in the same form; what was reported before is taken first. */
  state?(): Iterable<Uint8Array<ArrayBuffer>>;
  /** Takes what is there, at most for some milliseconds; false when no more will ever come. */
  turn(): boolean | Promise<boolean>;
  /** Ends the flow: what was reported before the call is still taken. */
  finish(): void | Promise<void>;
  /** Counters of the source by name; readable until `close`. */
  counters(): Readonly<Record<string, bigint>>;
  /** Gives everything back to the host; may follow a failed `start`. */
  close(): void;
}
