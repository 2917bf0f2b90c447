// What has become of the alerts for one sink: for metrics, health and the report at the end.
// In: what a queue says. Out: a snapshot.

export interface SinkStats {
  readonly name: string;
  readonly type: string;
  readonly queuedMessages: number;
  readonly queuedBytes: number;
  /** the last attempt failed and will be repeated */
  readonly isFailing: boolean;
  readonly delivered: bigint;
  /** attempts that failed and were or will be repeated */
  readonly retries: bigint;
  /** messages that the sink will never get, by cause: queue_full, closed, spool_expired, status_400 … */
  readonly dropped: Readonly<Record<string, bigint>>;
  readonly lastError?: string;
  /** milliseconds since 1970 */
  readonly lastErrorMs?: number;
  /** for so long no delivery has succeeded, by a clock that nobody can set; absent while the sink works */
  readonly failingForMs?: number;
  readonly lastDeliveredMs?: number;
}

export class SinkTally {
  #delivered = 0n;
  #retries = 0n;
  readonly #dropped = new Map<string, bigint>();
  #lastError: { readonly lastError: string; readonly lastErrorMs: number } | undefined;
  #lastDeliveredMs: number | undefined;
  #failingSinceMs: number | undefined;

  delivered(count: number): void {
    this.#delivered += BigInt(count);
    this.#lastDeliveredMs = Date.now();
    this.#failingSinceMs = undefined;
  }

  retried(): void {
    this.#retries++;
  }

  failed(message: string): void {
    this.#lastError = { lastError: message, lastErrorMs: Date.now() };
    this.#failingSinceMs ??= performance.now();
  }

  dropped(cause: string, count: number): void {
    this.#dropped.set(cause, (this.#dropped.get(cause) ?? 0n) + BigInt(count));
  }

  get deliveredCount(): bigint {
    return this.#delivered;
  }

  snapshot(): Omit<SinkStats, "name" | "type" | "queuedMessages" | "queuedBytes" | "isFailing"> {
    return {
      delivered: this.#delivered,
      retries: this.#retries,
      dropped: Object.fromEntries(this.#dropped),
      ...this.#lastError,
      ...(this.#lastDeliveredMs === undefined ? {} : { lastDeliveredMs: this.#lastDeliveredMs }),
      ...(this.#failingSinceMs === undefined
        ? {}
        : { failingForMs: performance.now() - this.#failingSinceMs }),
    };
  }
}
