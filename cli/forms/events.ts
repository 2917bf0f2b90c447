// `falco --list-events`: the event types with their parameters as Falco prints them, as text, Markdown or JSON.
// In: the form. Out: text with its last line end left out.
// Elsewhere: the events (schema/), the listing for people (cli/list/list_events.ts).

import { EVENT_SCHEMA_VERSION } from "../../base/mod.ts";
import {
  CURRENT_EVENTS,
  EVENT_SOURCES,
  type EventDef,
  EVENTS,
  flagTable,
  isHighVolumeIo,
  type ParamDef,
  SYSCALLS,
  syscallsOfEvent,
} from "../../schema/mod.ts";
import type { Format } from "./format.ts";
import { paramTypeName } from "./type_names.ts";
import { jsonText } from "../terminal/json_text.ts";

interface Listed {
  readonly name: string;
  readonly arrow: ">" | "<";
  readonly params: readonly ParamDef[];
  /** captured when a rule asks for it, without further settings */
  readonly available: boolean;
}

/** The pair of events for calls without an event of their own. */
const GENERIC = [0, 1] as const;
const CATEGORIES = [
  ["Syscall events", "syscall"],
  ["Tracepoint events", "tracepoint"],
  ["Plugin events", "plugin"],
  ["Metaevents", "meta"],
] as const;

export function listEvents(format: Format): string {
  const categories = CATEGORIES.map(([title, source]) => ({ title, events: eventsFrom(source) }));
  if (format === "json") {
    const listed = Object.fromEntries(categories.map(({ title, events }) => [title, events.map(asJson)]));
    const sorted = Object.entries(listed).sort(([a], [b]) => a < b ? -1 : 1);
    return jsonText({ ...Object.fromEntries(sorted), schema_version: EVENT_SCHEMA_VERSION });
  }
  const lines = [`The events below are valid for Falco *Schema Version*: ${EVENT_SCHEMA_VERSION}`];
  for (const { title, events } of categories) {
    lines.push(`## ${title}`, "");
    if (format === "markdown") lines.push("Default | Dir | Name | Params ", ":-------|:----|:-----|:-----");
    lines.push(...events.map(format === "markdown" ? asMarkdown : asText), "");
  }
  return lines.join("\n");
}

function eventsFrom(source: "syscall" | "tracepoint" | "plugin" | "meta"): Listed[] {
  const own = CURRENT_EVENTS.filter(({ categoryBits, code }) =>
    (categoryBits & EVENT_SOURCES[source]!) !== 0 && code !== GENERIC[0] && code !== GENERIC[1]
  ).map((event) => listed(event));
  return source === "syscall" ? [...own, ...genericEvents()] : own;
}

function genericEvents(): Listed[] {
  const calls = SYSCALLS.filter(({ exitEvent, sc }) => exitEvent === GENERIC[1] && sc !== 0);
  const names = calls.map(({ name }) => name).sort();
  return names.flatMap((name) => GENERIC.map((code) => listed(EVENTS[code]!, name)));
}

function listed(event: EventDef, name = event.name): Listed {
  const calls = event.code === GENERIC[0] || event.code === GENERIC[1] ? [] : syscallsOfEvent(event.code);
  return {
    name,
    arrow: event.direction === "enter" ? ">" : "<",
    params: event.params,
    available: !calls.some(({ sc }) => isHighVolumeIo(sc)),
  };
}

function asText({ arrow, name, params }: Listed): string {
  const list = params.map((param) => {
    const flags = flagNames(param);
    const head = `${paramTypeName(param.type)} **${param.name}**`;
    return flags === undefined ? head : `${head}: ${flags.join(", ")}`;
  });
  return `${arrow} ${name}(${list.join(", ")})`;
}

function asMarkdown({ available, arrow, name, params }: Listed): string {
  const list = params.map((param) => {
    const flags = flagNames(param);
    const head = `${paramTypeName(param.type)} **${param.name}**`;
    return flags === undefined ? head : `${head}: ${flags.map((flag) => `*${flag}*`).join(", ")}`;
  });
  return `${available ? "Yes" : "No"} | \`${arrow}\` | \`${name}\` | ${list.join(", ")}`;
}

/** Keys in alphabetical order, as Falco's are. */
function asJson({ available, arrow, name, params }: Listed) {
  return {
    available,
    dir: arrow,
    name,
    params: params.map((param) => {
      const flags = flagNames(param);
      return {
        ...(flags === undefined ? {} : { flags }),
        name: param.name,
        type: paramTypeName(param.type),
      };
    }),
  };
}

/** Names that a flags parameter can show; a mode has some too, which Falco leaves out here. */
function flagNames({ type, flagTable: table }: ParamDef): readonly string[] | undefined {
  if (table === undefined || type === "mode") return undefined;
  return flagTable(table)?.entries.map(([name]) => name);
}
