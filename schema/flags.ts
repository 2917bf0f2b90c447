// Flag tables: which name each bit or value of a flags, enumflags or mode parameter has.
// In: flag_table.ts. Out: FLAG_TABLES, and the names that the generated constants have.
// Elsewhere: which parameter uses which table (schema/events.ts), rendering (assembly/render).

import { FLAG_TABLE } from "./flag_table.ts";
import type { FlagTable } from "./types.ts";

function parse(text: string): FlagTable[] {
  const tables: FlagTable[] = [];
  let entries: [string, number][] = [];
  for (const line of text.trim().split("\n")) {
    const words = line.trim().split(/\s+/);
    if (line.startsWith(" ")) {
      for (const word of words) {
        const cut = word.indexOf("=");
        entries.push([word.slice(0, cut), Number(word.slice(cut + 1))]);
      }
    } else {
      const [name = "", strip = "", prefix = ""] = words;
      entries = [];
      tables.push({ name, strip: strip === "-" ? "" : strip, prefix, entries });
    }
  }
  return tables;
}

/** All tables; the position is the table's number in the generated tables. */
export const FLAG_TABLES: readonly FlagTable[] = parse(FLAG_TABLE);

const byName = new Map(FLAG_TABLES.map((table) => [table.name, table]));

export function flagTable(name: string): FlagTable | undefined {
  return byName.get(name);
}

/** Name of the generated constant of an entry: FO_CREAT for O_CREAT of file_flags. */
export function flagConstant(table: FlagTable, entry: string): string {
  return table.prefix + (entry.startsWith(table.strip) ? entry.slice(table.strip.length) : entry);
}

/** Constants that no table names: marks that never print, and the variants of dyn parameters. */
export const OTHER_CONSTANTS: readonly (readonly [name: string, value: number])[] = [
  ["FAT_FDCWD", -100],
  ["CL_ACTIVE", 1 << 19],
  ["CL_PIPE_SRC", 1 << 21],
  ["CL_PIPE_DST", 1 << 22],
  ["CL_IS_MAIN_THREAD", 1 << 30],
  ["SOCKOPT_IDX_UNKNOWN", 0],
  ["SOCKOPT_IDX_ERRNO", 1],
  ["SOCKOPT_IDX_UINT32", 2],
  ["SOCKOPT_IDX_UINT64", 3],
  ["SOCKOPT_IDX_TIMEVAL", 4],
  ["PTRACE_IDX_UINT64", 0],
  ["PTRACE_IDX_SIGTYPE", 1],
  ["KEYCTL_IDX_INT64", 0],
  ["KEYCTL_IDX_CHARBUF", 1],
];
