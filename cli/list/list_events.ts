// `falco list events`: the event types with their parameters.
// In: names or patterns. Out: text or JSON. Elsewhere: Falco's listing (cli/forms/events.ts).

import {
  CURRENT_EVENTS,
  EVENT_SOURCES,
  type EventDef,
  flagTable,
  isHighVolumeIo,
  type ParamDef,
  SYSCALLS,
  syscallsOfEvent,
} from "../../schema/mod.ts";
import type { ListRequest } from "./list_request.ts";
import { selectNamed } from "./name_pattern.ts";
import { type Cell, columns, heading, type Page, paragraph } from "../terminal/page.ts";
import { jsonText } from "../terminal/json_text.ts";

interface Listed {
  readonly name: string;
  /** none for calls that share the event of all calls without one of their own */
  readonly event?: EventDef;
}

const GENERIC = CURRENT_EVENTS.find(({ code }) => code === 1)!;
const GENERIC_CALLS: readonly Listed[] = SYSCALLS
  .filter(({ exitEvent, sc }) => exitEvent === GENERIC.code && sc !== 0)
  .map(({ name }) => ({ name }))
  .sort((a, b) => a.name < b.name ? -1 : 1);
/** Those of the kernel's iterators only fill the tables of processes and files: no rule sees them. */
const OWN: readonly Listed[] = CURRENT_EVENTS
  .filter(({ name, categoryBits }) => name !== GENERIC.name && (categoryBits & EVENT_SOURCES["iter"]!) === 0)
  .map((event) => ({ name: event.name, event }));

export function listEventTypes({ patterns, json, page }: ListRequest): string {
  const { chosen } = selectNamed([...OWN, ...GENERIC_CALLS], patterns, "event");
  if (json) return jsonText(chosen.map(asJson));
  const own = chosen.flatMap(({ event }) => event === undefined ? [] : [event]);
  const generic = chosen.filter(({ event }) => event === undefined).map(({ name }) => name);
  // one name can stand for two events, at entry and at return
  if (patterns.length === 1 && new Set(chosen.map(({ name }) => name)).size === 1 && generic.length === 0) {
    return own.map((event) => detail(page, event)).join("\n\n");
  }
  const parts: string[] = [];
  const groups = Map.groupBy(own, (event) => sourceOf(event));
  for (const [source, events] of groups) {
    parts.push(heading(page, source), columns(page, events.map(row)), "");
  }
  if (generic.length > 0) {
    const parameters = GENERIC.params.map((param) => param.name).join(" and ");
    parts.push(
      heading(page, "system calls without an event of their own", `parameters: ${parameters}`),
      paragraph(page, generic.join(" "), 2),
    );
  }
  return parts.join("\n").trimEnd();
}

function arrow({ direction }: EventDef): string {
  return direction === "enter" ? ">" : "<";
}

function sourceOf(event: EventDef): string {
  const found = Object.entries(EVENT_SOURCES).find(([, bit]) =>
    bit !== 0 && (event.categoryBits & bit) !== 0
  );
  switch (found?.[0]) {
    case "syscall":
      return "system calls";
    case "tracepoint":
      return "other events of the kernel";
    case "plugin":
      return "events of other sources";
    default:
      return "events from outside the stream";
  }
}

function isLeftOut(event: EventDef): boolean {
  return event.name !== GENERIC.name && syscallsOfEvent(event.code).some(({ sc }) => isHighVolumeIo(sc));
}

function row(event: EventDef): Cell[] {
  const parameters = event.params.map((param) => param.name).join(" ");
  const note = isLeftOut(event) ? " (captured where a rule names it)" : "";
  return [
    { text: `${arrow(event)} ${event.name}`, style: "name" },
    { text: event.category, style: "dim" },
    { text: parameters + note },
  ];
}

function detail(page: Page, event: EventDef): string {
  const when = event.direction === "enter" ? "at entry" : "at return";
  const rows = event.params.map((param): Cell[] => [
    { text: param.name, style: "name" },
    { text: param.type, style: "dim" },
    { text: flagNames(param)?.join(" ") ?? "" },
  ]);
  const calls = syscallsOfEvent(event.code).map(({ name }) => name).filter((name) => name !== event.name);
  const lines = [
    heading(page, `${arrow(event)} ${event.name}`, `${event.category}, ${when}, code ${event.code}`),
  ];
  if (calls.length > 0) lines.push(paragraph(page, `Also for ${calls.join(", ")}.`, 2));
  if (isLeftOut(event)) {
    lines.push(
      paragraph(
        page,
        "Captured where a rule names it, which costs time: there are many. Falco captures it only with base_syscalls.all.",
        2,
      ),
    );
  }
  lines.push(rows.length === 0 ? "  no parameters" : columns(page, rows));
  return lines.join("\n");
}

function flagNames({ flagTable: table }: ParamDef): string[] | undefined {
  return table === undefined ? undefined : flagTable(table)?.entries.map(([name]) => name);
}

function asJson({ name, event = GENERIC }: Listed) {
  return {
    name,
    direction: event.direction,
    code: event.code,
    category: event.category,
    captured_by_default: !isLeftOut(event),
    params: event.params.map((param) => ({
      name: param.name,
      type: param.type,
      ...(param.flagTable === undefined ? {} : { flags: flagNames(param) }),
    })),
  };
}
