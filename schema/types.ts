// The shapes of the schema: events and their parameters, flag tables, system calls, fields.
// Types only. The data is in the files next to this one: event_table.ts, flag_table.ts, syscall_table.ts, fields/.

/** Types of event parameters. The position in this list is the type's number in the generated tables. */
export const PARAM_TYPES = [
  "none",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "charbuf",
  "bytebuf",
  "errno",
  "sockaddr",
  "socktuple",
  "fd",
  "pid",
  "fdlist",
  "fspath",
  "syscallid",
  "sigtype",
  "reltime",
  "abstime",
  "port",
  "l4proto",
  "sockfamily",
  "bool",
  "ipv4addr",
  "dyn",
  "flags8",
  "flags16",
  "flags32",
  "uid",
  "gid",
  "double",
  "sigset",
  "charbufarray",
  "charbufpairarray",
  "ipv4net",
  "ipv6addr",
  "ipv6net",
  "ipaddr",
  "ipnet",
  "mode",
  "fsrelpath",
  "enumflags8",
  "enumflags16",
  "enumflags32",
  "fd32",
  "pid32",
] as const;
export type ParamType = typeof PARAM_TYPES[number];

/** How a number is written. The position in this list is the format's number in the generated tables. */
export const PARAM_FORMATS = ["na", "dec", "hex", "padded dec", "id", "dir", "oct", "padded oct"] as const;
export type ParamFormat = typeof PARAM_FORMATS[number];

export interface ParamDef {
  readonly name: string;
  readonly type: ParamType;
  readonly format: ParamFormat;
  /** name of the flag table (schema/flags.ts) for flags, enumflags and mode parameters */
  readonly flagTable?: string;
  /** fsrelpath: position of the directory fd that the path is relative to */
  readonly dirfdParam?: number;
  /** dyn: what the first byte of the value selects; `variantSet` names the list */
  readonly variants?: readonly ParamVariant[];
  readonly variantSet?: string;
}

export interface ParamVariant {
  readonly type: ParamType;
  readonly format: ParamFormat;
}

export interface EventDef {
  readonly code: number;
  readonly name: string;
  readonly direction: "enter" | "exit";
  /** what the call is about: file, net, process, io_read …; evt.category refines io_* by the kind of fd */
  readonly category: EventCategory;
  /** the category together with the kind of source (system call, tracepoint, meta event …), as bits */
  readonly categoryBits: number;
  /** EVENT_FLAGS of schema/events.ts */
  readonly flags: number;
  readonly params: readonly ParamDef[];
}

export type EventCategory =
  | "unknown"
  | "other"
  | "file"
  | "net"
  | "ipc"
  | "memory"
  | "process"
  | "sleep"
  | "system"
  | "signal"
  | "user"
  | "time"
  | "processing"
  | "io_read"
  | "io_write"
  | "io_other"
  | "wait"
  | "scheduler"
  | "internal";

/** A table that gives names to bits or to values; rendering tries the entries in this order. */
export interface FlagTable {
  readonly name: string;
  /** in generated constants, `strip` at the start of an entry's name is replaced by `prefix` */
  readonly prefix: string;
  readonly strip: string;
  readonly entries: readonly (readonly [name: string, value: number])[];
}

export interface SyscallDef {
  readonly name: string;
  /** Falco's own number of the call, the same on every architecture */
  readonly sc: number;
  /** number on x86-64; null when the call does not exist there */
  readonly x86_64: number | null;
  /** event that reports the call; 1 (`syscall`) for those without an event of their own; null for tracepoints */
  readonly exitEvent: number | null;
  /** event at entry, or of a tracepoint */
  readonly enterEvent?: number;
}

export type FieldType =
  | "string"
  | "int"
  | "uint"
  | "bool"
  | "double"
  | "ip"
  | "net"
  | "port"
  | "bytes"
  | "abstime"
  | "reltime"
  | "dyn";

export type FieldClass =
  | "evt"
  | "process"
  | "user"
  | "group"
  | "fd"
  | "fs.path"
  | "fdlist"
  | "container"
  | "k8smeta"
  | "util"
  | "k8s_audit"
  | "json";

/** What is in the brackets (or after the dot) of a field with an argument. */
export type FieldArgKind =
  | "index" // a number counted from 0
  | "name" // text: a key, a variable, a parameter's name
  | "index or name"
  | "ancestor" // a number of generations: 0 the process itself, 1 its parent
  | "ancestor or name"
  | "fd" // number of an open fd
  | "event" // name of an event type
  | "time";

/** The events on which a field can have a value; "all" includes those without a thread. */
export type FieldEvents = "all" | "syscall" | "fd" | "io" | "open" | "path" | "poll" | "async";

export interface FieldDef {
  readonly name: string;
  readonly class: FieldClass;
  readonly type: FieldType;
  /** width of the value in Falco's catalogue: 8 … 64 for numbers, 32 for bool, 0 for texts and addresses */
  readonly bits: number;
  readonly list: boolean;
  readonly arg: "none" | "required" | "optional";
  readonly argKind?: FieldArgKind;
  /** cannot be printed */
  readonly filterOnly?: true;
  /** cannot be used in a condition */
  readonly printOnly?: true;
  /** accepted, not listed */
  readonly hidden?: true;
  /** an addition of ours that Falco does not have */
  readonly own?: true;
  /** accepted, never has a value, except for evt.dir */
  readonly deprecated?: true;
  /** cannot be the operand of a transformer */
  readonly noTransform?: true;
  /** cannot stand on the right of an operator as val() */
  readonly noRightSide?: true;
  /** how a number is printed, where that is not decimal */
  readonly format?: ParamFormat;
  /** event sources that have the field; "*" for all of them */
  readonly sources: readonly string[];
  readonly summary: string;
  readonly example?: string;
  /** export of the matcher that extracts the field; without it the field loads and has no value */
  readonly fn?: string;
  /** export that takes the argument as a text where `fn` takes a number: evt_arg_named */
  readonly fnNamed?: string;
  /** its extractor reads JSON and is none of the matcher's: events that are not JSON have no value */
  readonly fromJson?: true;
  /** export for a field with an optional argument that is used without it: proc_aname_all */
  readonly fnWhole?: string;
  /** a condition on it without an argument holds when it holds for one ancestor, from the parent on */
  readonly anyAncestor?: true;
  /** the check holds when it holds for one of these fields (for `!=`: for all of them) */
  readonly either?: readonly string[];
  /** a field of the configuration (static_fields): it has this value on every event */
  readonly constant?: string;
  /** 1 a constant or one load, 2 a cheap text, 3 builds a text or walks ancestors, 4 expensive */
  readonly cost: 1 | 2 | 3 | 4;
  readonly eventTypes: FieldEvents;
}
