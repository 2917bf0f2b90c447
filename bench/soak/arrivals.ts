// What has arrived at one sink: which marked calls, how often, how late.
// In: whatever the sink was sent, in chunks that hold whole alerts as JSON. Out: counts.
// Elsewhere: the marked calls (load.c), the receivers (receivers.ts).

export interface Made {
  readonly alerts: number;
  readonly noisy: number;
}

const MARK = /\/([an])\/(\d+)\/(\d{16,20})/;
const SUPPRESSED = /"noise_control\.suppressed\\?":\s*\\?"?(\d+)/;

export class Arrivals {
  readonly #prefix: string;
  readonly #passed = { a: new Set<number>(), n: new Set<number>() };
  /** follow-ups of noise control: the number of the last alert that was held back → how many were */
  readonly #suppressed = new Map<number, number>();
  readonly #latenciesMs: number[] = [];
  duplicates = 0;
  outOfOrder = 0;
  #last = 0;

  constructor(readonly sink: string, prefix: string) {
    this.#prefix = prefix;
  }

  /** One alert a line. */
  takeLines(text: string, arrivedAtMs?: number): void {
    for (const line of text.split("\n")) this.take(line, arrivedAtMs);
  }

  /** @param arrivedAtMs by Date.now(); absent: it was not watched when it came */
  take(body: string, arrivedAtMs?: number): void {
    const at = body.indexOf(this.#prefix);
    const mark = at < 0 ? null : MARK.exec(body.slice(at + this.#prefix.length));
    if (mark === null) return;
    const number = Number(mark[2]);
    const suppressed = SUPPRESSED.exec(body)?.[1];
    if (suppressed !== undefined) {
      this.#suppressed.set(number, Number(suppressed));
      return;
    }
    const kind = mark[1] as "a" | "n";
    if (this.#passed[kind].has(number)) {
      this.duplicates++;
      return;
    }
    this.#passed[kind].add(number);
    if (kind === "n") return;
    if (number < this.#last) this.outOfOrder++;
    this.#last = Math.max(this.#last, number);
    if (arrivedAtMs !== undefined) this.#latenciesMs.push(arrivedAtMs - Number(mark[3]) / 1e6);
  }

  get alerts(): number {
    return this.#passed.a.size;
  }

  get noisyPassed(): number {
    return this.#passed.n.size;
  }

  get noisySuppressed(): number {
    return [...this.#suppressed.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Marked calls of which this sink has heard neither as an alert nor as a part of a count. */
  missing({ alerts, noisy }: Made): number {
    return alerts - this.alerts + (noisy - this.noisyPassed - this.noisySuppressed);
  }

  /** Milliseconds within which this share of the alerts came; undefined when none was measured. */
  latencyMs(share: number): number | undefined {
    const sorted = [...this.#latenciesMs].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  }
}
