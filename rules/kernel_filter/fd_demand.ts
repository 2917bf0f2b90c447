// Whether any rule can ask what an fd refers to when that is of some kind: then the calls that make, change and close such fds
// are state that has to be reported, also where no rule matches them. In: the program. Out: for each kind the rules that ask, each
// with the first that it asks. A condition is evaluated for every way in which the matcher may have the fd, and for an fd that it
// does not know (which is how it sees one that was not reported): where it cannot hold, nobody asks. A directory to which a path is
// relative is introduced by the probe, with the event. What a call says about the fd that it makes needs no state.

import type { EventDef } from "../../schema/mod.ts";
import { EVENT_FLAGS } from "../../schema/mod.ts";
import { latin1, type PredicateNode, type ValueNode } from "../lower/ir.ts";
import type { Candidate, Program } from "../lower/lower.ts";
import type { OutputValue } from "../lower/output.ts";
import type { FilePaths } from "./file_paths.ts";
import { ENTRIES, FD_KINDS, type FdKind, type KnownFd, NO_ENTRY, OPENED_DIRECTORY } from "./fd_kinds.ts";
import { COPIES, isAboutPaths, isMaker, mayHold } from "./may_hold.ts";
import type { Demand } from "./plan.ts";

/** Events that are left out themselves: what matches one needs it, also when it asks nothing of the fd. */
const LEFT_OUT: ReadonlySet<string> = new Set(["close", "dup"]);
/**
 * Calls about which nothing has to be known: linkat and fchownat can take an fd without a path, and then the probe says what
 * it is; setns takes namespaces, and files of these are always reported.
 */
const WITHOUT_DEMAND: ReadonlySet<string> = new Set(["linkat", "fchownat", "setns"]);
/** Rare calls whose file the probe names itself: outputs can have it, conditions would want the name that was opened. */
const NAMED_BY_PROBE: ReadonlySet<string> = new Set(["finit_module"]);

/** Before these the probe says what the directories are to which their paths are relative (probe/syscalls/fd_facts.bpf.h) … */
const INTRODUCING: ReadonlySet<string> = new Set([
  ...["openat", "openat2", "open_by_handle_at", "mkdirat", "mknodat", "unlinkat", "renameat", "renameat2"],
  ...["linkat", "symlinkat", "fchmodat", "fchownat", "newfstatat", "fchdir"],
]);
/** … but not this of them. */
const OF_OPEN = /^fd_(nameraw|is_upper_layer|is_lower_layer)$/;

/** Extractors that look at no fd. */
const WITHOUT_FD =
  /^(proc_(?!stdin|stdout|stderr|fd)|thread_(?!fd)|user_|group_|container_|k8s_|k8smeta_|evt_(num|time|datetime|rawtime|reltime|source|is_async|asynctype|hostname|outputtime|dir|type|cpu|res|rawres|failed|is_io|io_dir|is_wait|count|around|is_open)(_|$))/;
/** … that look at fds of the process, whatever the event is about. */
const OF_PROCESS = /^(proc_(stdin|stdout|stderr|fd)|thread_fd|fd_types)/;
/** … and nothing that the events before it were. */
const TIME_SINCE_LAST = /^evt_(deltatime|latency)/;

const DUPS: ReadonlySet<string> = new Set(["dup", "dup2", "dup3"]);
/** What a socket was called, or did, before the event. */
const OF_HISTORY = /^fd_(name_changed|connected)$/;
/** Copies say what they are where they become standard input, output or error. */
const LAST_STANDARD_FD = 2;
const OVER_IP: readonly FdKind[] = ["tcp", "udp"];

export interface FdDemands {
  /** kinds that nobody asks about are not in the map */
  readonly asked: ReadonlyMap<FdKind, readonly Demand[]>;
  /** rules that ask about directories beyond what the probe says of them */
  readonly directories: readonly Demand[];
  /** kinds that are asked about by events which say themselves what the fd is: its beginning need not have been reported */
  readonly told: ReadonlySet<FdKind>;
}

