// Takes YAML maps apart: required and optional keys, types, and a diagnostic for what does not fit.
// In: a map of an item and what the item is called. Out: values, or `undefined` after a report.
// Scalars are read as Falco's YAML library reads them: true/yes/on/y in three spellings, whole decimal numbers.

import { didYouMean, nearestName } from "../../base/mod.ts";
import type { DiagnosticCode } from "../findings/registry.ts";
import type { DiagnosticExtras, Report } from "../diagnostics/diagnostic.ts";
import { type Fix, replaceFix } from "../diagnostics/fix.ts";
import type { Span } from "../text/span.ts";
import type { Budget } from "./budget.ts";
import { keyOfOtherWord, otherWordFor } from "./other_keys.ts";
import {
  describeNode,
  firstOf,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
  type YamlSequence,
} from "./nodes.ts";

/** One map with the place to complain. */
export class MapReader {
  failed = false;

  /** `what` names the item in messages: "the rule `X`". */
  constructor(
    readonly map: YamlMap,
    readonly what: string,
    readonly report: Report,
    readonly budget: Budget,
  ) {}

  has(key: string): boolean {
    return this.map.entries.has(key);
  }

  node(key: string): YamlNode | undefined {
    return this.map.entries.get(key)?.value;
  }

  keySpan(key: string): Span {
    return this.map.entries.get(key)?.key.span ?? this.map.span;
  }

  fail(code: DiagnosticCode, span: Span, message: string, extras: DiagnosticExtras = {}): undefined {
    this.failed = true;
    this.report.add(code, span, message, extras);
    return undefined;
  }

  /** A key that must be there with a text. */
  scalar(key: string): YamlScalar | undefined {
    const node = this.node(key);
    return node === undefined ? this.#missing(key) : this.#text(key, node);
  }

  /** A key that may be absent; what is there must be a text. */
  optionalScalar(key: string): YamlScalar | undefined {
    const node = this.node(key);
    return node === undefined ? undefined : this.#text(key, node);
  }

  boolean(key: string): boolean | undefined {
    const scalar = this.optionalScalar(key);
    if (scalar === undefined) return undefined;
    const value = booleanOf(scalar.value);
    if (value !== undefined) return value;
    return this.fail(
      "wrong-type",
      scalar.span,
      `\`${key}\` has to be true or false, not \`${short(scalar.value)}\``,
    );
  }

  /** Not negative, at most 32 bits. */
  unsigned(key: string): number | undefined {
    const scalar = this.optionalScalar(key);
    if (scalar === undefined) return undefined;
    const value = unsignedOf(scalar.value);
    if (value !== undefined) return value;
    return this.fail(
      "wrong-type",
      scalar.span,
      `\`${key}\` has to be a whole number, not \`${short(scalar.value)}\``,
    );
  }

  sequence(key: string, required: boolean): YamlSequence | undefined {
    const node = this.node(key);
    if (node === undefined) {
      return required ? this.#missing(key) : undefined;
    }
    if (node.kind === "sequence") return node;
    const isShort = node.kind === "scalar" && !/[\n[\]{}"']/.test(node.value);
    const span = node.kind === "map" ? firstOf(node) : node.span;
    return this.fail("wrong-type", span, `\`${key}\` has to be a sequence, not ${describeNode(node)}`, {
      hint: isShort
        ? `write \`${key}: [${short(node.value)}]\``
        : node.kind === "map"
        ? "begin each entry with `- `"
        : undefined,
      fixes: isShort ? [asSequence(node)] : [],
    });
  }

  /** A sequence of texts. */
  scalars(key: string, required: boolean): YamlScalar[] | undefined {
    const sequence = this.sequence(key, required);
    if (sequence === undefined) return undefined;
    if (!this.budget.spendScalars(sequence.items.length)) {
      return this.fail("yaml-too-large", sequence.span, "the aliases of the rules expand to too much");
    }
    const items: YamlScalar[] = [];
    for (const node of sequence.items) {
      if (node.kind === "scalar") {
        items.push(node);
        continue;
      }
      const { words, hint } = noText(node);
      this.fail("wrong-type", node.span, `an entry of \`${key}\` has to be a text, ${words}`, { hint });
    }
    return items;
  }

  /**
   * Warns about keys that mean nothing in an item of this kind.
   * @param needed keys without which there is an error, which says what is like them
   */
  unknownKeys(
    known: readonly string[],
    { code = "unknown-key", needed = [], isTold }: {
      readonly code?: DiagnosticCode;
      readonly needed?: readonly string[];
      readonly isTold?: (key: string) => boolean;
    } = {},
  ): void {
    const told = needed.flatMap((key) => this.has(key) ? [] : this.#like(key)?.value ?? []);
    for (const { key } of this.map.entries.values()) {
      if (known.includes(key.value) || told.includes(key.value) || isTold?.(key.value)) continue;
      this.report.add(
        code,
        key.span,
        `the key \`${short(key.value)}\` means nothing in ${this.what}`,
        {
          notes: ["It is ignored."],
          hint: didYouMean(key.value, known) ?? meantKey(keyOfOtherWord(key.value, known)),
        },
      );
    }
  }

  #missing(key: string): undefined {
    this.failed = true;
    if (this.map.damaged) return undefined;
    return this.fail("missing-key", this.headSpan(), `${this.what} has no \`${key}\``, {
      about: key,
      ...this.misspelt(key),
    });
  }

  #text(key: string, node: YamlNode): YamlScalar | undefined {
    if (node.kind === "null") {
      const { source, end } = this.keySpan(key);
      const tag = /^:\s+!/.test(source.text.slice(end, end + 20));
      const hint = tag ? "a value that begins with `!` is a YAML tag: put it into quotes" : undefined;
      return this.fail("empty-value", this.keySpan(key), `\`${key}\` has no value`, { about: key, hint });
    }
    if (node.kind === "map" && node.damaged) {
      this.failed = true;
      return undefined;
    }
    if (node.kind !== "scalar") {
      return this.fail(
        "wrong-type",
        firstOf(node),
        `\`${key}\` has to be a text, not ${describeNode(node)}`,
        {
          hint: textHint(key, node),
        },
      );
    }
    if (node.value === "") return this.fail("empty-value", node.span, `\`${key}\` is empty`);
    return node;
  }

