// Which calls nobody needs by one argument alone: options, commands, signals, flags, families.
// In: the residual conditions of a type of event, which fds nobody asks about. Out: up to two clauses, of which one is enough to
// leave a call out. For each value that an argument can have it is asked whether a condition can hold; of flags, for a set of
// bits that grows as long as none can. Elsewhere: what a condition says then (known_argument.ts), the same test in C
// (probe/lib/call_filter.bpf.h).

import { type EventDef, PROBE_LIMITS } from "../../schema/mod.ts";
import type { PredicateNode } from "../lower/ir.ts";
import type { Candidate } from "../lower/lower.ts";
import type { FdKind } from "./fd_kinds.ts";
import { isArgument, type KnownArgument, textOf } from "./known_argument.ts";
import { literalsOf } from "./known_text.ts";
import { mayHold } from "./may_hold.ts";
import { RAW_ARGUMENTS, type RawArgument } from "./raw_arguments.ts";

/** A call is left out where its argument, as far as the mask shows it, is in the list, or is not. */
export interface ArgumentClause {
  readonly at: number;
  readonly mask: number;
  readonly values: readonly number[];
  readonly sparesListed: boolean;
  /** name of the parameter, for people */
  readonly name: string;
}

export const MAX_CLAUSES_OF_CALL = 2;

/** Stands for all arguments that have no name. */
const NO_NAME = -1;

/** Calls that change what the matcher knows for some arguments only. */
const STATE: ReadonlyMap<string, (argument: number, unasked: ReadonlySet<FdKind>) => boolean> = new Map([
  ["prctl", (option) => option === 36 || option === 37], // PR_SET_CHILD_SUBREAPER, PR_GET_CHILD_SUBREAPER
  ["fcntl", (command) => command === 0 || command === 2 || command === 1030], // F_DUPFD, F_SETFD, F_DUPFD_CLOEXEC
  ["unshare", (flag) => flag === 0x400 || flag === 0x1000_0000], // CLONE_FILES, CLONE_NEWUSER
  ["setns", (flag) => flag === 0x1000_0000],
  // some commands make an fd
  ["bpf", (_, unasked) => !unasked.has("anonymous")],
  [
    "socket",
    (family, unasked) => !(family === 1 ? unasked.has("unix") : family === 16 && unasked.has("netlink")),
  ],
]);

export function argumentClauses(
  event: EventDef,
  candidates: readonly Candidate[],
  unasked: ReadonlySet<FdKind>,
  isState: boolean,
): readonly ArgumentClause[] {
  const isStateFor = STATE.get(event.name);
  if (isState && isStateFor === undefined) return [];
  return RAW_ARGUMENTS.filter((argument) => argument.event === event.name)
    .flatMap((argument) =>
      clauseOf(argument, event, candidates, (raw) => isStateFor?.(raw, unasked) ?? false) ?? []
    )
    .slice(0, MAX_CLAUSES_OF_CALL);
}

function clauseOf(
  argument: RawArgument,
  event: EventDef,
  candidates: readonly Candidate[],
  isState: (argument: number) => boolean,
): ArgumentClause | undefined {
  const matches = (known: KnownArgument["known"]) =>
    candidates.some(({ condition }) => mayHold(condition, true, { event, argument: { argument, known } }));
  const { at, param: { name } } = argument;
  if (argument.kind === "flags") {
    const mask = neededBits(argument, isState, matches);
    return mask === undefined ? undefined : { at, mask, values: [0], sparesListed: true, name };
  }
  const values = valuesOf(argument, candidates);
  const needed = (raw: number) => isState(raw) || matches({ value: values.get(raw)! });
  const others = argument.otherwise === undefined ? "other" as const : { value: argument.otherwise };
  const raws = [...values.keys()];
  const asked = raws.filter(needed);
  const { mask } = argument;
  if (!isState(NO_NAME) && !matches(others) && asked.length <= PROBE_LIMITS.ARGUMENT_VALUES) {
    return { at, mask, values: asked, sparesListed: false, name };
  }
  const spared = raws.filter((raw) => !asked.includes(raw)).slice(0, PROBE_LIMITS.ARGUMENT_VALUES);
  return spared.length === 0 ? undefined : { at, mask, values: spared, sparesListed: true, name };
}

/** Bits of which one has to be set; undefined where a call without any can be needed, or every bit is. */
function neededBits(
  { bits, mask }: RawArgument,
  isState: (bit: number) => boolean,
  matches: (known: { readonly within: number }) => boolean,
): number | undefined {
  let [spared, within] = [0, 0];
  if (matches({ within })) return undefined;
  for (const [bit, value] of bits) {
    if (isState(bit) || matches({ within: within | value })) continue;
    spared |= bit;
    within |= value;
  }
  return (mask & ~spared) >>> 0;
}

/** Arguments that are looked at one by one: those with a name, and those that a condition names. */
function valuesOf(argument: RawArgument, candidates: readonly Candidate[]): ReadonlyMap<number, number> {
  if (argument.otherwise !== undefined) return argument.values;
  const values = new Map(argument.values);
  for (const { condition } of candidates) {
    for (const value of namedIn(condition, argument)) {
      if (value <= argument.mask && !values.has(value)) values.set(value, value);
    }
  }
  return values;
}

function namedIn(node: PredicateNode, argument: RawArgument): readonly number[] {
  switch (node.kind) {
    case "and":
    case "or":
    case "one":
      return node.operands.flatMap((operand) => namedIn(operand, argument));
    case "not":
    case "leaf":
      return namedIn(node.operand, argument);
    case "compare":
      return isArgument(node.left, argument, "evt_rawarg") && node.right.kind === "number"
        ? whole([node.right.value])
        : [];
    case "test":
      if (isArgument(node.left, argument, "evt_rawarg") && node.right.kind === "numbers") {
        return whole(node.right.items);
      }
      return isArgument(node.left, argument, "evt_arg") ? numbersShown(literalsOf(node) ?? [], argument) : [];
    default:
      return [];
  }
}

function whole(values: readonly bigint[]): readonly number[] {
  return values.filter((value) => value >= 0n && value <= 0xffff_ffffn).map(Number);
}

/** Numbers that the parameter shows as one of these texts. */
function numbersShown(texts: readonly string[], argument: RawArgument): readonly number[] {
  return texts.flatMap((text) =>
    [Number(text) >>> 0, Number.parseInt(text, 16) >>> 0].filter((value) => textOf(argument, value) === text)
  );
}
