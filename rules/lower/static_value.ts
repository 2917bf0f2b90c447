// Fields whose value follows from the event's type alone: their checks become constants.
// In: a field and an event. Out: what is known. Elsewhere: how a known value is compared (static_check.ts).

import { EVENT_FLAGS, type EventDef } from "../../schema/mod.ts";
import type { CheckedField } from "../check/checked.ts";
import {
  ASYNC_CODE,
  ASYNC_NAMES,
  GENERIC_CODE,
  GENERIC_NAMES,
  hasFd,
  isMetaEvent,
  isSyscallEvent,
  PLUGIN_EVENT,
} from "./events.ts";

/**
 * `missing`: no value on this event. `value`: exactly this. `among`: one of these texts, known at run time.
 * `positive`: a number from 1 on that is always there. undefined: nothing is known.
 */
export type Known =
  | { readonly kind: "missing" }
  | { readonly kind: "value"; readonly value: string | bigint }
  | { readonly kind: "among"; readonly values: ReadonlySet<string> }
  | { readonly kind: "positive" };

const MISSING: Known = { kind: "missing" };

function bool(value: boolean): Known {
  return { kind: "value", value: value ? 1n : 0n };
}

/** As evt.category names them; I/O events take the kind of their fd and are left to run time. */
function category(event: EventDef): Known | undefined {
  if (event.category.startsWith("io_")) return undefined;
  return { kind: "value", value: event.category === "ipc" ? "IPC" : event.category };
}

function ioDirection(flags: number): Known {
  if ((flags & EVENT_FLAGS.WRITES_TO_FD) !== 0) return { kind: "value", value: "write" };
  return (flags & EVENT_FLAGS.READS_FROM_FD) !== 0 ? { kind: "value", value: "read" } : MISSING;
}

function typeName(event: EventDef): Known | undefined {
  if (event.code === GENERIC_CODE) return { kind: "among", values: GENERIC_NAMES };
  if (event.code === ASYNC_CODE) return { kind: "among", values: ASYNC_NAMES };
  return { kind: "value", value: event.name };
}

/** What is known of a field on events of this type. */
export function knownValue({ field, arg }: CheckedField, event: EventDef): Known | undefined {
  if (field.constant !== undefined) return { kind: "value", value: field.constant };
  const { flags } = event;
  const reads = (flags & EVENT_FLAGS.READS_FROM_FD) !== 0;
  const writes = (flags & EVENT_FLAGS.WRITES_TO_FD) !== 0;
  switch (field.name) {
    case "evt.num":
      return { kind: "positive" };
    case "evt.type":
      return typeName(event);
    case "syscall.type":
      return isSyscallEvent(event) ? typeName(event) : MISSING;
    case "evt.type.is":
      return bool(event.name === arg);
    case "evt.dir":
      return { kind: "value", value: event.direction === "enter" ? ">" : "<" };
    case "evt.source":
      return event === PLUGIN_EVENT ? undefined : { kind: "value", value: "syscall" };
    case "evt.category":
      return category(event);
    case "evt.count":
      return { kind: "value", value: 1n };
    case "evt.is_async":
      return bool(isMetaEvent(event));
    case "evt.asynctype":
      return isMetaEvent(event) ? typeName(event) : MISSING;
    case "evt.is_io":
      return bool(reads || writes);
    case "evt.is_io_read":
      return bool(reads);
    case "evt.is_io_write":
      return bool(writes);
    case "evt.is_wait":
      return bool((flags & EVENT_FLAGS.WAITS) !== 0);
    case "evt.io_dir":
      return ioDirection(flags);
    case "evt.arg":
    case "evt.rawarg":
      return paramPosition(event, arg) === undefined ? MISSING : undefined;
  }
  if (field.fromJson === true && event !== PLUGIN_EVENT) return MISSING;
  if (field.class === "fd" && !hasFd(event)) return MISSING;
  return undefined;
}

/** Position of the parameter that `evt.arg.name` or `evt.arg[n]` means. */
export function paramPosition(event: EventDef, arg: string | number | undefined): number | undefined {
  if (typeof arg === "number") return arg >= 0 && arg < event.params.length ? arg : undefined;
  const index = event.params.findIndex((param) => param.name === arg);
  return index < 0 ? undefined : index;
}
