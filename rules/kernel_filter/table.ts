// The filter as the probe has it: bits and keys instead of texts.
// In: a filter. Out: what sources/live writes into the probe's maps.

import { eventCode, PROBE_LIMITS, syscallsOfEvent } from "../../schema/mod.ts";
import type { ArgumentClause } from "./argument_clauses.ts";
import { CALLS_ON_FDS } from "./call_table.ts";
import { bitOf, FD_KINDS } from "./fd_kinds.ts";
import { beginningBit, type CallFilter, filterBit, type KernelFilter, READS, tableKey } from "./plan.ts";

/** Numbers only: it crosses over to the worker. */
export interface FilterTable {
  /** opens of files that no rule can match are left out, and what happens to their fds */
  readonly opens: boolean;
  /** … of directories, too */
  readonly directories: boolean;
  /** so are commands of fcntl that change nothing */
  readonly fcntl: boolean;
  /** kinds of opens that can match whatever the path is */
  readonly anyPath: number;
  /** kinds of opens that can match by the resolved path only */
  readonly resolved: number;
  /** key of a part of a path → kinds: by the name, and in the upper half by the resolved path */
  readonly keys: readonly (readonly [bigint, number])[];
  /** kinds of opens that can match by a part anywhere in the path */
  readonly parts: number;
  /** … by a part without a dot */
  readonly dotless: number;
  /** how paths begin that can match: of opens that only read, then of others */
  readonly beginnings: BigUint64Array<ArrayBuffer>;
  /** kinds of opens that can match although they have failed */
  readonly failed: number;
  /** an open that has failed can match by a path that is not looked at */
  readonly failedUnclean: boolean;
  /** a bit for each kind of fds that nobody asks about (fd_kinds.ts) */
  readonly unasked: number;
  /** by number of the call: which of its calls nobody needs */
  readonly calls: Uint32Array<ArrayBuffer>;
  /** which calls nobody needs by one argument: words of `calls` name the first and how many there are */
  readonly clauses: Uint32Array<ArrayBuffer>;
  /** which keys there may be */
  readonly bits: BigUint64Array<ArrayBuffer>;
}

const ONLY_READS = 1 << READS;
const DOT = 0x2e;

export function filterTable(filter: KernelFilter): FilterTable {
  const { opens, filesAsked, fcntlAsked, allAsked } = filter;
  const bits = new BigUint64Array(PROBE_LIMITS.FILTER_BITS / 64);
  const half = (1 << PROBE_LIMITS.BEGINNING_BITS_LOG) / 64;
  const beginnings = new BigUint64Array(2 * half);
  let [parts, dotless] = [0, 0];
  const keys = (opens?.keys ?? []).map(({ part, name, resolved }) => {
    const key = tableKey(part);
    set(bits, filterBit(key));
    if (part.kind === "part") {
      parts |= name | resolved;
      if (!part.bytes.includes(DOT)) dotless |= name | resolved;
    } else {
      const bit = beginningBit(part.bytes);
      if ((name | resolved) & ONLY_READS) set(beginnings.subarray(0, half), bit);
      if ((name | resolved) & ~ONLY_READS) set(beginnings.subarray(half), bit);
    }
    return [key, (name | resolved << 16) >>> 0] as const;
  });
  return {
    opens: opens !== undefined && filesAsked === undefined && allAsked === undefined,
    directories: opens?.directories ?? false,
    fcntl: fcntlAsked === undefined && allAsked === undefined,
    anyPath: opens?.anyPath ?? 0,
    resolved: opens?.resolved ?? 0,
    keys,
    parts,
    dotless,
    failed: opens?.failed ?? 0,
    failedUnclean: opens?.failedUnclean ?? true,
    unasked: filter.kindsAsked === undefined
      ? 0
      : FD_KINDS.reduce((bits, kind) => filter.kindsAsked!.has(kind) ? bits : bits | bitOf(kind), 0),
    ...callTables(filter.calls ?? []),
    beginnings,
    bits,
  };
}

function callTables(filters: readonly CallFilter[]): Pick<FilterTable, "calls" | "clauses"> {
  const calls = new Uint32Array(PROBE_LIMITS.MAX_SYSCALLS);
  const clauses = new Uint32Array(PROBE_LIMITS.ARGUMENT_CLAUSES * CLAUSE_WORDS);
  // the first has no clause, so that 0 is none
  let free = 1;
  for (const filter of filters) {
    const { event, failed, always, kinds, unknownFiles } = filter;
    const { fd, passesFds, connectsBy = 0 } = CALLS_ON_FDS.get(event) ?? {};
    const fits = free + filter.clauses.length <= PROBE_LIMITS.ARGUMENT_CLAUSES;
    const own = fits ? filter.clauses : [];
    for (const [at, clause] of own.entries()) clauses.set(clauseWords(clause), (free + at) * CLAUSE_WORDS);
    const word = kinds.reduce((bits, kind) => bits | bitOf(kind), 0) |
      (failed ? PROBE_LIMITS.SPARES_FAILED : 0) | (always ? PROBE_LIMITS.SPARES_ALL : 0) |
      (unknownFiles ? PROBE_LIMITS.SPARES_UNKNOWN : 0) |
      (fd === "result" ? PROBE_LIMITS.FD_IS_RESULT : 0) | (passesFds ? PROBE_LIMITS.PASSES_FDS : 0) |
      connectsBy << PROBE_LIMITS.CONNECTS_BY_SHIFT |
      (own.length === 0 ? 0 : free << PROBE_LIMITS.CLAUSE_SHIFT) |
      (own.length > 1 ? PROBE_LIMITS.SECOND_CLAUSE : 0);
    free += own.length;
    for (const { x86_64 } of syscallsOfEvent(eventCode(event, "exit")!)) {
      if (x86_64 !== null) calls[x86_64] = word;
    }
  }
  return { calls, clauses };
}

const CLAUSE_WORDS = 2 + PROBE_LIMITS.ARGUMENT_VALUES;

/** As the probe has it (probe/lib/filter_plan.bpf.h); what is not used of the list repeats its first. */
function clauseWords({ at, mask, values, sparesListed }: ArgumentClause): readonly number[] {
  const how = at | (sparesListed ? PROBE_LIMITS.LISTED_SPARED : 0);
  // nothing is 1 below a mask without bits
  const [first = 1] = values;
  const shown = Array.from({ length: PROBE_LIMITS.ARGUMENT_VALUES }, (_, i) => values[i] ?? first);
  return [values.length === 0 ? 0 : mask, how, ...shown];
}

/** Without a number all of them: then nothing can be told by it. */
function set(bits: BigUint64Array, bit: number | undefined): void {
  if (bit === undefined) bits.fill(~0n);
  else bits[bit >> 6]! |= 1n << BigInt(bit & 63);
}