export function fdDemands(program: Program, names: readonly string[], paths: FilePaths): FdDemands {
  const found = new Map<FdKind, Map<number, Demand>>();
  const told = new Set<FdKind>();
  const directories = new Map<number, Demand>();
  for (const { event, candidates } of program.events) {
    if (WITHOUT_DEMAND.has(event.name)) continue;
    for (const candidate of candidates) {
      const { rule } = candidate;
      const asks = askedBy(candidate, program.outputs[rule], event);
      if (asks === undefined) continue;
      const demand: Demand = { rule: names[rule]!, event: event.name, asks: asks.field };
      if (
        asks.whatever ||
        !paths.has(event.name) && asksDirectory(candidate, program.outputs[rule], event)
      ) {
        directories.set(rule, directories.get(rule) ?? demand);
      }
      for (const kind of FD_KINDS) {
        const ofKind = found.get(kind) ?? new Map<number, Demand>();
        if (kind === "file" && !asks.whatever && paths.has(event.name)) continue;
        if (ofKind.has(rule) || !(asks.whatever || concerns(candidate.condition, kind, event))) continue;
        if (!asks.whatever && OVER_IP.includes(kind) && tells(event, candidate, program.outputs[rule])) {
          told.add(kind);
          continue;
        }
        found.set(kind, ofKind.set(rule, demand));
      }
    }
  }
  // which end a socket is can be a guess by all others of the process
  const overIp = OVER_IP.flatMap((kind) => [...found.get(kind) ?? []]);
  if (overIp.length > 0) {
    for (const kind of OVER_IP) found.set(kind, new Map([...found.get(kind) ?? [], ...overIp]));
  }
  return {
    asked: new Map(
      FD_KINDS.flatMap((kind) => found.has(kind) ? [[kind, [...found.get(kind)!.values()]]] : []),
    ),
    told,
    directories: [...directories.values()],
  };
}

/** Whether the rule needs to know of a directory that is the event's fd more than the probe says of it. */
function asksDirectory(
  { condition }: Candidate,
  outputs: readonly OutputValue[] | undefined,
  event: EventDef,
): boolean {
  if (INTRODUCING.has(event.name)) {
    const ofOpen = ({ fn }: Field) => OF_OPEN.test(fn);
    return fieldIn(condition, ofOpen) !== undefined || fieldOf(outputs, ofOpen) !== undefined;
  }
  return mayHold(condition, true, { event, fd: NO_ENTRY }) ||
    mayHold(condition, true, { event, fd: OPENED_DIRECTORY });
}

/** Whether the event says of a socket over IP all that the rule asks of it (probe/syscalls/fd_facts.bpf.h). */
function tells(
  event: EventDef,
  { condition }: Candidate,
  outputs: readonly OutputValue[] | undefined,
): boolean {
  const ofHistory = ({ fn }: Field) => OF_HISTORY.test(fn);
  if (fieldIn(condition, ofHistory) !== undefined || fieldOf(outputs, ofHistory) !== undefined) return false;
  if (event.name === "connect") return true;
  return DUPS.has(event.name) && !mayHold(condition, true, { event, resultAbove: LAST_STANDARD_FD });
}

/** A rule for which every event counts, even one that it cannot match. */
export function timeDemand({ events, outputs }: Program, names: readonly string[]): Demand | undefined {
  const isTime = (fn: string) => TIME_SINCE_LAST.test(fn);
  for (const { event, candidates } of events) {
    for (const { rule, condition } of candidates) {
      const asks = fieldIn(condition, ({ fn }) => isTime(fn)) ??
        fieldOf(outputs[rule], ({ fn }) => isTime(fn));
      if (asks !== undefined) return { rule: names[rule]!, event: event.name, asks };
    }
  }
  return undefined;
}

/** Whether a condition or an output has a field of which the extractor is like that, for any event. */
export function asksFor({ events, outputs }: Program, extractor: RegExp): boolean {
  const wanted = ({ fn }: Field) => extractor.test(fn);
  return outputs.some((values) => fieldOf(values, wanted) !== undefined) ||
    events.some(({ candidates }) =>
      candidates.some(({ condition }) => fieldIn(condition, wanted) !== undefined)
    );
}

/** Whether the condition can hold when the event's fd is of the kind, or not known since it is. */
function concerns(condition: PredicateNode, kind: FdKind, event: EventDef): boolean {
  const failed = isAboutPaths(event) ? { failed: true as const } : {};
  const mayBe = (fd: KnownFd) => mayHold(condition, true, { event, fd, ...failed });
  return mayBe(NO_ENTRY) || ENTRIES[kind].some(mayBe);
}

