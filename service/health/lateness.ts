// How late alerts are: from the event to the moment at which its alert is handed over to the outputs.
// In: times of events, when their alerts arrive. Out: the latest, and the worst of the last minute.
// Elsewhere: what follows from it (service/web/health.ts, service/metrics/own_metrics.ts).

const SLICE_MS = 10_000;
const SLICES = 6;

export interface LatenessState {
  /** alerts that were measured */
  readonly alerts: number;
  /** of all of them together */
  readonly totalMs: number;
  readonly lastMs: number;
  /** of the last minute */
  readonly worstMs: number;
}

export class Lateness {
  readonly #nowMs: () => number;
  /** the worst of each slice of time, by its number */
  readonly #worst = new Map<number, number>();
  #alerts = 0;
  #totalMs = 0;
  #lastMs = 0;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** @param eventNs and nowNs of the same clock */
  take(eventNs: bigint, nowNs: bigint): void {
    // a clock that was set back makes nothing early
    const lateMs = Math.max(0, Number(nowNs - eventNs) / 1e6);
    const slice = this.#slice();
    this.#alerts++;
    this.#totalMs += lateMs;
    this.#lastMs = lateMs;
    this.#worst.set(slice, Math.max(this.#worst.get(slice) ?? 0, lateMs));
    for (const old of this.#worst.keys()) if (old <= slice - SLICES) this.#worst.delete(old);
  }

  get state(): LatenessState {
    const slice = this.#slice();
    const recent = [...this.#worst].filter(([number]) => number > slice - SLICES).map(([, worst]) => worst);
    return {
      alerts: this.#alerts,
      totalMs: this.#totalMs,
      lastMs: this.#lastMs,
      worstMs: Math.max(0, ...recent),
    };
  }

  #slice(): number {
    return Math.floor(this.#nowMs() / SLICE_MS);
  }
}
