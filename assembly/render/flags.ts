// Names of flags and modes: `O_RDONLY|O_CLOEXEC`. Puts into the open text; nothing when no name fits.
// In: the value and the parameter's flag table (generated/tables.ts). The tables' order is the order of the
// names, and a composed flag takes its bits away from those that follow.

import { flagCount, flagName, flagValue } from "../generated/tables";
import { putByte, putText } from "../strings/writer";

/** Names of the bits of a value. 0 has a name only where the table has an entry for 0. */
export function putFlags(value: u32, table: usize): void {
  const count = flagCount(table);
  let rest = value, first = true;
  for (let i: u32 = 0; i < count; i++) {
    const flag = flagValue(table, i);
    if (flag == 0 ? value != 0 : rest == 0 || (rest & flag) != flag) continue;
    rest &= ~flag;
    if (!first) putByte(124);
    first = false;
    putText(flagName(table, i));
    if (flag == value) return;
  }
}

/** Every name that a value has: AF_LOCAL and AF_UNIX are both 1. */
export function putEnum(value: u32, table: usize): void {
  const count = flagCount(table);
  let first = true;
  for (let i: u32 = 0; i < count; i++) {
    if (flagValue(table, i) != value) continue;
    if (!first) putByte(124);
    first = false;
    putText(flagName(table, i));
  }
}

/** Names of a file mode; the entry that equals the whole mode ends the list, whatever came before it. */
export function putMode(value: u32, table: usize): void {
  const count = flagCount(table);
  let rest = value, first = true;
  for (let i: u32 = 0; i < count; i++) {
    const flag = flagValue(table, i);
    if (flag != value && (flag == 0 ? value != 0 : rest == 0 || (rest & flag) != flag)) continue;
    rest &= ~flag;
    if (!first) putByte(124);
    first = false;
    putText(flagName(table, i));
    if (flag == value) return;
  }
}
