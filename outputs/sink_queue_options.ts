// What the queue in front of a sink is told when it begins, with its usual bounds and times.

import { MAX_QUEUE_BYTES } from "../config/mod.ts";
import type { Priority } from "../base/mod.ts";
import type { OutgoingAlert } from "../alerts/mod.ts";
import type { Backlog, OnDrop, QueuedMessage } from "./backlog.ts";
import type { Sink } from "./sink.ts";
import type { SinkNews } from "./sink_news.ts";

export interface SinkQueueOptions {
  readonly sink: Sink;
  /** for metrics: file, http … */
  readonly type?: string;
  readonly format: (alert: OutgoingAlert) => string;
  /** less severe alerts are none of this sink's */
  readonly leastPriority?: Priority;
  /** absent: memory with default bounds */
  readonly backlog?: (onDrop: OnDrop, onMore: () => void) => Backlog;
  /** an attempt that takes longer is given up */
  readonly attemptTimeoutMs?: number;
  /** an attempt that takes longer is news (Falco's output_timeout) */
  readonly slowMs?: number;
  /** the pause after the first failure; it doubles up to the longest */
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
  /** delivery begins when this is kept: who had the sink's name before has ended, and this is what it has left */
  readonly startAfter?: Promise<readonly QueuedMessage[]>;
  /** however long a receiver asks us to stay away */
  readonly longestRetryAfterMs?: number;
  readonly onNews?: SinkNews;
}

export const DEFAULT_BOUNDS = { maxMessages: Infinity, maxBytes: MAX_QUEUE_BYTES };
export const QUEUE_DEFAULTS = {
  attemptTimeoutMs: 10_000,
  slowMs: Infinity,
  firstPauseMs: 250,
  longestPauseMs: 30_000,
  longestRetryAfterMs: 300_000,
};
