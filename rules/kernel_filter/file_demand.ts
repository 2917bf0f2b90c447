// Whether any rule can ask what an fd refers to when that is a file: then opens and closes of files are state that has to be
// reported, also of files that match nothing. In: the program. Out: these rules, each with the first that it asks.
// The condition is evaluated for an fd that is a file, one in memory, and one that is not known (which is how the matcher
// sees a file that was not reported): where it cannot hold, nobody asks. Directories are always reported, since paths are
// relative to them. What an open says about the file that it opens needs no state.

import type { EventDef } from "../../schema/mod.ts";
import { EVENT_FLAGS } from "../../schema/mod.ts";
import { latin1, type PredicateNode, type TestNode, type ValueNode } from "../lower/ir.ts";
import type { Program } from "../lower/lower.ts";
import type { OutputValue } from "../lower/output.ts";
import type { Demand } from "./plan.ts";

/** What is known of the fd; "unknown": there is no entry for it. */
type FdKind = "file" | "memfd" | "unknown";

const KINDS: readonly FdKind[] = ["file", "memfd", "unknown"];
const LETTERS: Readonly<Record<FdKind, string | undefined>> = { file: "f", memfd: "m", unknown: undefined };

/** Events that are left out themselves: what matches one needs it, also when it asks nothing of the fd. */
const LEFT_OUT: ReadonlySet<string> = new Set(["close", "dup"]);
/**
 * Calls about which nothing has to be known: linkat and fchownat can take an fd without a path, and then the probe says what
 * it is; setns takes namespaces, and files of these are always reported.
 */
const WITHOUT_DEMAND: ReadonlySet<string> = new Set(["linkat", "fchownat", "setns"]);
/** Rare calls whose file the probe names itself: outputs can have it, conditions would want the name that was opened. */
const NAMED_BY_PROBE: ReadonlySet<string> = new Set(["finit_module"]);
/** Their new fd is a copy, so that it can be a file that was opened before. */
const COPIES: ReadonlySet<string> = new Set(["dup", "dup2", "dup3", "fcntl", "pidfd_getfd"]);

/** Fields of sockets: a file has none of them. */
const OF_SOCKETS =
  /^fd_(ip_source|ip_target|port_source|port_target|[cslr]ip|[cslr]port|[cslr]ip_name|[cslr]proto|l4proto|sockfamily)$/;

/** Extractors that look at no fd. */
const WITHOUT_FD =
  /^(proc_(?!stdin|stdout|stderr|fd)|thread_(?!fd)|user_|group_|container_|k8s_|k8smeta_|evt_(num|time|datetime|rawtime|reltime|source|is_async|asynctype|hostname|outputtime|dir|type|cpu|res|rawres|failed|is_io|io_dir|is_wait|count|around|is_open)(_|$))/;
/** … and nothing that the events before it were. */
const TIME_SINCE_LAST = /^evt_(deltatime|latency)/;

export function fileDemands(program: Program, names: readonly string[]): readonly Demand[] {
  const found = new Map<number, Demand>();
  for (const { event, candidates } of program.events) {
    if (isMaker(event) || WITHOUT_DEMAND.has(event.name)) continue;
    for (const { rule, condition } of candidates) {
      if (found.has(rule)) continue;
      if (KINDS.every((kind) => !mayHold(condition, true, kind, event))) continue;
      const asks = askedIn(condition, event) ??
        (NAMED_BY_PROBE.has(event.name) ? undefined : askedByOutput(program.outputs[rule], event)) ??
        (LEFT_OUT.has(event.name) ? "evt.type" : undefined);
      if (asks !== undefined) found.set(rule, { rule: names[rule]!, event: event.name, asks });
    }
  }
  return [...found.values()];
}

/** A rule for which every event counts, even one that it cannot match. */
export function timeDemand({ events, outputs }: Program, names: readonly string[]): Demand | undefined {
  const isTime = (fn: string) => TIME_SINCE_LAST.test(fn);
  for (const { event, candidates } of events) {
    for (const { rule, condition } of candidates) {
      const asks = fieldIn(condition, ({ fn }) => isTime(fn)) ??
        outputs[rule]?.map(({ node }) => node && valueField(node, ({ fn }) => isTime(fn))).find(Boolean);
      if (asks !== undefined) return { rule: names[rule]!, event: event.name, asks };
    }
  }
  return undefined;
}

/** Whether the predicate can be `isTrue` when the event's fd is of this kind. */
function mayHold(node: PredicateNode, isTrue: boolean, kind: FdKind, event: EventDef): boolean {
  switch (node.kind) {
    case "constant":
      return node.value === isTrue;
    case "not":
      return mayHold(node.operand, !isTrue, kind, event);
    case "leaf":
      return mayHold(node.operand, isTrue, kind, event);
    case "and":
      return isTrue
        ? node.operands.every((operand) => mayHold(operand, true, kind, event))
        : node.operands.some((operand) => mayHold(operand, false, kind, event));
    case "or":
      return isTrue
        ? node.operands.some((operand) => mayHold(operand, true, kind, event))
        : node.operands.every((operand) => mayHold(operand, false, kind, event));
    case "present":
      return isMissing(node.value, kind, event) ? !isTrue : true;
    case "compare":
      if (isMissing(node.left, kind, event) || isMissing(node.right, kind, event)) return !isTrue;
      return !(isAboutPaths(event) && isTrue && asksForSuccess(node));
    case "test":
      return testMayHold(node, isTrue, kind, event);
    default:
      return true;
  }
}

