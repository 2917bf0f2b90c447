// The type that evt.rawarg.NAME has in a condition.
// In: the name of a parameter. Out: the field type, or nothing when no event has such a parameter.
// Elsewhere: the value itself, which has the type of the event at hand (assembly/fields).

import { EVENTS } from "./events.ts";
import type { FieldType, ParamType } from "./types.ts";

/** How a condition treats a parameter's type. */
export function fieldTypeOfParam(type: ParamType): FieldType {
  switch (type) {
    case "int8":
    case "int16":
    case "int32":
    case "int64":
    case "errno":
    case "fd":
    case "fd32":
    case "pid":
    case "pid32":
      return "int";
    case "charbuf":
    case "fspath":
    case "fsrelpath":
      return "string";
    case "bytebuf":
    case "sockaddr":
    case "socktuple":
    case "fdlist":
    case "charbufarray":
    case "charbufpairarray":
    case "none":
      return "bytes";
    case "ipv4addr":
    case "ipv6addr":
    case "ipaddr":
      return "ip";
    case "ipv4net":
    case "ipv6net":
    case "ipnet":
      return "net";
    case "port":
    case "bool":
    case "double":
    case "abstime":
    case "reltime":
    case "dyn":
      return type;
    default: // unsigned numbers, flags, modes, ids
      return "uint";
  }
}

const types = new Map<string, FieldType>();
for (const event of EVENTS) {
  for (const param of event.params) {
    // one name can have several types; the event with the lowest code decides, as in Falco
    if (!types.has(param.name)) types.set(param.name, fieldTypeOfParam(param.type));
  }
}

export function rawArgType(name: string): FieldType | undefined {
  return types.get(name);
}
