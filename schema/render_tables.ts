// The schema's names and parameter lists as static data of the matcher.
// In: schema data. Out: the text of assembly/generated/tables.ts.
// Elsewhere: codes and flag values as constants (schema/render_assembly.ts).
//
// All names lie one after another in one text, each once; a name is a u32 `offset << 8 | length` into it.
//   EVENTS       per event 3 × u32: name · flags | category << 16 | … · first parameter << 8 | parameters
//   PARAMS       per parameter 2 × u32: name · type | format << 8 | (table + 1) << 16 | (directory fd + 1) << 24
//   FLAG_TABLES  per table u32: first entry << 16 | entries
//   FLAG_ENTRIES per entry 2 × u32: name · value
//   VARIANTS     per variant u32: type | format << 8; VARIANT_SETS says where each list begins

import { CAPABILITY_NAMES } from "./capabilities.ts";
import { ERRNO_NAMES } from "./errno.ts";
import { EVENTS, PARAM_VARIANTS } from "./events.ts";
import { FLAG_TABLES } from "./flags.ts";
import { inlineConstant } from "./render_assembly.ts";
import { SIGNAL_NAMES } from "./signals.ts";
import { SYSCALLS } from "./syscalls.ts";
import { PARAM_FORMATS, PARAM_TYPES, type ParamDef } from "./types.ts";

/** Collects names into one text; equal names share their place. */
class NamePool {
  #text = "";
  #offsets = new Map<string, number>();

  reference(name: string): number {
    let offset = this.#offsets.get(name);
    if (offset === undefined) {
      offset = this.#text.length;
      this.#offsets.set(name, offset);
      this.#text += name;
    }
    if (name.length > 255) throw new Error(`Cannot store the name "${name}": it is longer than 255 bytes`);
    return offset * 256 + name.length;
  }

