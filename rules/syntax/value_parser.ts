// The part of the condition grammar that follows an operator: a number, a text, or several values.
// In: a MappedText, an operator. Out: values, or what computes them. Elsewhere: operands (operand_parser.ts), checks and
// logic (parser.ts).
//
//   list = "(" [ value { "," value } ] ")" | identifier

import {
  type FieldUse,
  type Modifier,
  MODIFIERS,
  type TransformerUse,
  type Value,
  type ValueList,
} from "./ast.ts";
import { bareList } from "./bare_list.ts";
import { OperandParser, SyntaxProblem } from "./operand_parser.ts";
import { operatorHint } from "./syntax_hints.ts";

export class ValueParser extends OperandParser {
  /** `oneof`, `anyof` or `allof`, when a list follows; else the word is the text to compare with. */
  protected modifier(): Modifier | undefined {
    const start = this.lexer.at;
    for (const modifier of MODIFIERS) {
      if (!this.lexer.spacedWord(modifier)) continue;
      const rest = this.text.text.slice(this.lexer.at, this.lexer.at + 4);
      if (/^\(|^[a-zA-Z]/.test(rest) && !/^(and|or|not)(?![a-zA-Z0-9])/.test(rest)) return modifier;
      this.lexer.at = start;
    }
    return undefined;
  }

  protected numberValue(operator: string): Value | FieldUse | TransformerUse {
    this.lexer.blank();
    const computed = this.transformerOrVal();
    if (computed !== undefined) return computed;
    const start = this.lexer.at;
    const number = this.lexer.number();
    if (number !== undefined) return this.value(number, start, false);
    const isUnlike = operator === "<" && this.text.text[start] === ">";
    this.fail(
      start,
      `\`${operator}\` needs a number, not ${this.foundOrEnd()}`,
      isUnlike ? "`<>` is written `!=` here" : undefined,
    );
  }

  protected textValue(operator: string): Value | FieldUse | TransformerUse {
    this.lexer.blank();
    const computed = this.transformerOrVal();
    if (computed !== undefined) return computed;
    const start = this.lexer.at;
    const value = this.quotedOrBare();
    if (value !== undefined) return value;
    const next = this.text.text[start];
    const hint = next === "("
      ? severalValues(operator)
      : next === "="
      ? `\`${operator}\` is an operator by itself: remove the \`=\``
      : next === undefined
      ? "write a value after it; `exists` asks whether there is one"
      : undefined;
    this.fail(start, `\`${operator}\` needs a text, not ${this.foundOrEnd()}`, hint);
  }

  protected valueList(operator: string, computed: boolean): ValueList | FieldUse | TransformerUse {
    const { lexer } = this;
    lexer.blank();
    const start = lexer.at;
    if (lexer.literal("(")) return this.#values(start);
    if (computed) {
      const operand = this.transformerOrVal();
      if (operand !== undefined) return operand;
    }
    const name = lexer.identifier();
    if (name !== undefined) {
      const item = this.value(name, start, false);
      return { kind: "list", items: [item], span: item.span };
    }
    const value = this.quotedOrBare();
    lexer.at = start;
    const next = lexer.text[start];
    const hint = next === "[" || next === "{"
      ? `put the values into parentheses instead of ${next === "[" ? "brackets" : "braces"}`
      : next === "="
      ? `\`${operator}\` is an operator by itself: remove the \`=\``
      : value !== undefined
      ? `write \`${operator} (${this.found()})\``
      : next === undefined
      ? `write \`${operator} (…)\``
      : undefined;
    this.fail(
      start,
      `\`${operator}\` needs values in parentheses or the name of a list, not ${this.foundOrEnd()}`,
      hint,
    );
  }

  #values(open: number): ValueList {
    const { lexer } = this;
    const items: Value[] = [];
    lexer.blank();
    const first = this.quotedOrBare();
    if (first !== undefined) {
      items.push(first);
      lexer.blank();
      while (lexer.literal(",")) {
        lexer.blank();
        const start = lexer.at;
        items.push(
          this.quotedOrBare() ?? this.fail(
            start,
            `expected a value after \`,\`, not ${this.foundOrEnd()}`,
            lexer.text[start] === ")" || lexer.text[start] === "," ? "remove the comma before it" : undefined,
          ),
        );
        lexer.blank();
      }
    }
    if (!lexer.literal(")")) {
      if (lexer.done) throw this.unclosed(open);
      const last = items.at(-1);
      const hint = last === undefined
        ? undefined
        : !last.quoted && last.text.endsWith(";")
        ? "values are separated by commas, not by `;`"
        : "values are separated by commas; those with blanks need quotes";
      this.fail(lexer.at, `expected \`,\` or \`)\`, not \`${this.found()}\``, hint);
    }
    return { kind: "list", items, span: this.span(open, lexer.at) };
  }

  protected unclosed(open: number): SyntaxProblem {
    const misused = bareList(this.text, this.lexer.at);
    if (misused !== undefined) return misused;
    const label = { span: this.span(open, open + 1), message: "opened here" };
    if (this.lexer.done) {
      return this.problem(this.lexer.at, "a `)` is missing at the end", undefined, [label]);
    }
    return this.problem(
      this.lexer.at,
      `expected \`)\`, \`and\` or \`or\`, not \`${this.found()}\``,
      operatorHint(this.found()),
      [label],
    );
  }
}

/** For a parenthesis after an operator that takes one value. */
function severalValues(operator: string): string {
  if (operator === "=" || operator === "==") return "use `in` to compare with several values";
  return operator === "!="
    ? "to exclude several values, write `not … in (…)`"
    : `write \`${operator} anyof (…)\` to compare with several values`;
}
