// Numbers on the command line.
// In: a flag and what was written after it. Out: a parser for commander; a UsageError when it is no such number.

import { UsageError } from "../base/mod.ts";

/** More than 0, in parts if need be: seconds, megabytes. */
export function amount(flag: string, what: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+(\.\d+)?$/.test(text) || value <= 0) {
      throw new UsageError([`${flag} ${text}: expected a number of ${what}`]);
    }
    return value;
  };
}

/** The same, or 0 for no bound. */
export function amountOrNone(flag: string, what: string): (text: string) => number {
  const positive = amount(flag, what);
  return (text) => /^0+(\.0+)?$/.test(text) ? 0 : positive(text);
}

/** A whole number from 1. @param what it is the number of, where the flag does not say it */
export function wholeNumber(flag: string, what?: string): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || !Number.isSafeInteger(value)) {
      throw new UsageError([
        `${flag} ${text}: expected a whole number${what === undefined ? " from 1" : ` of ${what}`}`,
      ]);
    }
    return value;
  };
}
