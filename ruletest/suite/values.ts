// What one case knows by name: `with` and its row of the matrix. A value may be made of others, in any order; it is filled in when
// it is first asked for.
// In: nodes as they are written. Out: nodes without `${…}`, or why there is none. Elsewhere: filling in (expand.ts).

import type { YamlNode } from "../../rules/mod.ts";
import { valueOf } from "./nodes.ts";

export type Row = ReadonlyMap<string, YamlNode>;

/** Values within values grow fast. */
const MAX_SIZE = 1 << 20;
const MAX_DEPTH = 50;

export class Values {
  readonly #done = new Map<string, YamlNode>();
  readonly #open = new Set<string>();
  #size = 0;

  constructor(readonly given: Row, readonly fill: (node: YamlNode, values: Values) => YamlNode) {}

  get names(): Iterable<string> {
    return this.given.keys();
  }

  /** @param path `name`, or `name.key` for a part of a value that is a mapping */
  get(path: string): YamlNode | "unknown" | "needs itself" | "too large" {
    const [name = "", ...keys] = path.split(".");
    const given = this.given.get(name);
    if (given === undefined) return "unknown";
    let value = this.#done.get(name);
    if (value === undefined) {
      if (this.#open.has(name)) return "needs itself";
      if (this.#open.size === MAX_DEPTH) return "too large";
      this.#open.add(name);
      value = this.fill(given, this);
      this.#open.delete(name);
      this.#done.set(name, value);
    }
    const part = keys.reduce<YamlNode | undefined>(
      (node, key) => node?.kind === "map" ? valueOf(node, key) : undefined,
      value,
    );
    if (part === undefined) return "unknown";
    this.#size += this.#size > MAX_SIZE ? 0 : sizeOf(part, MAX_SIZE - this.#size);
    return this.#size > MAX_SIZE ? "too large" : part;
  }
}

/** @param limit it is not counted much further */
function sizeOf(node: YamlNode, limit: number): number {
  if (node.kind === "null") return 1;
  if (node.kind === "scalar") return node.value.length + 1;
  let size = 1;
  const items = node.kind === "sequence" ? node.items : [...node.entries.values()].map(({ value }) => value);
  for (const item of items) {
    if (size > limit) break;
    size += sizeOf(item, limit - size);
  }
  return size;
}
