// Which sinks the settings ask for.
// In: settings. Out: a plan for each sink: what it is made of, how to make it, and a key by which a reload sees
// whether anything about it has changed.
// Elsewhere: making each type (sink_types.ts), queues (sink_queue.ts), who holds them (service/run/alert_output.ts).

import { type Settings, SINK_KEYS, SINK_TYPES, type SinkType, type SinkTypeName } from "../config/mod.ts";
import { PRIORITIES, type Priority } from "../base/mod.ts";
import { ALERT_FORMATS, type AlertFormat, type FormatName } from "../alerts/mod.ts";
import type { BacklogBounds } from "./backlog.ts";
import { isJournal, isSyslogJournal } from "./local_syslog/journal.ts";
import type { Sink } from "./sink.ts";
import { DEFAULT_BOUNDS } from "./sink_queue_options.ts";
import { SINK_MAKERS, type SinkContext, type SinkSurroundings } from "./sink_types.ts";

export interface SinkPlan {
  readonly name: string;
  readonly type: SinkTypeName;
  /** equal keys: the same sink */
  readonly key: string;
  readonly format: AlertFormat;
  readonly leastPriority: Priority;
  readonly bounds: BacklogBounds;
  /** what is not acknowledged is kept on the disk */
  readonly isSpooled: boolean;
  /** as the settings have them */
  readonly keys: Readonly<Record<string, unknown>>;
  readonly create: () => Sink;
}

/** Falco's own sections: each makes one sink, which has the name of its type. */
const CHANNELS = ["stdout", "syslog", "file", "program", "http"] as const;
type Channel = typeof CHANNELS[number];
const LINGER_MS = 500;

interface WrittenSink {
  readonly name: string;
  readonly type: SinkTypeName;
  readonly keys: Readonly<Record<string, unknown>>;
}

export function planSinks(settings: Settings, around: SinkSurroundings): SinkPlan[] {
  const enabled = CHANNELS.filter((type) => settings[`${type}_output.enabled`]);
  const channels = withoutRepeats(enabled, settings).map((type): WrittenSink => ({
    name: type,
    type,
    keys: keysOfSection(settings, `${type}_output`, { ...SINK_TYPES[type].keys, ...SINK_KEYS }),
  }));
  const entries = settings.sinks.map(({ name, type, ...keys }): WrittenSink => ({
    name: name ?? type,
    type,
    keys,
  }));
  const taken = new Set<string>();
  return [...channels, ...entries].map((written) => {
    const name = freeName(written.name, taken);
    taken.add(name);
    return planSink({ ...written, name }, settings, around);
  });
}

/** A service's standard output and this host's syslog may both be the journal: it shows each alert once. */
function withoutRepeats(channels: readonly Channel[], settings: Settings): readonly Channel[] {
  const isRepeated = channels.includes("syslog") && settings["syslog_output.address"] === "" &&
    settings["stdout_output.format"] === settings["syslog_output.format"] &&
    settings["stdout_output.priority"] === settings["syslog_output.priority"] &&
    isJournal("stdout") && isSyslogJournal();
  return isRepeated ? channels.filter((type) => type !== "stdout") : channels;
}

function planSink(written: WrittenSink, settings: Settings, around: SinkSurroundings): SinkPlan {
  const { name, type, keys } = written;
  const common = keys as {
    format: FormatName | "falco";
    priority: string;
    spool: boolean;
    queue_capacity: number;
  };
  const { falcoFormat = settings.json_output ? "json" : "text" }: SinkType = SINK_TYPES[type];
  const formatName = common.format === "falco" ? falcoFormat : common.format;
  const isSpooled = settings["spool.enabled"] || common.spool;
  const context: SinkContext = {
    ...around,
    isJson: !["text", "cef"].includes(formatName),
    isSpooled,
    lingerMs: settings.buffered_outputs && !around.unbuffered ? LINGER_MS : 0,
  };
  const capacity = settings["outputs_queue.capacity"];
  const isUnbounded = type === "stdout" && around.waits;
  return {
    name,
    type,
    key: JSON.stringify([
      type,
      keys,
      formatName,
      isSpooled && settings["spool.directory"],
      settings["output_timeout"],
      capacity,
      context.lingerMs,
    ]),
    format: ALERT_FORMATS[formatName],
    leastPriority: priorityOf(common.priority),
    bounds: isUnbounded
      ? { maxMessages: Infinity, maxBytes: Infinity }
      : { ...DEFAULT_BOUNDS, maxMessages: capacity > 0 ? capacity : common.queue_capacity },
    isSpooled,
    keys,
    create: () => createSink(name, type, keys, context),
  };
}

/** The table of keys has made the values; which type they belong to is known to it, not to the compiler. */
function createSink(
  name: string,
  type: SinkTypeName,
  keys: Readonly<Record<string, unknown>>,
  context: SinkContext,
): Sink {
  return SINK_MAKERS[type](name, keys as never, context);
}

function keysOfSection(settings: Settings, section: string, keys: object): Record<string, unknown> {
  const all = settings as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(keys).map((key) => [key, all[`${section}.${key}`]]));
}

function priorityOf(word: string): Priority {
  return PRIORITIES.find((priority) => priority.toLowerCase() === word) ?? "Debug";
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2;; number++) {
    if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
  }
}