  get bytes(): Uint8Array {
    return new TextEncoder().encode(this.#text);
  }
}

function data(name: string, type: string, values: Iterable<number>): string {
  const words = [...values].map(String);
  const rows: string[] = [];
  for (let i = 0; i < words.length; i += 24) rows.push(`  ${words.slice(i, i + 24).join(",")},`);
  return `const ${name}: usize = memory.data<${type}>([\n${rows.join("\n")}\n]);`;
}

/** Positions 0 … highest number; an empty name where there is none. */
function dense(names: ReadonlyMap<number, string>): string[] {
  const length = Math.max(...names.keys()) + 1;
  return Array.from({ length }, (_, number) => names.get(number) ?? "");
}

const VARIANT_SET_NAMES = Object.keys(PARAM_VARIANTS);

function paramWord(param: ParamDef): number {
  const table = param.variantSet !== undefined
    ? VARIANT_SET_NAMES.indexOf(param.variantSet)
    : FLAG_TABLES.findIndex(({ name }) => name === param.flagTable);
  const dirfd = param.dirfdParam ?? -1;
  return PARAM_TYPES.indexOf(param.type) + PARAM_FORMATS.indexOf(param.format) * 2 ** 8 +
    (table + 1) * 2 ** 16 + (dirfd + 1) * 2 ** 24;
}

const ACCESSORS = `
// @ts-ignore: decorator
@inline
function nameView(reference: u32): u64 {
  return (<u64>(reference & 0xff) << 32) | <u64>(NAMES + <usize>(reference >> 8));
}

// @ts-ignore: decorator
@inline
function nameOf(table: usize, i: u32): u64 {
  const reference = load<u32>(table + (<usize>i << 2));
  return (reference & 0xff) == 0 ? 0 : nameView(reference);
}

// @ts-ignore: decorator
@inline
function eventWord(code: u32, word: u32): u32 {
  return load<u32>(EVENTS + <usize>(code * 12 + word * 4));
}

// @ts-ignore: decorator
@inline
function paramEntry(code: u32, i: u32): usize {
  return PARAMS + (<usize>((eventWord(code, 2) >> 8) + i) << 3);
}

/** Name of an event; the code must be below EVENT_COUNT, here and below. */
export function eventName(code: u32): u64 {
  return nameView(eventWord(code, 0));
}

/** EF_ bits of an event. */
export function eventFlags(code: u32): u32 {
  return eventWord(code, 1) & 0xffff;
}

/** EC_ bits of an event. */
export function eventCategory(code: u32): u32 {
  return eventWord(code, 1) >> 16;
}

/** How many parameters the event has in the schema; a record may hold fewer. */
export function eventParamCount(code: u32): u32 {
  return eventWord(code, 2) & 0xff;
}

/** Name of a parameter; i must be below eventParamCount, here and below. */
export function paramName(code: u32, i: u32): u64 {
  return nameView(load<u32>(paramEntry(code, i)));
}

/** One of the PT_ numbers. */
export function paramType(code: u32, i: u32): u32 {
  return load<u8>(paramEntry(code, i), 4);
}

/** One of the PF_ numbers. */
export function paramFormat(code: u32, i: u32): u32 {
  return load<u8>(paramEntry(code, i), 5);
}

/** Position of the directory fd that a relative path belongs to; -1 for other parameters. */
export function paramDirfd(code: u32, i: u32): i32 {
  return <i32>load<u8>(paramEntry(code, i), 7) - 1;
}

/** The table with the names of a parameter's flags or values, for flagCount and the rest; 0 for none. */
export function flagTable(code: u32, i: u32): usize {
  const number = load<u8>(paramEntry(code, i), 6);
  if (number == 0 || load<u8>(paramEntry(code, i), 4) == PT_DYN) return 0;
  return FLAG_TABLES + (<usize>(number - 1) << 2);
}

export function flagCount(table: usize): u32 {
  return load<u32>(table) & 0xffff;
}

export function flagName(table: usize, entry: u32): u64 {
  return nameView(load<u32>(FLAG_ENTRIES + (<usize>((load<u32>(table) >> 16) + entry) << 3)));
}

export function flagValue(table: usize, entry: u32): u32 {
  return load<u32>(FLAG_ENTRIES + (<usize>((load<u32>(table) >> 16) + entry) << 3), 4);
}

// @ts-ignore: decorator
@inline
function variantWord(code: u32, i: u32, variant: u32): u32 {
  if (paramType(code, i) != PT_DYN) return 0;
  const list = load<u32>(VARIANT_SETS + (<usize>(load<u8>(paramEntry(code, i), 6) - 1) << 2));
  return variant < (list & 0xff) ? load<u32>(VARIANTS + (<usize>((list >> 8) + variant) << 2)) : 0;
}

/** Type of a dyn parameter whose first byte is \`variant\`; PT_NONE when there is no such variant. */
export function variantType(code: u32, i: u32, variant: u32): u32 {
  return variantWord(code, i, variant) & 0xff;
}

export function variantFormat(code: u32, i: u32, variant: u32): u32 {
  return variantWord(code, i, variant) >> 8;
}

/** Name of an error number, which may be given negative; 0 when it has none. */
export function errnoName(n: i32): u64 {
  const number = <u32>(n < 0 ? -n : n);
  return number < ERRNO_COUNT ? nameOf(ERRNO, number) : 0;
}

/** Name of a signal; 0 when it has none. */
export function signalName(n: u32): u64 {
  return n < SIGNAL_COUNT ? nameOf(SIGNALS, n) : 0;
}

/** Name of a capability; 0 when it has none. */
export function capName(bit: u32): u64 {
  return bit < CAP_COUNT ? nameOf(CAPABILITIES, bit) : 0;
}

/** Name of a system call by Falco's number; 0 when it has none. */
export function syscallName(sc: u32): u64 {
  return sc < SC_COUNT ? nameOf(SYSCALLS, sc) : 0;
}

/** Falco's number of a system call of x86-64; 0 when it is not known. */
export function syscallOfNative(number: u32): u32 {
  return number < NATIVE_COUNT ? load<u16>(NATIVE + (<usize>number << 1)) : 0;
}
`;

export function renderTables(banner: string): string {
  const names = new NamePool();
  const events: number[] = [];
  const params: number[] = [];
  for (const event of EVENTS) {
    events.push(
      names.reference(event.name),
      event.flags + event.categoryBits * 2 ** 16,
      (params.length / 2) * 256 + event.params.length,
    );
    for (const param of event.params) params.push(names.reference(param.name), paramWord(param));
  }
  const flagTables: number[] = [];
  const flagEntries: number[] = [];
  for (const table of FLAG_TABLES) {
    flagTables.push((flagEntries.length / 2) * 2 ** 16 + table.entries.length);
    for (const [name, value] of table.entries) flagEntries.push(names.reference(name), value);
  }
  const variantSets: number[] = [];
  const variants: number[] = [];
  for (const set of Object.values(PARAM_VARIANTS)) {
    variantSets.push(variants.length * 256 + set.length);
    for (const { type, format } of set) {
      variants.push(PARAM_TYPES.indexOf(type) + PARAM_FORMATS.indexOf(format) * 256);
    }
  }
  const errno = dense(ERRNO_NAMES);
  const native = Array.from({ length: 512 }, () => 0);
  for (const call of SYSCALLS) if (call.x86_64 !== null) native[call.x86_64] = call.sc;

  const references = (list: readonly string[]) => list.map((name) => names.reference(name));
  const tables = [
    data("EVENTS", "u32", events),
    data("PARAMS", "u32", params),
    data("FLAG_TABLES", "u32", flagTables),
    data("FLAG_ENTRIES", "u32", flagEntries),
    data("VARIANT_SETS", "u32", variantSets),
    data("VARIANTS", "u32", variants),
    data("ERRNO", "u32", references(errno)),
    data("SIGNALS", "u32", references(SIGNAL_NAMES)),
    data("CAPABILITIES", "u32", references(CAPABILITY_NAMES)),
    data("SYSCALLS", "u32", references(SYSCALLS.map((call) => call.sc === 0 ? "" : call.name))),
    data("NATIVE", "u16", native),
    data("NAMES", "u8", names.bytes), // last: it is complete only now
  ];
  const constants = [
    ...PARAM_TYPES.map((type, i) => inlineConstant(`PT_${type.toUpperCase()}`, "u32", i)),
    ...PARAM_FORMATS.map((format, i) =>
      inlineConstant(`PF_${format.toUpperCase().replace(" ", "_")}`, "u32", i)
    ),
    inlineConstant("ERRNO_COUNT", "u32", errno.length),
    inlineConstant("SIGNAL_COUNT", "u32", SIGNAL_NAMES.length),
    inlineConstant("CAP_COUNT", "u32", CAPABILITY_NAMES.length),
    inlineConstant("SC_COUNT", "u32", SYSCALLS.length),
    inlineConstant("NATIVE_COUNT", "u32", native.length),
  ];
  return [
    banner,
    "// Names and parameter lists as static data. Texts come as views: `(length << 32) | address`, 0 for none.",
    "",
    ...constants,
    "",
    ...tables,
    ACCESSORS,
  ].join("\n");
}
