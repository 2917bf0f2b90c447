// From an alert of the engine to where the user reads it.
// In: the loaded rules and the settings, then alerts. Out: lines on standard output, and counts per rule.
// Elsewhere: the form of a line and the stream (outputs/).

import type { Settings } from "../config/settings.ts";
import type { Alert } from "../engine/alert.ts";
import { createAlertFormatter, type FormattedRule } from "../outputs/alert_formatter.ts";
import { alertHostname } from "../outputs/hostname.ts";
import { StdoutSink } from "../outputs/stdout_sink.ts";
import type { RuleMatches } from "./counters_report.ts";

/** A reader that has stopped reading must not keep the program from ending. */
const CLOSE_PATIENCE_MS = 2000;

export interface AlertOutputOptions {
  readonly rules: readonly FormattedRule[];
  readonly settings: Settings;
  readonly unbuffered: boolean;
  /** who gives alerts waits until they are written (`settled`), so that none needs to be dropped */
  readonly waits?: boolean;
  /** standard output cannot be written any more */
  readonly onClosed: (error: Error) => void;
}

export class AlertOutput {
  readonly #format: (alert: Alert) => string;
  readonly #sink: StdoutSink | undefined;
  readonly #counts: bigint[];
  readonly #rules: readonly FormattedRule[];

  constructor({ rules, settings, unbuffered, waits, onClosed }: AlertOutputOptions) {
    this.#rules = rules;
    this.#counts = rules.map(() => 0n);
    this.#format = createAlertFormatter(rules, {
      json: settings.json_output,
      includeOutput: settings.json_include_output_property,
      includeMessage: settings.json_include_message_property,
      includeOutputFields: settings.json_include_output_fields_property,
      includeTags: settings.json_include_tags_property,
      isoTime: settings.time_format_iso_8601,
      base64: settings.buffer_format_base64,
      hostname: alertHostname(),
    });
    if (settings["stdout_output.enabled"]) {
      const bound = waits === true ? { maxQueuedBytes: Infinity } : {};
      this.#sink = new StdoutSink(Deno.stdout, { unbuffered, onClosed, ...bound });
    }
  }

  take(alert: Alert): void {
    this.#counts[alert.rule] = (this.#counts[alert.rule] ?? 0n) + 1n;
    this.#sink?.write(this.#format(alert));
  }

  /** Resolves when all alerts that were taken are written. */
  async settled(): Promise<void> {
    await this.#sink?.flush();
  }

  /** Writes what is left, unless the reader does not take it in time. */
  async close(): Promise<void> {
    await this.#sink?.close(CLOSE_PATIENCE_MS);
  }

  /** Alerts that nobody could read: the reader was too slow or had gone. */
  get dropped(): bigint {
    return this.#sink?.dropped ?? 0n;
  }

  /** Rules that matched with how often, the busiest first. */
  matches(): RuleMatches[] {
    return this.#rules
      .map(({ name, priority }, index) => ({ rule: name, priority, count: this.#counts[index] ?? 0n }))
      .filter(({ count }) => count > 0n)
      .sort((a, b) => a.count < b.count ? 1 : a.count > b.count ? -1 : 0);
  }
}
