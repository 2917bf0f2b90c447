// Writer of one WebAssembly module in the binary format: types, imports, functions, mutable globals, exports,
// table elements, one data segment, and function names for debuggers and `.wat` goldens.
// Bodies come from code.ts.

import { ByteWriter } from "./bytes.ts";
import { CodeBuilder, type FunctionRef } from "./code.ts";
import { OP, SECTION, VALUE_TYPE, type ValueType } from "./opcodes.ts";

const MAGIC = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

export interface Signature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

interface ImportedFunction extends FunctionRef {
  readonly module: string;
  readonly name: string;
  readonly type: number;
}

/** A function of the module under construction. */
export interface DefinedFunction extends FunctionRef {
  readonly name: string;
  readonly type: number;
  readonly code: CodeBuilder;
}

export interface MemoryImport {
  readonly module: string;
  readonly name: string;
  readonly minPages: number;
  readonly maxPages: number;
}

export interface TableImport {
  readonly module: string;
  readonly name: string;
  readonly minEntries: number;
}

export class ModuleBuilder {
  readonly #types = new Map<string, { index: number; signature: Signature }>();
  readonly #imports = new Map<string, ImportedFunction>();
  readonly #functions: DefinedFunction[] = [];
  readonly #globals: { type: ValueType; initial: bigint }[] = [];
  readonly #exports: { name: string; target: FunctionRef }[] = [];
  readonly #elements: { at: number; targets: readonly FunctionRef[] }[] = [];
  #memory: MemoryImport | undefined;
  #table: TableImport | undefined;
  #baseGlobal: { module: string; name: string } | undefined;
  #data = new Uint8Array(0);

  #type(signature: Signature): number {
    const key = `${signature.params.join()}>${signature.results.join()}`;
    const known = this.#types.get(key);
    if (known !== undefined) return known.index;
    const index = this.#types.size;
    this.#types.set(key, { index, signature });
    return index;
  }

  importMemory(memory: MemoryImport): void {
    this.#memory = memory;
  }

  importTable(table: TableImport): void {
    this.#table = table;
  }

  /** The immutable i32 global that says where the data goes: global 0. */
  importBase(module: string, name: string): void {
    this.#baseGlobal = { module, name };
  }

  importFunction(module: string, name: string, signature: Signature): FunctionRef {
    const key = `${module}.${name}`;
    let found = this.#imports.get(key);
    if (found === undefined) {
      found = { module, name, type: this.#type(signature), index: -1 };
      this.#imports.set(key, found);
    }
    return found;
  }

  define(name: string, signature: Signature): DefinedFunction {
    const code = new CodeBuilder(signature.params);
    const made: DefinedFunction = { name, type: this.#type(signature), code, index: -1 };
    this.#functions.push(made);
    return made;
  }

  /** A mutable global; returns its index. The base global must have been imported before. */
  global(type: ValueType, initial: bigint): number {
    this.#globals.push({ type, initial });
    return this.#globals.length - 1 + (this.#baseGlobal === undefined ? 0 : 1);
  }

  export(name: string, target: FunctionRef): void {
    this.#exports.push({ name, target });
  }

  /** Puts functions into the imported table, from a constant index on, when the module is instantiated. */
  elements(at: number, targets: readonly FunctionRef[]): void {
    this.#elements.push({ at, targets });
  }

  /** The bytes that instantiation writes at the base global. */
  setData(bytes: Uint8Array): void {
    this.#data = new Uint8Array(bytes);
  }

  get functionCount(): number {
    return this.#functions.length;
  }

  finish(): Uint8Array {
    let index = 0;
    for (const imported of this.#imports.values()) imported.index = index++;
    for (const defined of this.#functions) defined.index = index++;

    const out = new ByteWriter();
    out.bytes(MAGIC);
    section(out, SECTION.type, [...this.#types.values()], (w, { signature }) => {
      w.u8(0x60);
      w.uleb(signature.params.length);
      for (const type of signature.params) w.u8(VALUE_TYPE[type]);
      w.uleb(signature.results.length);
      for (const type of signature.results) w.u8(VALUE_TYPE[type]);
    });
    section(out, SECTION.import, this.#importEntries(), (w, write) => write(w));
    section(out, SECTION.function, this.#functions, (w, { type }) => w.uleb(type));
    section(out, SECTION.global, this.#globals, (w, { type, initial }) => {
      w.u8(VALUE_TYPE[type]);
      w.u8(1);
      w.u8(type === "i32" ? OP.i32Const : OP.i64Const);
      w.sleb64(initial);
      w.u8(OP.end);
    });
    section(out, SECTION.export, this.#exports, (w, { name, target }) => {
      w.name(name);
      w.u8(0);
      w.uleb(target.index);
    });
    section(out, SECTION.element, this.#elements, (w, { at, targets }) => {
      w.u8(0);
      w.u8(OP.i32Const);
      w.sleb(at);
      w.u8(OP.end);
      w.uleb(targets.length);
      for (const target of targets) w.uleb(target.index);
    });
    section(out, SECTION.code, this.#functions, (w, { code }) => {
      const body = code.finish();
      w.uleb(body.length);
      w.bytes(body);
    });
    if (this.#data.length > 0) {
      section(out, SECTION.data, [this.#data], (w, bytes) => {
        w.u8(0);
        w.u8(OP.globalGet);
        w.uleb(0);
        w.u8(OP.end);
        w.uleb(bytes.length);
        w.bytes(bytes);
      });
    }
    this.#names(out);
    return out.take();
  }

  #importEntries(): ((w: ByteWriter) => void)[] {
    const entries: ((w: ByteWriter) => void)[] = [];
    for (const { module, name, type } of this.#imports.values()) {
      entries.push((w) => {
        w.name(module);
        w.name(name);
        w.u8(0);
        w.uleb(type);
      });
    }
    const memory = this.#memory;
    if (memory !== undefined) {
      entries.push((w) => {
        w.name(memory.module);
        w.name(memory.name);
        w.u8(2);
        w.u8(3); // shared, with a maximum
        w.uleb(memory.minPages);
        w.uleb(memory.maxPages);
      });
    }
    const table = this.#table;
    if (table !== undefined) {
      entries.push((w) => {
        w.name(table.module);
        w.name(table.name);
        w.u8(1);
        w.u8(0x70); // funcref
        w.u8(0);
        w.uleb(table.minEntries);
      });
    }
    const base = this.#baseGlobal;
    if (base !== undefined) {
      entries.push((w) => {
        w.name(base.module);
        w.name(base.name);
        w.u8(3);
        w.u8(VALUE_TYPE.i32);
        w.u8(0);
      });
    }
    return entries;
  }

  #names(out: ByteWriter): void {
    const functions = new ByteWriter();
    functions.uleb(this.#imports.size + this.#functions.length);
    for (const { index, name } of [...this.#imports.values(), ...this.#functions]) {
      functions.uleb(index);
      functions.name(name);
    }
    const body = new ByteWriter();
    body.name("name");
    body.u8(1);
    body.uleb(functions.length);
    body.bytes(functions.take());
    out.u8(SECTION.custom);
    out.uleb(body.length);
    out.bytes(body.take());
  }
}

function section<T>(
  out: ByteWriter,
  id: number,
  items: readonly T[],
  write: (w: ByteWriter, item: T) => void,
): void {
  if (items.length === 0) return;
  const body = new ByteWriter();
  body.uleb(items.length);
  for (const item of items) write(body, item);
  out.u8(id);
  out.uleb(body.length);
  out.bytes(body.take());
}
