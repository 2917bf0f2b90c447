// Which calls nobody needs, by what the kernel sees at their return without looking at texts: whether they have failed, one of
// their arguments, and the kind of the fd that they are about. In: the program, the kinds of fds that no rule asks about. Out: a filter for each type of
// event of which some calls can be left out. Elsewhere: what an event is about (call_table.ts), when a condition can hold
// (may_hold.ts), the same decision in C (probe/lib/call_filter.bpf.h) and for tests (call_model.ts).

import { CURRENT_EVENTS, type EventDef, isStateSyscall, syscallsOfEvent } from "../../schema/mod.ts";
import type { Candidate, Program } from "../lower/lower.ts";
import { argumentClauses } from "./argument_clauses.ts";
import { type CallOnFd, CALLS_ON_FDS, LIMIT_CALLS, NEEDED_ON_FAILURE, OF_LIMITS } from "./call_table.ts";
import { asksFor } from "./fd_demand.ts";
import { ENTRIES, type FdKind, type KnownFd, NO_ENTRY } from "./fd_kinds.ts";
import type { FilePaths } from "./file_paths.ts";
import { type CallFacts, mayHold } from "./may_hold.ts";
import type { CallFilter } from "./plan.ts";

/** Not so those of calls without an event of their own, nor some without parameters. */
function saysResult({ direction, params }: EventDef): boolean {
  return direction === "exit" && (params[0]?.name === "res" || params[0]?.name === "fd");
}

/** Of these a rule decides whether any are reported. */
export function isOfRules(event: EventDef): boolean {
  return saysResult(event) && !isState(event);
}

/** Reported whatever the rules are. */
function isState({ code }: EventDef): boolean {
  return syscallsOfEvent(code).some(({ sc }) => isStateSyscall(sc));
}

/**
 * @param told kinds of which events that are asked about say what they need
 * @param names of the rules
 * @param paths events that no rule matches on a file that is left out
 */
export function callFilters(
  program: Program,
  unasked: ReadonlySet<FdKind>,
  told: ReadonlySet<FdKind>,
  names: readonly string[],
  paths: FilePaths,
): readonly CallFilter[] {
  const limitsAsked = asksFor(program, OF_LIMITS);
  const byName = Map.groupBy(program.events, ({ event }) => event.name);
  return CURRENT_EVENTS.filter((event) => saysResult(event) && (byName.has(event.name) || isState(event)))
    .flatMap((event) => {
      const candidates = (byName.get(event.name) ?? []).flatMap(({ candidates }) => candidates);
      const filter = filterOf(event, candidates, unasked, told, limitsAsked);
      const unknownFiles = paths.has(event.name) && CALLS_ON_FDS.has(event.name) && !filter.always &&
        !filter.kinds.includes("file");
      if (
        !filter.failed && !filter.always && !unknownFiles && filter.kinds.length + filter.clauses.length === 0
      ) {
        return [];
      }
      const needed = candidates[0];
      return [{
        ...filter,
        ...unknownFiles ? { unknownFiles } : {},
        ...needed === undefined ? {} : { rule: names[needed.rule]! },
      }];
    });
}

function filterOf(
  event: EventDef,
  candidates: readonly Candidate[],
  unasked: ReadonlySet<FdKind>,
  told: ReadonlySet<FdKind>,
  limitsAsked: boolean,
): CallFilter {
  const { name } = event;
  const some = (facts: Omit<CallFacts, "event">) =>
    candidates.some(({ condition }) => mayHold(condition, true, { event, ...facts }));
  const call = CALLS_ON_FDS.get(name);
  const failed = !NEEDED_ON_FAILURE.has(name) && !some({ failed: true });
  const spared = (call?.kinds ?? []).filter((kind) => {
    if (call!.state.includes(kind) && !unasked.has(kind)) return false;
    if (call!.saysRole && told.has(kind)) return false;
    return !entriesOf(kind, call!, unasked, told).some((fd) =>
      some({ fd, ...kind === "tcp" && call!.needsPeer && fd.lacksRole && { failed: true } })
    );
  });
  const isStateless = call?.state.length === 0 || (LIMIT_CALLS.has(name) && !limitsAsked);
  const always = isStateless && candidates.length === 0;
  const ofAll = { event: name, failed, clauses: argumentClauses(event, candidates, unasked, isState(event)) };
  // no fd of these is at a place where it could be looked at
  if (call !== undefined && call.fd !== "argument" && call.fd !== "result") {
    return { ...ofAll, always: always || (failed && spared.includes(call.fd)), kinds: [] };
  }
  return { ...ofAll, always, kinds: spared };
}

/**
 * How the matcher may have the fd: one that nobody asks about may have come in place of another such without a word. Of kinds about
 * which events themselves tell, it is not asked what it has.
 */
function entriesOf(
  kind: FdKind,
  { fd }: CallOnFd,
  unasked: ReadonlySet<FdKind>,
  told: ReadonlySet<FdKind>,
): readonly KnownFd[] {
  if (fd !== "argument") return ENTRIES[kind];
  const others = unasked.has(kind) ? [...unasked.difference(told)] : [];
  return [NO_ENTRY, ...[...new Set([kind, ...others])].flatMap((one) => ENTRIES[one])];
}
