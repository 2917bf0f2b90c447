// The probe's decision about calls by their result, arguments and the kind of their fd, in TypeScript: what the proof runs over recordings,
// and what the probe is compared with. In: the filter and what the probe knows of a call. Out: whether it is reported.
// Elsewhere: the same in C (probe/lib/call_filter.bpf.h), opens by their path (model.ts).

import type { ArgumentClause } from "./argument_clauses.ts";
import { CALLS_ON_FDS } from "./call_table.ts";
import type { FdKind } from "./fd_kinds.ts";
import type { KernelFilter } from "./plan.ts";

export interface CallSeen {
  readonly event: string;
  readonly result: number;
  /** by position, as far as they are known: 64 bits */
  readonly arguments?: readonly (bigint | undefined)[];
  /** of the fd that the call is about; absent: of no kind that the probe tells apart, or none */
  readonly kind?: FdKind | undefined;
  /** a file of which the open was left out, and that has not become known otherwise */
  readonly isUnknown?: boolean;
  /** a message has come with control data */
  readonly hasControl?: boolean;
  /** it sends and connects in one */
  readonly connectsAtOnce?: boolean;
}

const IN_PROGRESS = -115;

export function isCallReported({ calls = [], allAsked }: KernelFilter, seen: CallSeen): boolean {
  const filter = allAsked === undefined ? calls.find(({ event }) => event === seen.event) : undefined;
  if (filter === undefined) return true;
  const { result, kind } = seen;
  const hasFailed = result < 0 && !(seen.event === "connect" && result === IN_PROGRESS);
  if (filter.always || (hasFailed && filter.failed)) return false;
  if (filter.clauses.some((clause) => spares(clause, seen.arguments?.[clause.at]))) return false;
  if (filter.unknownFiles && seen.isUnknown) return false;
  const call = CALLS_ON_FDS.get(seen.event);
  if (kind === undefined || !filter.kinds.includes(kind) || (hasFailed && call?.fd === "result")) return true;
  if (call?.passesFds && kind === "unix" && (seen.hasControl || seen.event === "recvmmsg")) return true;
  return kind === "tcp" && seen.connectsAtOnce === true;
}

function spares({ mask, values, sparesListed }: ArgumentClause, argument: bigint | undefined): boolean {
  if (argument === undefined || argument >> 32n !== 0n) return false;
  return values.includes(Number(argument & BigInt(mask))) === sparesListed;
}

/** @param isKnown the reader has got the file by another event */
export function isCloseReported(
  { kindsAsked }: KernelFilter,
  kind: FdKind | undefined,
  isKnown: boolean,
): boolean {
  return kindsAsked === undefined || kind === undefined || kindsAsked.has(kind) || isKnown;
}
