// Which records of auditd a tree is about: what its items `type`, `SYSCALL` and `nametype` say, taken out of it.
// In: a tree joined with `and`. Out: the events it is about and what is left of it.
// Elsewhere: the fields of each type (fields.ts).

import { eventsNamed, syscallByName } from "../schema/mod.ts";
import { type LogSource, RECORDS } from "./fields.ts";
import { all, CannotConvert, type Item, type Tree } from "./tree.ts";

const TOUCHES: Readonly<Record<string, string>> = {
  CREATE: "evt.type in (open, openat, openat2, creat) and evt.is_open_create = true",
  DELETE: "evt.type in (unlink, unlinkat, rmdir) and evt.failed = false",
};

export function recordSource(tree: Tree): { source: LogSource; rest?: Tree } {
  const told = new Map<string, string[]>();
  const rest = withoutTypes(tree, told);
  const types = (told.get("type") ?? ["EXECVE"]).map((type) => type.toUpperCase());
  const [type] = types as [string];
  if (types.some((other) => other !== type)) throw new CannotConvert("it joins records of several types");
  let source = RECORDS[type];
  if (source === undefined) throw new CannotConvert(`records of the type ${type} are no system calls`);
  const calls = told.get("SYSCALL");
  if (calls !== undefined) source = ofCalls(source, calls);
  const touch = told.get("nametype")?.[0]?.toUpperCase();
  if (touch !== undefined) {
    const events = TOUCHES[touch];
    if (events === undefined) throw new CannotConvert(`\`nametype: ${touch}\` has no counterpart`);
    source = { ...source, events };
  }
  return { source, ...(rest === undefined ? {} : { rest }) };
}

function ofCalls(source: LogSource, calls: readonly string[]): LogSource {
  const unknown = calls.find((name) => syscallByName(name) === undefined && eventsNamed(name).length === 0);
  if (unknown !== undefined) throw new CannotConvert(`there is no system call \`${unknown.slice(0, 40)}\``);
  return { ...source, events: `evt.type in (${calls.join(", ")})` };
}

const TYPES = ["type", "SYSCALL", "nametype"];

/** The tree without the items that say what kind of record it is; these are noted. */
function withoutTypes(tree: Tree, told: Map<string, string[]>): Tree | undefined {
  if (tree.kind === "item") return isType(tree) ? (note(tree, told), undefined) : tree;
  if (tree.kind === "not") return tree;
  if (tree.kind === "or") {
    if (tree.parts.every((part) => part.kind === "item" && isType(part))) {
      for (const part of tree.parts) note(part as Item, told);
      return undefined;
    }
    return tree;
  }
  const parts = tree.parts.flatMap((part) => withoutTypes(part, told) ?? []);
  return parts.length === 0 ? undefined : all(parts);
}

function isType({ field }: Item): boolean {
  return field !== undefined && TYPES.includes(field);
}

function note({ field, value, modifiers }: Item, told: Map<string, string[]>): void {
  if (modifiers.length > 0) throw new CannotConvert(`\`${field}\` with modifiers says no type of record`);
  told.set(field!, [...told.get(field!) ?? [], String(value)]);
}
