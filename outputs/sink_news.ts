// What a user is told about one sink: each kind of failure once while it lasts, the first drop of each cause and then a line
// a minute with the number of the others.
// In: failures, successes, drops. Out: lines for the log.
// Elsewhere: exact counts (sink_stats.ts).

export type SinkNews = (level: "critical" | "error" | "notice" | "debug", message: string) => void;

const DROP_NEWS_MS = 60_000;

export class SinkReporter {
  readonly #name: string;
  readonly #tell: SinkNews;
  /** of the present failures: why they began, and which kinds have been told */
  #lastFailure: string | undefined;
  readonly #toldFailures = new Set<string>();
  readonly #toldDrops = new Map<string, { atMs: number; untold: number }>();

  constructor(name: string, tell: SinkNews = () => {}) {
    this.#name = name;
    this.#tell = tell;
  }

  /** Every failure, also those that end with a drop. */
  failed(message: string): void {
    this.#lastFailure = message;
  }

  /** The reason may change while it fails: each kind is told once. */
  retries(cause: string, message: string): void {
    if (this.#toldFailures.has(cause)) return;
    this.#toldFailures.add(cause);
    this.#tell("error", `output ${this.#name}: ${message}; trying again`);
  }

  works(hasFailed: boolean): void {
    if (hasFailed) this.#tell("notice", `output ${this.#name} works again`);
    this.#lastFailure = undefined;
    this.#toldFailures.clear();
  }

  slow(ms: number): void {
    this.#tell(
      "critical",
      `output timeout: ${this.#name} has taken nothing for ${ms} ms; other outputs go on`,
    );
  }

  problem(level: "critical" | "error", message: string): void {
    this.#tell(level, `output ${this.#name}: ${message}`);
  }

  /** The reason is that of now, not that of an earlier failure. */
  dropped(cause: string, count: number): void {
    const now = performance.now();
    const told = this.#toldDrops.get(cause);
    if (told !== undefined && now - told.atMs < DROP_NEWS_MS) {
      told.untold += count;
      return;
    }
    const number = count + (told?.untold ?? 0);
    this.#toldDrops.set(cause, { atMs: now, untold: 0 });
    const why = this.#lastFailure === undefined ? "" : `: ${this.#lastFailure}`;
    this.#tell("error", `output ${this.#name} drops alerts, ${cause} (${number})${why}`);
  }
}
