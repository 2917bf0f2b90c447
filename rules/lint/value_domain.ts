// What checks leave of the values that one field can have: more than it can really have, never less.
// In: domains of single checks. Out: their intersection and union, and whether anything is left.
// Elsewhere: the domain of a check (check_domain.ts), whole conditions (facts.ts).

import type { Check } from "../syntax/ast.ts";

/** A check, and whether the condition needs it to hold or to fail. */
export interface Cause {
  readonly check: Check;
  readonly negated: boolean;
}

export interface ValueDomain {
  /** the field may have no value */
  readonly missing: boolean;
  /** these values and no other */
  readonly only?: ReadonlySet<string>;
  /** none of these */
  readonly except?: ReadonlySet<string>;
  /** texts that begin like this */
  readonly prefix?: string;
  /** numbers from here to there */
  readonly low?: bigint;
  readonly high?: bigint;
  /** what else has to hold for a value */
  readonly tests?: readonly ((value: string) => boolean)[];
  /** what made it so, for the message; the first few */
  readonly causes: readonly Cause[];
}

const MAX_CAUSES = 6;
/** Sets that grow further are given up: any value. */
const MAX_VALUES = 2000;
/** Beyond these a further one says nothing: conditions of thousands of checks have to stay cheap. */
const MAX_EXCEPT = 500;
const MAX_TESTS = 50;

export function isEmpty(domain: ValueDomain): boolean {
  if (domain.missing) return false;
  const { only, low, high } = domain;
  return only?.size === 0 || (low !== undefined && high !== undefined && low > high);
}

export function meet(a: ValueDomain, b: ValueDomain): ValueDomain {
  const tests = [...a.tests ?? [], ...b.tests ?? []].slice(0, MAX_TESTS);
  const low = a.low === undefined || (b.low !== undefined && b.low > a.low) ? b.low : a.low;
  const high = a.high === undefined || (b.high !== undefined && b.high < a.high) ? b.high : a.high;
  const prefix = (a.prefix ?? "").length >= (b.prefix ?? "").length ? a.prefix : b.prefix;
  const apart = a.prefix !== undefined && b.prefix !== undefined && !prefix!.startsWith(a.prefix) ||
    a.prefix !== undefined && b.prefix !== undefined && !prefix!.startsWith(b.prefix);
  const except = union(a.except, b.except);
  const smaller = a.only === undefined || (b.only !== undefined && b.only.size < a.only.size)
    ? b.only
    : a.only;
  let only: ReadonlySet<string> | undefined;
  if (apart) only = new Set();
  else if (smaller !== undefined) {
    const left = new Set<string>();
    for (const value of smaller) {
      if (a.only?.has(value) === false || b.only?.has(value) === false || except?.has(value)) continue;
      if (prefix !== undefined && !value.startsWith(prefix)) continue;
      if (low !== undefined && BigInt(value) < low || high !== undefined && BigInt(value) > high) continue;
      if (tests.every((test) => test(value))) left.add(value);
    }
    only = left;
  }
  return {
    missing: a.missing && b.missing,
    ...(only === undefined ? {} : { only }),
    ...(except === undefined ? {} : { except }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    ...(tests.length === 0 ? {} : { tests }),
    causes: together(a, b),
  };
}

export function join(a: ValueDomain, b: ValueDomain): ValueDomain {
  const base = { missing: a.missing || b.missing, causes: together(a, b) };
  if (a.only !== undefined && b.only !== undefined) {
    return a.only.size + b.only.size > MAX_VALUES ? base : { ...base, only: new Set([...a.only, ...b.only]) };
  }
  const excepts = [a, b].map(({ only, except }) => only === undefined ? except : undefined);
  if (a.only === undefined && b.only === undefined) {
    const except = new Set([...excepts[0] ?? []].filter((value) => excepts[1]?.has(value)));
    const low = a.low === undefined || b.low === undefined ? undefined : a.low < b.low ? a.low : b.low;
    const high = a.high === undefined || b.high === undefined ? undefined : a.high > b.high ? a.high : b.high;
    return {
      ...base,
      ...(except.size === 0 ? {} : { except }),
      ...(a.prefix === undefined || a.prefix !== b.prefix ? {} : { prefix: a.prefix }),
      ...(low === undefined ? {} : { low }),
      ...(high === undefined ? {} : { high }),
    };
  }
  const [few, many] = a.only === undefined ? [b, a] : [a, b];
  const except = new Set([...many.except ?? []].filter((value) => !few.only!.has(value)));
  return except.size === 0 ? base : { ...base, except };
}

function union(a: ReadonlySet<string> | undefined, b: ReadonlySet<string> | undefined) {
  if (a === undefined || b === undefined) return a ?? b;
  return a.size + b.size > MAX_EXCEPT ? a : new Set([...a, ...b]);
}

function together(a: ValueDomain, b: ValueDomain): readonly Cause[] {
  if (a.causes.length >= MAX_CAUSES) return a.causes;
  const more = b.causes.filter(({ check, negated }) =>
    !a.causes.some((cause) => cause.check === check && cause.negated === negated)
  );
  return [...a.causes, ...more].slice(0, MAX_CAUSES);
}
