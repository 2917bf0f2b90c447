// Whether a condition can hold for an event of which little is known: how the matcher has its fd, that the call has failed, or
// one of its arguments.
// In: a residual condition, the event type, what is known. Out: false only where it surely cannot hold.
// Three values: what is not understood may be true and may be false, below `not` too. A check is false when a value that it reads
// is missing. Elsewhere: who asks (fd_demand.ts, call_filter.ts, open_clauses.ts).

import type { EventDef } from "../../schema/mod.ts";
import { EVENT_FLAGS } from "../../schema/mod.ts";
import { compareValues } from "../lower/compare_values.ts";
import { type Comparison, latin1, type PredicateNode, type TestNode, type ValueNode } from "../lower/ir.ts";
import { hasAddresses, type KnownFd, NO_ENTRY } from "./fd_kinds.ts";
import { type KnownArgument, ofKnownComparison, ofKnownTest } from "./known_argument.ts";
import { holdsOf, literalsOf } from "./known_text.ts";

export interface CallFacts {
  readonly event: EventDef;
  /** how the matcher has the fd; absent: nothing is known of it */
  readonly fd?: KnownFd;
  /** the result is an error */
  readonly failed?: true;
  /** the result is a larger number */
  readonly resultAbove?: number;
  /** what an argument of the call is */
  readonly argument?: KnownArgument;
}

/** Their new fd is a copy, so that it can be one that was made before. */
export const COPIES: ReadonlySet<string> = new Set(["dup", "dup2", "dup3", "fcntl", "pidfd_getfd"]);

/** Fields of sockets over IP: others have none of them. */
const OF_ADDRESSES =
  /^fd_(ip_source|ip_target|port_source|port_target|[cslr]ip|[cslr]port|[cslr]ip_name|[cslr]proto)$/;
/** What is known of an fd without an entry; the name comes from the event's parameters. */
const WITHOUT_ENTRY = /^fd_(num|typechar|uid|types|types_all|name|nameraw|directory|realname)$/;

export function mayHold(node: PredicateNode, isTrue: boolean, facts: CallFacts): boolean {
  switch (node.kind) {
    case "constant":
      return node.value === isTrue;
    case "not":
      return mayHold(node.operand, !isTrue, facts);
    case "leaf":
      return mayHold(node.operand, isTrue, facts);
    case "and":
    case "or":
      return (node.kind === "and") === isTrue
        ? node.operands.every((operand) => mayHold(operand, isTrue, facts))
        : node.operands.some((operand) => mayHold(operand, isTrue, facts));
    case "present":
    case "compare":
    case "test": {
      const known = truthOf(node, facts);
      return known === undefined || known === isTrue;
    }
    default:
      return true;
  }
}

/** Undefined: it may be true or false. */
export function truthOf(
  node: Extract<PredicateNode, { kind: "present" | "compare" | "test" }>,
  facts: CallFacts,
): boolean | undefined {
  switch (node.kind) {
    case "present":
      return isMissing(node.value, facts) ? false : undefined;
    case "compare":
      if (isMissing(node.left, facts) || isMissing(node.right, facts)) return false;
      if (facts.argument !== undefined) return ofKnownComparison(node, facts.argument);
      if (facts.resultAbove !== undefined) {
        return ofLarger(node.left, node.operator, node.right, facts.resultAbove);
      }
      return facts.failed === true && node.left.kind === "field" && node.right.kind === "number"
        ? ofFailed(node.left.fn, node.operator, node.right.value, facts.event)
        : undefined;
    case "test":
      return isMissing(node.left, facts) ? false : ofTest(node, facts);
  }
}

/** Calls that make an fd without using one: while it fails, there is none. */
export function isMaker({ name, flags }: EventDef): boolean {
  return (flags & EVENT_FLAGS.CREATES_FD) !== 0 && !COPIES.has(name);
}

/** The fds that the call takes are directories; with something else in their place it fails. */
export function isAboutPaths({ params }: EventDef): boolean {
  return params.some(({ type }) => type === "fsrelpath");
}

function makesNone({ event, failed }: CallFacts): boolean {
  return failed === true && isMaker(event) && (event.flags & EVENT_FLAGS.USES_FD) === 0;
}

function isMissing(value: ValueNode, facts: CallFacts): boolean {
  if (value.kind !== "field") return false;
  const { fn } = value;
  if (fn.startsWith("fs_path")) return facts.failed === true;
  if (!fn.startsWith("fd_")) return false;
  if (makesNone(facts)) return !WITHOUT_ENTRY.test(fn);
  const { fd } = facts;
  if (fd === undefined) return false;
  if (fd.type === undefined) return !WITHOUT_ENTRY.test(fn);
  if (OF_ADDRESSES.test(fn)) return !hasAddresses(fd);
  if (fn === "fd_directory" || fn === "fd_filename") return fd.type !== "file";
  return fn === "fd_sockfamily" && fd.sockfamily === undefined;
}

