// Types of fields and parameters by the names that Falco prints.

import type { FieldDef, ParamType } from "../../schema/mod.ts";

const FIELD_TYPES = {
  string: "CHARBUF",
  bytes: "BYTEBUF",
  bool: "BOOL",
  double: "DOUBLE",
  ip: "IPADDR",
  net: "IPNET",
  port: "PORT",
  abstime: "ABSTIME",
  reltime: "RELTIME",
  dyn: "DYNAMIC",
} as const;

export function fieldTypeName({ type, bits }: FieldDef): string {
  if (type === "int") return `INT${bits}`;
  if (type === "uint") return `UINT${bits}`;
  return FIELD_TYPES[type];
}

export function paramTypeName(type: ParamType): string {
  if (type === "dyn") return "DYNAMIC";
  if (type === "charbufpairarray") return "CHARBUF_PAIR_ARRAY";
  return type.toUpperCase();
}
