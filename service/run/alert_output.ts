// From an alert of the engine to where the user reads it.
// In: the loaded rules and the settings, both replaceable while alerts come. Out: alerts in the queues of all sinks,
// counts per rule and per sink.
// Elsewhere: which sinks there are (outputs/create_sinks.ts), waiting and repeating (outputs/sink_queue.ts).

import type { Settings } from "../../config/mod.ts";
import {
  type Alert,
  type AlertStyle,
  createOutgoingAlerts,
  type FormattedRule,
  type OutgoingAlert,
  type RuleAlert,
} from "../../alerts/mod.ts";
import {
  alertHostname,
  createNoiseControl,
  type NoiseControl,
  type NoiseCounters,
  NoiseTally,
  SinkSet,
  type SinkStats,
  type SpoolStats,
  unseenFields,
} from "../../outputs/mod.ts";
import type { Priority } from "../../base/mod.ts";
import type { RuleMatches } from "../health/counters_report.ts";
import { type Log, singleLine } from "../logging/log.ts";

/** Alerts of older rules may still be on their way when new ones are in force. */
const GENERATIONS_KEPT = 4;

export interface AlertOutputOptions {
  readonly rules: readonly FormattedRule[];
  readonly settings: Settings;
  readonly unbuffered: boolean;
  /** who gives alerts waits until they are written (`settled`), so that none needs to be dropped */
  readonly waits?: boolean;
  /** standard output cannot be written any more */
  readonly onClosed: (error: Error) => void;
  readonly log?: Log;
}

type Render = (alert: Alert, sequence: bigint) => RuleAlert;

interface Generation {
  readonly number: number;
  readonly rules: readonly FormattedRule[];
  readonly render: Render;
}

export class AlertOutput {
  readonly #sinks: SinkSet;
  readonly #byEventTime: boolean;
  readonly #log: Log;
  #style: AlertStyle;
  #generations: Generation[] = [];
  #settings: Settings;
  readonly #noiseTally = new NoiseTally();
  #noise: NoiseControl | undefined;
  #sequence = 0n;
  #counts = new Map<string, { readonly priority: Priority; count: bigint }>();

  constructor({ rules, settings, unbuffered, waits, onClosed, log }: AlertOutputOptions) {
    this.#byEventTime = waits ?? false;
    this.#log = log ?? (() => {});
    this.#settings = settings;
    this.#style = styleOf(settings);
    this.setRules(rules, 0);
    this.#sinks = new SinkSet(settings, {
      unbuffered,
      waits: waits ?? false,
      onStdoutClosed: onClosed,
      onNews: singleLine(this.#log),
    });
  }

  /**
   * New rules: alerts of this generation are theirs. Called before the engine evaluates by them; alerts of the ones before
   * may still come.
   */
  setRules(rules: readonly FormattedRule[], generation: number): void {
    const added = { number: generation, rules, render: createOutgoingAlerts(rules, this.#style) };
    this.#generations = [added, ...this.#generations.filter(({ number }) => number !== generation)]
      .slice(0, GENERATIONS_KEPT);
    for (const field of unseenFields(this.#settings, rules)) {
      this.#log("warning", `noise_control: no rule's output has ${field}, so it cannot distinguish repeats`);
    }
    this.#setNoiseControl(createNoiseControl({
      settings: this.#settings,
      tally: this.#noiseTally,
      byEventTime: this.#byEventTime,
    }));
  }

  /**
   * New settings: unchanged sinks keep their queue, changed ones are replaced: their successor begins when they have
   * delivered what waited, or have run out of time. Resolves then; alerts are taken all the while.
   */
  async configure(settings: Settings, rules: readonly FormattedRule[], generation: number): Promise<void> {
    this.#settings = settings;
    this.#style = styleOf(settings);
    this.setRules(rules, generation);
    await this.#sinks.configure(settings);
  }

  /** An alert of a rule. Without a generation it is one of the newest rules. */
  take(alert: Alert, generation?: number): void {
    const { rules, render } = this.#generations.find(({ number }) => number === generation) ??
      this.#generations[0]!;
    const rule = rules[alert.rule];
    if (rule !== undefined) this.#count(rule);
    const outgoing = render(alert, ++this.#sequence);
    if (this.#noise === undefined) this.#pass(outgoing);
    else this.#noise.take(outgoing, (passed) => this.#pass(passed));
  }

  /** An alert that comes from no rule: noise control does not see it. */
  emit(create: (sequence: bigint) => OutgoingAlert): void {
    this.#pass(create(++this.#sequence));
  }

  /** Resolves when all alerts that were taken are written, but for sinks that fail. */
  async settled(): Promise<void> {
    await this.#sinks.settled();
  }

  /** Outputs through which no alert can get as things are: why, by name. */
  tryOut(): Promise<ReadonlyMap<string, string | undefined>> {
    return this.#sinks.tryOut();
  }

  /** SIGUSR1: files are reopened, programs restarted. */
  async reopen(): Promise<void> {
    await this.#sinks.reopen();
  }

  /** Delivers what is left, unless that takes too long: by default as long as output_timeout says. */
  close(patienceMs?: number): Promise<void> {
    this.#setNoiseControl(undefined);
    return this.#sinks.close(patienceMs);
  }

  /** What waits for a sink is on its way or will be tried again: no queue has died. */
  get isMoving(): boolean {
    return this.#sinks.isMoving;
  }

  sinkStats(): SinkStats[] {
    return this.#sinks.stats();
  }

  /** Undefined without a spool. */
  spoolStats(): SpoolStats | undefined {
    return this.#sinks.spoolStats();
  }

  /** What noise control has held back. */
  noise(): NoiseCounters {
    return this.#noiseTally.counters();
  }

  /** Alerts that a sink will never get, all sinks together. */
  get dropped(): bigint {
    return this.#sinks.dropped;
  }

  /** Rules that matched with how often, the busiest first. */
  matches(): RuleMatches[] {
    return [...this.#counts]
      .map(([rule, { priority, count }]) => ({ rule, priority, count }))
      .sort((a, b) => a.count < b.count ? 1 : a.count > b.count ? -1 : 0);
  }

  /** What the one before has held back is told now. */
  #setNoiseControl(noise: NoiseControl | undefined): void {
    this.#noise?.close((alert) => this.#pass(alert));
    this.#noise = noise;
  }

  #count({ name, priority }: FormattedRule): void {
    const counted = this.#counts.get(name);
    if (counted === undefined) this.#counts.set(name, { priority, count: 1n });
    else counted.count++;
  }

  #pass(alert: OutgoingAlert): void {
    this.#sinks.offer(alert);
  }
}

function styleOf(settings: Settings): AlertStyle {
  return {
    includeOutput: settings.json_include_output_property,
    includeMessage: settings.json_include_message_property,
    includeOutputFields: settings.json_include_output_fields_property,
    includeTags: settings.json_include_tags_property,
    isoTime: settings.time_format_iso_8601,
    base64: settings.buffer_format_base64,
    hostname: alertHostname(),
  };
}
