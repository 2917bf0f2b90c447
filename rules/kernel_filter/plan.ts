// What the kernel is told, as data: which opens no rule can match, which kinds of fds nobody asks about, and which calls can be
// left out by their result and the kind of their fd.
// In: rules/kernel_filter/kernel_filter.ts makes it. Out: sources/live writes it into the probe's maps, model.ts decides by it.
// Types and the key of a path's parts only; the probe computes the same keys (probe/lib/filter_plan.bpf.h).

import { PROBE_LIMITS } from "../../schema/mod.ts";
import type { ArgumentClause } from "./argument_clauses.ts";
import type { FdKind } from "./fd_kinds.ts";

/** How a file is opened: a bit for each combination of reading, writing, making it if need be, and that executable. */
export const OPEN_KINDS = 16;
export const READS = 1;
export const WRITES = 2;
export const CREATES = 4;
export const EXECUTABLE = 8;
export const ALL_KINDS = (1 << OPEN_KINDS) - 1;

/** Part of a path: its beginning, or four bytes in a row anywhere in it. */
export type PathPart =
  | { readonly kind: "prefix"; readonly bytes: Uint8Array }
  | { readonly kind: "part"; readonly bytes: Uint8Array };

/** Opens of these kinds can match where the path has the part. */
export interface PathKey {
  readonly part: PathPart;
  /** kinds of opens that need it in the path as the program passed it */
  readonly name: number;
  /** … in the path as the kernel resolved it */
  readonly resolved: number;
}

/** Why all events of some kind have to be reported. */
export interface Demand {
  readonly rule: string;
  readonly event: string;
  /** what the rule asks of the event */
  readonly asks: string;
}

export interface OpenFilter {
  /** kinds of opens that can match whatever the path is */
  readonly anyPath: number;
  /** the rule that matches them first in the list, for people */
  readonly anyPathRule?: string;
  readonly keys: readonly PathKey[];
  /** kinds of opens of which some can match by the resolved path only */
  readonly resolved: number;
  /** kinds of opens of which some can match although they have failed */
  readonly failed: number;
  /** an open that has failed can match by a path that is not looked at: a relative one, or one to be shortened */
  readonly failedUnclean: boolean;
  /** those of directories are left out, too: nobody asks about their fds but as what a path is relative to */
  readonly directories: boolean;
}

/** Which calls with this event nobody needs. */
export interface CallFilter {
  readonly event: string;
  /** those that have failed */
  readonly failed: boolean;
  /** those about an fd of such a kind */
  readonly kinds: readonly FdKind[];
  /** those with such an argument */
  readonly clauses: readonly ArgumentClause[];
  /** those about a file of which the open was left out */
  readonly unknownFiles?: true;
  /** all */
  readonly always: boolean;
  /** the first rule that matches others of them, for people; absent: no rule, they are state */
  readonly rule?: string;
}

/** Events of which nothing is left out, or only calls that have failed. */
export interface WholeCalls {
  readonly events: readonly string[];
  readonly butFailed: boolean;
  /** all rules that match them, with what they ask */
  readonly demands: readonly Demand[];
}

export interface KernelFilter {
  /** absent: every open of a file is reported, because of `filesAsked` */
  readonly opens?: OpenFilter;
  /** a rule that asks what an fd refers to when that may be a file; then opens and closes of files are state */
  readonly filesAsked?: Demand;
  /** all such rules, that one first */
  readonly filesAskedBy?: readonly Demand[];
  /** kinds of fds that some rule asks about, with the first that does; such fds are state */
  readonly kindsAsked?: ReadonlyMap<FdKind, Demand>;
  /** all such rules, for people */
  readonly kindsAskedBy?: ReadonlyMap<FdKind, readonly Demand[]>;
  /** rules that ask what an fd refers to when that may be a directory; absent: none */
  readonly directoriesAskedBy?: readonly Demand[];
  /** kinds about which only events ask that say what they need */
  readonly kindsTold?: ReadonlySet<FdKind>;
  readonly calls?: readonly CallFilter[];
  /** for people: events that the rules have reported in full */
  readonly wholeCalls?: readonly WholeCalls[];
  /** a rule that matches fcntl; without one its commands that change nothing need not be reported */
  readonly fcntlAsked?: Demand;
  /** any event may be needed, since a rule asks how long the event before it was ago */
  readonly allAsked?: Demand;
}

export const PART_BYTES = 4;

/** One byte more at the end of a beginning. */
export function prefixKey(key: number, byte: number): number {
  return (Math.imul(key, 0x01000193) + byte) >>> 0;
}

/** The last four bytes, one byte later. */
export function windowKey(key: number, byte: number): number {
  return ((key << 8) | byte) >>> 0;
}

/** The key and which of the two kinds it is, as the probe's table has it. */
export function tableKey({ kind, bytes }: PathPart): bigint {
  return kind === "prefix" ? BigInt(bytes.reduce(prefixKey, 0)) : WINDOW | BigInt(bytes.reduce(windowKey, 0));
}

/** Set in keys of four bytes. */
export const WINDOW = 1n << 32n;

export const FILTER_BITS = 1 << 14;

/** Of how paths begin that can match, a bit for each by its first bytes; for paths of which more than this is known. */
const BEGINNING_BYTES = [8, 4] as const;
const MASK_64 = (1n << 64n) - 1n;

/** Which bit of the quick test stands for this beginning; undefined where it is too short to have one. */
export function beginningBit(bytes: Uint8Array): number | undefined {
  const length = BEGINNING_BYTES.find((length) => bytes.length >= length);
  if (length === undefined) return undefined;
  const word = bytes.subarray(0, length).reduceRight((sum, byte) => sum << 8n | BigInt(byte), 0n);
  return Number((word * 0x9e3779b97f4a7c15n & MASK_64) >> BigInt(64 - PROBE_LIMITS.BEGINNING_BITS_LOG));
}

/** Which bit of the first, quick test stands for the key. */
export function filterBit(key: bigint): number {
  const low = Number(key & 0xffffffffn);
  const spread = Math.imul(low, (key & WINDOW) === 0n ? 0x9e3779b1 : 0x85ebca6b) >>> 0;
  return spread >>> 18;
}
