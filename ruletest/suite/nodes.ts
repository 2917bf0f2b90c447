// Takes the YAML of a test file apart: types and keys, and a diagnostic for what does not fit.
// In: nodes with their places (rules/yaml). Out: values, or `undefined` after a report.
// Elsewhere: what the keys mean (read_case.ts and the files that it calls). Other than in rules files, where Falco ignores
// it, a key that means nothing is an error here: a test that does not say what its author meant proves nothing.

import { didYouMean, nearestName } from "../../base/mod.ts";
import {
  booleanOf,
  describeNode,
  type DiagnosticCode,
  firstOf,
  makeDiagnostic,
  type Report,
  short,
  type Span,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
} from "../../rules/mod.ts";
import { misplacedHint } from "./misplaced_keys.ts";

export interface FailExtras {
  readonly hint?: string | undefined;
  readonly notes?: readonly string[];
}

export class NodeReader {
  /** each row of a matrix repeats the mistakes of its case */
  readonly #said = new Set<string>();

  constructor(readonly report: Report) {}

  fail(code: DiagnosticCode, at: Span | YamlNode, message: string, extras: FailExtras = {}): undefined {
    const span = "kind" in at ? firstOf(at) : at;
    const key = `${span.start} ${message}`;
    if (this.#said.has(key)) return undefined;
    this.#said.add(key);
    this.report.take(makeDiagnostic(code, span, message, { ...extras, severity: "error" }));
    return undefined;
  }

  /** @param keys those that mean something; absent: the author chooses them */
  map(node: YamlNode, what: string, keys?: readonly string[]): YamlMap | undefined {
    if (node.kind !== "map") return this.#wrongType(node, what, "a mapping");
    for (const { key } of keys === undefined ? [] : node.entries.values()) {
      if (keys!.includes(key.value)) continue;
      const hint = misplacedHint(key.value, what) ?? didYouMean(key.value, keys!) ??
        `the keys are ${keys!.map((name) => `\`${name}\``).join(", ")}`;
      this.fail("unknown-key", key.span, `the key \`${short(key.value)}\` means nothing in ${what}`, {
        hint,
      });
    }
    return node;
  }

  /** Whether a key that is missing is there under a name like it, which has been told. */
  isMisspelt(map: YamlMap, key: string): boolean {
    return !map.entries.has(key) && nearestName(key, map.entries.keys()) !== undefined;
  }

  /** A single value stands for a list of one; nothing for an empty list. */
  list(node: YamlNode | undefined): readonly YamlNode[] {
    if (node === undefined || node.kind === "null") return [];
    return node.kind === "sequence" ? node.items : [node];
  }

  text(node: YamlNode | undefined, what: string): string | undefined {
    if (node === undefined) return undefined;
    if (node.kind === "scalar") return node.value;
    if (node.kind === "null") return this.fail("empty-value", node, `${what} has no value`);
    return this.#wrongType(node, what, "a text");
  }

  texts(node: YamlNode | undefined, what: string): string[] {
    return this.list(node).flatMap((item) => this.text(item, `an entry of ${what}`) ?? []);
  }

  flag(node: YamlNode | undefined, what: string): boolean | undefined {
    const text = this.text(node, what);
    if (text === undefined || node === undefined) return undefined;
    return booleanOf(text) ?? this.#wrongType(node, what, "true or false");
  }

  whole(node: YamlNode | undefined, what: string, max = 0xffff_ffff): number | undefined {
    const text = this.text(node, what);
    if (text === undefined || node === undefined) return undefined;
    const value = /^(0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : NaN;
    if (Number.isSafeInteger(value) && value <= max) return value;
    return this.#wrongType(node, what, `a whole number up to ${max}`);
  }

  /** One of some words, in any case. */
  word<T extends string>(node: YamlNode | undefined, what: string, words: readonly T[]): T | undefined {
    const text = this.text(node, what);
    if (text === undefined || node === undefined) return undefined;
    const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
    if (found !== undefined) return found;
    return this.fail("invalid-value", node, `${what} cannot be \`${short(text)}\``, {
      hint: didYouMean(text, words) ?? `it is one of ${words.join(", ")}`,
    });
  }

  #wrongType(node: YamlNode, what: string, wanted: string): undefined {
    const found = node.kind === "scalar" ? `\`${short(node.value)}\`` : describeNode(node);
    return this.fail("wrong-type", node, `${what} has to be ${wanted}, not ${found}`);
  }
}

export function valueOf(map: YamlMap, key: string): YamlNode | undefined {
  return map.entries.get(key)?.value;
}

export function entriesOf(map: YamlMap): readonly YamlEntry[] {
  return [...map.entries.values()];
}
