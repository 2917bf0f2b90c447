// The module's one data segment: texts and search tables, each content once.
// Addresses are offsets from the imported base.

import { type Graph, latin1, type Structure } from "../lower/ir.ts";
import { ByteWriter } from "../wasm/bytes.ts";
import { structureBytes } from "./structures.ts";

const ALIGNMENT = 8;

export class ConstantPool {
  readonly #out = new ByteWriter();
  readonly #texts = new Map<string, number>();
  readonly #structures = new Map<string, number>();

  /** @param reserved bytes of zeros that it begins with */
  constructor(readonly graph: Graph, reserved = 0) {
    this.#out.bytes(new Uint8Array(reserved));
  }

  /** Offset of a text. An empty one has an address too: a view of it is not "missing". */
  text(bytes: Uint8Array): number {
    const key = latin1(bytes);
    let at = this.#texts.get(key);
    if (at === undefined) {
      at = this.#out.length;
      this.#out.bytes(bytes);
      // the engine may place the constants at any address but 0; one byte keeps the last address inside
      if (bytes.length === 0) this.#out.u8(0);
      this.#texts.set(key, at);
    }
    return at;
  }

  structure(structure: Structure): number {
    const key = this.graph.structureKey(structure);
    let at = this.#structures.get(key);
    if (at === undefined) {
      this.#out.align(ALIGNMENT);
      at = this.#out.length;
      this.#out.bytes(structureBytes(structure));
      this.#structures.set(key, at);
    }
    return at;
  }

  take(): Uint8Array {
    this.#out.align(ALIGNMENT);
    return this.#out.take();
  }
}
