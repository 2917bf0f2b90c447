// Bits of a flag by its name, from the table of flags.

import { flagTable } from "../../../schema/flags.ts";

export function flagBits(table: string): (name: string) => number {
  const bits = new Map(flagTable(table)?.entries);
  return (name) => {
    const value = bits.get(name);
    if (value === undefined) throw new Error(`no flag ${name} in ${table}`);
    return value;
  };
}
