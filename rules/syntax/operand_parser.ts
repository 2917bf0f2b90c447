// The part of the condition grammar that output formats share: fields, transformers and values.
// In: a MappedText. Out: operands. Elsewhere: checks and logic (parser.ts), output formats (output/output_template.ts).
//
//   field       = name { "." name } [ "[" argument "]" ]
//   transformer = word "(" argument { "," argument } ")" [ "[" argument "]" ]

import {
  type FieldUse,
  type Operand,
  type OperandList,
  TRANSFORMERS,
  type TransformerUse,
  type Value,
} from "./ast.ts";
import { type Diagnostic, type Label, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { Lexer, unescapeQuoted } from "./lexer.ts";
import type { MappedText } from "../text/mapped_text.ts";
import { oddCharacterHint } from "../text/odd_characters.ts";
import type { Span } from "../text/span.ts";
import { short } from "../yaml/decode.ts";

/** Parentheses and transformers within each other. Each level takes some stack here and in every later stage. */
const MAX_NESTING = 300;

/** Unwinds the parser to the check that cannot be read; never leaves parseCondition and parseOperandAt. */
export class SyntaxProblem extends Error {
  /**
   * @param at where in the text
   * @param isFinal nothing after it is read
   */
  constructor(readonly diagnostic: Diagnostic, readonly at: number, readonly isFinal = false) {
    super(diagnostic.message);
  }
}

export class OperandParser {
  readonly lexer: Lexer;
  protected depth = 0;

  constructor(readonly text: MappedText) {
    this.lexer = new Lexer(text.text);
  }

  span(start: number, end: number): Span {
    return this.text.span(start, end);
  }

  /** Nothing is taken when neither stands here. */
  fieldOrTransformer(): FieldUse | TransformerUse | undefined {
    const start = this.lexer.at;
    const name = this.lexer.fieldName();
    if (name !== undefined) return this.#field(name, start);
    return this.#transformer();
  }

  transformerOrVal(): FieldUse | TransformerUse | undefined {
    const { lexer } = this;
    if (!lexer.literal("val(")) return this.#transformer();
    lexer.blank();
    const start = lexer.at;
    const name = lexer.fieldName();
    if (name === undefined) this.fail(start, `\`val(…)\` needs a field, not ${this.foundOrEnd()}`);
    const field = this.#field(name, start);
    lexer.blank();
    if (!lexer.literal(")")) this.fail(lexer.at, `expected \`)\` after the field, not ${this.foundOrEnd()}`);
    if (this.text.text[lexer.at] === "[") this.fail(lexer.at, "`val(…)` takes no argument in brackets");
    return field;
  }

  quotedOrBare(): Value | undefined {
    const start = this.lexer.at;
    const quoted = this.#quoted();
    if (quoted !== undefined) return quoted;
    const bare = this.lexer.bareText();
    return bare === undefined ? undefined : this.value(bare, start, false);
  }

  value(text: string, start: number, quoted: boolean): Value {
    return { kind: "value", text, quoted, span: this.span(start, this.lexer.at) };
  }

  enter(at: number): void {
    if (++this.depth <= MAX_NESTING) return;
    const diagnostic = makeDiagnostic(
      "condition-too-deep",
      this.span(at, at + 1),
      `the condition is nested more than ${MAX_NESTING} levels deep`,
      { hint: "give the inner parts names as macros" },
    );
    throw new SyntaxProblem(diagnostic, at, true);
  }

  leave(): void {
    this.depth--;
  }

  fail(at: number, message: string, hint?: string, labels: readonly Label[] = []): never {
    throw this.problem(at, message, hint, labels);
  }

  /** About the word at an offset. */
  problem(at: number, message: string, hint?: string, labels: readonly Label[] = []): SyntaxProblem {
    const saved = this.lexer.at;
    this.lexer.at = at;
    const end = at + Math.max(1, this.lexer.peekWord().length);
    this.lexer.at = saved;
    const odd = oddCharacterHint(wordsAround(this.text.text, at));
    return new SyntaxProblem(syntaxDiagnostic(this.span(at, end), message, odd ?? hint, labels), at);
  }

  found(): string {
    return short(this.lexer.peekWord(), 40);
  }

  foundOrEnd(): string {
    if (this.lexer.done) return "the end of the condition";
    const found = this.found();
    return found === "" ? "a blank" : `\`${found}\``;
  }

  #field(name: string, start: number): FieldUse {
    const arg = this.#argument();
    return {
      kind: "field",
      name,
      ...(arg === undefined ? {} : { arg }),
      span: this.span(start, this.lexer.at),
    };
  }

  #transformer(): TransformerUse | undefined {
    const { lexer } = this;
    const start = lexer.at;
    const name = TRANSFORMERS.find((word) => lexer.literal(`${word}(`));
    if (name === undefined) return undefined;
    this.enter(start);
    const operands: (Operand | OperandList)[] = [];
    do {
      lexer.blank();
      operands.push(this.#transformerArgument(name, true));
      lexer.blank();
    } while (lexer.literal(","));
    if (!lexer.literal(")")) {
      this.fail(lexer.at, `expected \`,\` or \`)\` within \`${name}(…)\`, not ${this.foundOrEnd()}`);
    }
    this.leave();
    const arg = this.#argument();
    return {
      kind: "transformer",
      name,
      operands,
      ...(arg === undefined ? {} : { arg }),
      span: this.span(start, lexer.at),
    };
  }

  #transformerArgument(name: string, lists: true): Operand | OperandList;
  #transformerArgument(name: string, lists: false): Operand;
  #transformerArgument(name: string, lists: boolean): Operand | OperandList {
    const { lexer } = this;
    const start = lexer.at;
    const number = lexer.number();
    if (number !== undefined) return this.value(number, start, false);
    const quoted = this.#quoted();
    if (quoted !== undefined) return quoted;
    if (lists && lexer.literal("(")) return this.#operandList(name, start);
    const operand = this.fieldOrTransformer();
    if (operand !== undefined) return operand;
    this.fail(
      start,
      `\`${name}(…)\` takes fields, transformers, numbers and quoted texts, not ${this.foundOrEnd()}`,
    );
  }

  #operandList(name: string, open: number): OperandList {
    const { lexer } = this;
    const items: Operand[] = [];
    lexer.blank();
    if (!lexer.literal(")")) {
      do {
        lexer.blank();
        items.push(this.#transformerArgument(name, false));
        lexer.blank();
      } while (lexer.literal(","));
      if (!lexer.literal(")")) this.fail(lexer.at, `expected \`,\` or \`)\`, not ${this.foundOrEnd()}`);
    }
    return { kind: "operands", items, span: this.span(open, lexer.at) };
  }

  #argument(): string | undefined {
    const { lexer } = this;
    const open = lexer.at;
    if (!lexer.literal("[")) return undefined;
    const arg = this.#quoted()?.text ?? lexer.bareArgument();
    if (arg === undefined) {
      this.fail(lexer.at, `an argument has to stand in the brackets, not ${this.foundOrEnd()}`);
    }
    if (!lexer.literal("]")) {
      const label = { span: this.span(open, open + 1), message: "opened here" };
      this.fail(lexer.at, `expected \`]\`, not ${this.foundOrEnd()}`, undefined, [label]);
    }
    return arg;
  }

  #quoted(): Value | undefined {
    const { lexer } = this;
    const start = lexer.at;
    const char = this.text.text[start];
    const token = lexer.quoted();
    if (token === undefined) {
      if (char !== '"' && char !== "'") return undefined;
      const span = this.span(start, start + 1);
      throw new SyntaxProblem(syntaxDiagnostic(span, `the closing ${char} is missing`), start);
    }
    const value = unescapeQuoted(token);
    if ("problem" in value) {
      const at = start + value.at;
      const span = this.span(at, at + value.length);
      throw new SyntaxProblem(
        syntaxDiagnostic(span, value.problem, "write `\\\\` for a backslash"),
        start + token.length - 1,
      );
    }
    return {
      kind: "value",
      text: value.text,
      ...(value.bytes === undefined ? {} : { bytes: value.bytes }),
      quoted: true,
      span: this.span(start, lexer.at),
    };
  }
}

/** The word at an offset and the one before it, cut at ordinary blanks. */
function wordsAround(text: string, at: number): string {
  const before = /[^ \t\n\r]*[ \t\n\r]*$/.exec(text.slice(0, at))?.[0] ?? "";
  return before + (/^[^ \t\n\r]*/.exec(text.slice(at))?.[0] ?? "");
}

function syntaxDiagnostic(
  span: Span,
  message: string,
  hint?: string,
  labels: readonly Label[] = [],
): Diagnostic {
  return makeDiagnostic("condition-syntax", span, message, { hint, labels });
}