interface Asked {
  readonly field: string;
  /** of other fds than the one that conditions are about */
  readonly whatever: boolean;
}

function askedBy(
  { condition }: Candidate,
  outputs: readonly OutputValue[] | undefined,
  event: EventDef,
): Asked | undefined {
  const ofOthers = (field: Field) => OF_PROCESS.test(field.fn) || looksAtOtherFd(field, event);
  const others = fieldIn(condition, ofOthers) ?? fieldOf(outputs, ofOthers);
  if (others !== undefined) return { field: others, whatever: true };
  if (isMaker(event)) return undefined;
  const looks = (field: Field) => looksAtFd(field, event);
  const own = fieldIn(condition, looks) ??
    (NAMED_BY_PROBE.has(event.name) ? undefined : fieldOf(outputs, looks)) ??
    (LEFT_OUT.has(event.name) ? "evt.type" : undefined);
  return own === undefined ? undefined : { field: own, whatever: false };
}

export type Field = Extract<ValueNode, { kind: "field" }>;

const ABOUT_FDS = EVENT_FLAGS.CREATES_FD | EVENT_FLAGS.USES_FD | EVENT_FLAGS.DESTROYS_FD;

function looksAtFd({ fn, arg }: Field, event: EventDef): boolean {
  if (WITHOUT_FD.test(fn)) return false;
  // the event has nothing to do with an fd: there is no value, whatever is open
  if (fn.startsWith("fd_") && (event.flags & ABOUT_FDS) === 0) return false;
  if (fn === "evt_rawarg") return false;
  const fds = fdParams(event);
  if (fn.startsWith("fs_path") && (event.flags & ABOUT_FDS) === 0 && fds.length === 0) return false;
  if (fn === "evt_args" || fn === "evt_info") return fds.length > 0;
  if (fn === "evt_arg" || fn === "evt_arg_named") return fds.includes(paramOf(arg, event)!);
  return true;
}

/** Calls with several fds: conditions know one of them. Copies and makers of pairs have the same under each number. */
function looksAtOtherFd({ fn, arg }: Field, event: EventDef): boolean {
  if (isMaker(event) || COPIES.has(event.name) || isAboutPaths(event)) return false;
  const fds = fdParams(event);
  if (fds.length < 2 && fds[0]?.type !== "fdlist") return false;
  if (fn === "evt_args" || fn === "evt_info") return true;
  return (fn === "evt_arg" || fn === "evt_arg_named") && fds.includes(paramOf(arg, event)!);
}

function fdParams({ params }: EventDef) {
  return params.filter(({ type }) => type === "fd" || type === "fdlist");
}

function paramOf(arg: Field["arg"], { params }: EventDef) {
  return typeof arg === "number"
    ? params[arg]
    : params.find(({ name }) => arg instanceof Uint8Array && name === latin1(arg));
}

/** The first field in the condition that is wanted. */
export function fieldIn(node: PredicateNode, wanted: (field: Field) => boolean): string | undefined {
  switch (node.kind) {
    case "and":
    case "or":
    case "one":
      return first(node.operands, (operand) => fieldIn(operand, wanted));
    case "not":
    case "leaf":
      return fieldIn(node.operand, wanted);
    case "present":
      return valueField(node.value, wanted);
    case "compare":
      return valueField(node.left, wanted) ?? valueField(node.right, wanted);
    case "test":
      return valueField(node.left, wanted) ??
        ("id" in node.right ? valueField(node.right, wanted) : undefined);
    case "ancestors":
    case "constant":
      return undefined;
  }
}

function fieldOf(
  values: readonly OutputValue[] | undefined,
  wanted: (field: Field) => boolean,
): string | undefined {
  return first(values ?? [], ({ fn, node }) =>
    // numbers as they are
    fn === "out_rawarg" || node === undefined ? undefined : valueField(node, wanted));
}

function valueField(value: ValueNode, wanted: (field: Field) => boolean): string | undefined {
  if (value.kind === "field") return wanted(value) ? value.fn.replaceAll("_", ".") : undefined;
  return value.kind === "call" ? first(value.args, (arg) => valueField(arg, wanted)) : undefined;
}

function first<T>(items: readonly T[], of: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = of(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