/** `evt.rawres >= 0`, `evt.failed = false` */
function asksForSuccess({ left, operator, right }: Extract<PredicateNode, { kind: "compare" }>): boolean {
  if (left.kind !== "field" || right.kind !== "number") return false;
  if (left.fn === "evt_failed") return operator === "=" && right.value === 0n;
  return left.fn === "evt_rawres" && right.value >= 0n && (operator === "=" || operator === ">=");
}

function isMissing(value: ValueNode, kind: FdKind, event: EventDef): boolean {
  if (value.kind !== "field") return false;
  if (OF_SOCKETS.test(value.fn)) return true;
  // they are missing where the call has failed
  if (value.fn.startsWith("fs_path") && isAboutPaths(event)) return true;
  return kind === "unknown" && value.fn.startsWith("fd_") && value.fn !== "fd_num" &&
    value.fn !== "fd_typechar";
}

function testMayHold(test: TestNode, isTrue: boolean, kind: FdKind, event: EventDef): boolean {
  if (isMissing(test.left, kind, event)) return !isTrue;
  if (test.left.kind !== "field") return true;
  const known = test.left.fn === "fd_type"
    ? kind
    : test.left.fn === "fd_typechar"
    ? LETTERS[kind]
    : undefined;
  const texts = exactTexts(test);
  if (known !== undefined && texts !== undefined) return texts.includes(known) === isTrue;
  if (test.left.fn === "evt_res" && isAboutPaths(event) && texts !== undefined && isTrue) {
    return texts.some((text) => text !== "SUCCESS");
  }
  // a path that begins at a file instead of a directory is not one that anybody writes
  if (texts !== undefined && isTrue && isRelativePath(test.left, event)) {
    return texts.some((text) => text.endsWith("/") || text.includes("<"));
  }
  return true;
}

function exactTexts({ fn, right }: TestNode): readonly string[] | undefined {
  if (fn === "str_eq" && right.kind === "text") return [latin1(right.bytes)];
  return fn === "str_in" && right.kind === "texts" ? right.items.map(latin1) : undefined;
}

function isRelativePath(value: ValueNode, event: EventDef): boolean {
  return value.kind === "field" && value.fn === "evt_arg" && typeof value.arg === "number" &&
    event.params[value.arg]?.type === "fsrelpath";
}

/** The name of a field that looks at an fd. */
function askedIn(condition: PredicateNode, event: EventDef): string | undefined {
  return fieldIn(condition, (field) => looksAtFd(field, event));
}

function askedByOutput(values: readonly OutputValue[] | undefined, event: EventDef): string | undefined {
  for (const { fn, node } of values ?? []) {
    if (fn === "out_rawarg") continue; // numbers as they are
    const asked = node && valueField(node, (field) => looksAtFd(field, event));
    if (asked !== undefined) return asked;
  }
  return undefined;
}

type Field = Extract<ValueNode, { kind: "field" }>;

const ABOUT_FDS = EVENT_FLAGS.CREATES_FD | EVENT_FLAGS.USES_FD | EVENT_FLAGS.DESTROYS_FD;

function looksAtFd({ fn, arg }: Field, event: EventDef): boolean {
  if (WITHOUT_FD.test(fn)) return false;
  // the event has nothing to do with an fd: there is no value, whatever is open
  if (fn.startsWith("fd_") && fn !== "fd_types" && (event.flags & ABOUT_FDS) === 0) return false;
  if (fn === "evt_rawarg") return false;
  const fds = event.params.filter(({ type }) => type === "fd" || type === "fdlist");
  if (fn === "evt_args" || fn === "evt_info") return fds.length > 0;
  if (fn === "evt_arg" || fn === "evt_arg_named") {
    const param = typeof arg === "number"
      ? event.params[arg]
      : event.params.find(({ name }) => arg instanceof Uint8Array && name === latin1(arg));
    return param !== undefined && (param.type === "fd" || param.type === "fdlist");
  }
  return true;
}

/** What the event says of an fd is about the one that it makes, and says it itself. */
function isMaker({ name, flags }: EventDef): boolean {
  return (flags & EVENT_FLAGS.CREATES_FD) !== 0 && !COPIES.has(name);
}

/** The fds that the call takes are directories; with a file in their place it fails. */
function isAboutPaths({ flags, params }: EventDef): boolean {
  return (flags & ABOUT_FDS) === 0 || params.some(({ type }) => type === "fsrelpath");
}

function fieldIn(node: PredicateNode, wanted: (field: Field) => boolean): string | undefined {
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