  /** The first key stands for the item: its whole text would be too much to underline. */
  headSpan(): Span {
    for (const { key } of this.map.entries.values()) return key.span;
    return this.map.span;
  }

  /** What to say of a key that looks like one that is missing. */
  misspelt(key: string): { readonly hint: string; readonly fixes: readonly Fix[] } | undefined {
    const like = this.#like(key);
    if (like === undefined) return undefined;
    const title = `Replace \`${short(like.value)}\` by \`${key}\``;
    return {
      hint: `\`${short(like.value)}\` looks like it`,
      fixes: [replaceFix(title, like.span, key, false)],
    };
  }

  #like(key: string): YamlScalar | undefined {
    const name = nearestName(key, this.map.entries.keys()) ?? otherWordFor(key, this.map.entries.keys());
    return name === undefined ? undefined : this.map.entries.get(name)!.key;
  }
}

function meantKey(key: string | undefined): string | undefined {
  return key === undefined ? undefined : `did you mean \`${key}\`?`;
}

/** For a collection where a text should be. */
function textHint(key: string, node: YamlNode): string | undefined {
  if (node.kind === "sequence") {
    return key === "condition" ? "write one text, its checks joined by `and`" : "write one text";
  }
  return ["list", "macro", "rule"].includes(key)
    ? `write the name after \`${key}:\`, and the other keys below \`${key}\`, not indented more`
    : undefined;
}

function asSequence({ span }: YamlNode): Fix {
  const { source, start, end } = span;
  return replaceFix("Put it into brackets", span, `[${source.text.slice(start, end)}]`, true);
}

/** Why an entry of a sequence is no text. Nothing was written, or a word that YAML reads as nothing. */
export function noText(node: YamlNode): { words: string; hint?: string } {
  const word = node.kind === "null" ? node.span.source.text.slice(node.span.start, node.span.end) : "";
  if (!/^(~|null|Null|NULL)$/.test(word)) return { words: `not ${describeNode(node)}` };
  return {
    words: `and \`${word}\` is none in YAML`,
    hint: `put it into quotes when it is a name: \`"${word}"\``,
  };
}

const TRUE = ["y", "yes", "true", "on"];
const FALSE = ["n", "no", "false", "off"];

export function booleanOf(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  const capitalised = lower.charAt(0).toUpperCase() + lower.slice(1);
  if (text !== lower && text !== capitalised && text !== text.toUpperCase()) return undefined;
  return TRUE.includes(lower) ? true : FALSE.includes(lower) ? false : undefined;
}

/** Decimal, or with the prefix 0x or 0; at most 32 bits. */
export function unsignedOf(text: string): number | undefined {
  const match = /^\+?(0[xX][0-9a-fA-F]+|[0-9]+)$/.exec(text);
  if (match === null) return undefined;
  const digits = match[1]!;
  const octal = /^0[0-7]+$/.test(digits);
  const value = octal ? parseInt(digits, 8) : Number(digits);
  return Number.isSafeInteger(value) && value <= 0xffffffff ? value : undefined;
}

/** Text of a user in a message: one line, not too long. */
export function short(text: string, limit = 60): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > limit ? `${line.slice(0, limit)}…` : line;
}