/** Comparisons of numbers of which the sign is known. */
function ofFailed(fn: string, operator: Comparison, value: bigint, event: EventDef): boolean | undefined {
  if (fn === "evt_failed") return compareValues(1n, operator, value);
  if (fn === "evt_is_open_create") return compareValues(0n, operator, value);
  if (fn === "fd_num" && makesNone({ event, failed: true })) return compareValues(-1n, operator, value);
  if (fn !== "evt_rawres" || value < 0n) return undefined;
  return operator === "<" || operator === "<=" || operator === "!=";
}

/** Comparisons with numbers that are not larger. */
function ofLarger(
  left: ValueNode,
  operator: Comparison,
  right: ValueNode,
  above: number,
): boolean | undefined {
  if (left.kind !== "field" || left.fn !== "evt_rawres" || right.kind !== "number" || right.value > above) {
    return undefined;
  }
  return operator === ">" || operator === ">=" || operator === "!=";
}

function ofTest(test: TestNode, facts: CallFacts): boolean | undefined {
  const { left, right, fn } = test;
  if (left.kind !== "field") return undefined;
  if (facts.argument !== undefined) return ofKnownTest(test, facts.argument);
  if (facts.resultAbove !== undefined) {
    const isOfSmaller = left.fn === "evt_rawres" && fn === "num_in" && right.kind === "numbers" &&
      right.items.every((item) => item <= facts.resultAbove!);
    return isOfSmaller ? false : undefined;
  }
  if (facts.failed === true) {
    if (left.fn === "evt_rawres" && fn === "num_in" && right.kind === "numbers") {
      return right.items.every((item) => item >= 0n) ? false : undefined;
    }
    // the name of an error; which one is not known
    if (left.fn === "evt_res" && isExactly(test, "SUCCESS")) return fn === "str_ne";
  }
  // a path that begins at a file instead of a directory is not one that anybody writes
  if (facts.fd !== undefined && facts.failed === true && isRelativePath(left, facts.event)) {
    const exact = exactTexts(test);
    return exact?.every((text) => !text.endsWith("/") && !text.includes("<")) ? false : undefined;
  }
  if (isOtherName(test, facts)) return false;
  const texts = textsOf(left, facts);
  if (texts === undefined || texts.length === 0) return undefined;
  const verdicts = new Set(texts.map((text) => holdsOf(test, text)));
  return verdicts.size === 1 ? [...verdicts][0] : undefined;
}

/** Calls whose parameters name an fd that is not known. */
const NAMERS: ReadonlySet<string> = new Set(
  ["open", "openat", "openat2", "creat", "open_by_handle_at", "accept", "accept4", "connect"],
);
const NAMES: ReadonlySet<string> = new Set(["fd_name", "fd_nameraw", "fd_realname"]);

/** Whether the test wants a path that the fd surely has not, by what it is or since nothing is known of it. */
function isOtherName(test: TestNode, { fd, event }: CallFacts): boolean {
  const { left, fn } = test;
  if (fd === undefined || left.kind !== "field") return false;
  const isDirectory = left.fn === "fd_directory";
  if (!isDirectory && !NAMES.has(left.fn)) return false;
  if (!["str_eq", "str_in", "str_startswith"].includes(fn)) return false;
  const wanted = literalsOf(test) ?? [];
  if (wanted.length === 0 || !wanted.every((text) => text.startsWith("/"))) return false;
  // without an entry the name is empty and its directory the root
  if (fd.type === undefined) return !NAMERS.has(event.name) && !(isDirectory && wanted.includes("/"));
  const { path } = fd;
  return path === undefined || !wanted.some((text) => text.startsWith(path) || path.startsWith(text));
}

/** All that the field may read as. */
function textsOf(
  value: Extract<ValueNode, { kind: "field" }>,
  facts: CallFacts,
): readonly string[] | undefined {
  const { fd, event } = facts;
  if (fd === undefined) return undefined;
  switch (value.fn) {
    case "fd_type":
      return fd.type === undefined ? undefined : [fd.type];
    case "fd_typechar":
      // of a call that makes one, the letter of what it would have made
      return fd === NO_ENTRY && isMaker(event) ? undefined : [fd.letter];
    case "fd_l4proto":
      return fd.l4proto === undefined ? undefined : [fd.l4proto];
    case "fd_sockfamily":
      return fd.sockfamily === undefined ? undefined : [fd.sockfamily];
    case "evt_arg":
      return event.name === "socket" && event.params[Number(value.arg)]?.name === "domain"
        ? fd.domain
        : undefined;
    default:
      return undefined;
  }
}

function isExactly({ fn, right }: TestNode, text: string): boolean {
  return (fn === "str_eq" || fn === "str_ne") && right.kind === "text" && latin1(right.bytes) === text;
}

function exactTexts({ fn, right }: TestNode): readonly string[] | undefined {
  if (fn === "str_eq" && right.kind === "text") return [latin1(right.bytes)];
  return fn === "str_in" && right.kind === "texts" ? right.items.map(latin1) : undefined;
}

function isRelativePath(value: ValueNode, event: EventDef): boolean {
  return value.kind === "field" && value.fn === "evt_arg" && typeof value.arg === "number" &&
    event.params[value.arg]?.type === "fsrelpath";
}
