// Which events are evaluated, and what is known about an event from its type alone.
// In: the event table. Out: EVALUATED_EVENTS and predicates over them. Elsewhere: the values of fields that the
// type decides (static_value.ts).

import {
  CURRENT_EVENTS,
  EVENT_FLAGS,
  EVENT_SOURCES,
  type EventDef,
  type ParamType,
  SYSCALLS,
} from "../../schema/mod.ts";

/** The catch-all event of calls that have none of their own: evt.type is the call's name. */
export const GENERIC_CODE = 1;
/** An event put in from outside, which carries its own name. */
export const ASYNC_CODE = 402;
/** the names it can carry */
export const ASYNC_NAMES: ReadonlySet<string> = new Set(["container", "container_removed", "k8s"]);

function isFrom(event: EventDef, source: "syscall" | "tracepoint" | "meta"): boolean {
  return (event.categoryBits & EVENT_SOURCES[source]!) !== 0;
}

/**
 * The event types that rules see: returns from calls, tracepoints and meta events of the current schema.
 * Entry events of calls only feed the state; Falco drops them before its rules too.
 */
export const EVALUATED_EVENTS: readonly EventDef[] = CURRENT_EVENTS.filter((event) =>
  isFrom(event, "syscall") ? event.direction === "exit" : isFrom(event, "tracepoint") || isFrom(event, "meta")
);

/** How an event of another source than system calls comes: as in Falco, the event of a plugin. */
export const PLUGIN_EVENT: EventDef = CURRENT_EVENTS.find(({ name }) => name === "pluginevent")!;

export function isSyscallEvent(event: EventDef): boolean {
  return isFrom(event, "syscall");
}

/** Events from outside the stream of calls: containers, users and groups. */
export function isMetaEvent(event: EventDef): boolean {
  return isFrom(event, "meta");
}

/** Whether the event opens, closes or works on an fd: only then fields of the class fd have values. */
export function hasFd(event: EventDef): boolean {
  return (event.flags & (EVENT_FLAGS.CREATES_FD | EVENT_FLAGS.USES_FD | EVENT_FLAGS.DESTROYS_FD)) !== 0;
}

/** Names that evt.type can have on the catch-all event. */
export const GENERIC_NAMES: ReadonlySet<string> = new Set(
  SYSCALLS.filter((call) => call.exitEvent === GENERIC_CODE).map((call) => call.name),
);

export type ParamForm = "view" | "int" | "uint";

const SIGNED: ReadonlySet<ParamType> = new Set(["int8", "int16", "int32", "int64", "errno", "fd", "pid"]);
const VIEWS: ReadonlySet<ParamType> = new Set([
  "charbuf",
  "bytebuf",
  "sockaddr",
  "socktuple",
  "fdlist",
  "fspath",
  "fsrelpath",
  "ipv6addr",
  "dyn",
  "charbufarray",
  "charbufpairarray",
]);

/**
 * How the raw value of a parameter travels. The same lists as in assembly/fields/evt_args.ts: a number that is
 * taken for a view would be read as an address.
 */
export function paramForm(type: ParamType): ParamForm {
  if (SIGNED.has(type)) return "int";
  return VIEWS.has(type) ? "view" : "uint";
}
