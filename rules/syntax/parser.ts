// Stage 6 of loading rules: the text of a condition becomes an Expr.
// In: a MappedText in which lists are substituted. Out: the expression, and every part of it that cannot be read.
// Elsewhere: tokens (lexer.ts), operands and transformers (operand_parser.ts), what follows an operator (value_parser.ts), what macros, fields and values are
// (rules/expand/macros.ts, check/check.ts).
//
//   or    = and { "or" and }            and = not { "and" not }
//   not   = { "not" } ( "(" or ")" | check )
//   check = operand "exists" | operand operator right | identifier
//
// A check that cannot be read becomes an `Unread`, and reading goes on at the next `and`, `or` or `)` outside of its
// quotes and parentheses.

import {
  type Check,
  type Expr,
  type FieldUse,
  type Logic,
  type Modifier,
  type Operator,
  OPERATORS,
  type TransformerUse,
} from "./ast.ts";
import { bareList } from "./bare_list.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { MappedText } from "../text/mapped_text.ts";
import { SyntaxProblem } from "./operand_parser.ts";
import {
  bareNameHint,
  callHint,
  commentHint,
  endHint,
  methodHint,
  negatedHint,
  quotedFieldHint,
  signHint,
} from "./other_forms.ts";
import { resumeAt } from "./recovery.ts";
import {
  type FieldHints,
  keywordHint,
  misplacedHint,
  misreadValue,
  missingLogic,
  misspeltOperator,
  operatorHint,
  transformerHint,
} from "./syntax_hints.ts";
import { ValueParser } from "./value_parser.ts";

export interface ParseResult {
  /** with an `Unread` for each part that cannot be read */
  readonly expr: Expr;
  /** none when all could be read */
  readonly problems: readonly Diagnostic[];
}

/** Who makes more mistakes in one condition has one big mistake. */
const MAX_PROBLEMS = 10;

/** Parses a whole condition. Never throws, whatever the text. */
export function parseCondition(text: MappedText, hints?: FieldHints): ParseResult {
  const parser = new ConditionParser(text, hints);
  return { expr: parser.condition(), problems: parser.problems };
}

/** Field or transformer at an offset, as in an output format, with where it ends. */
export function parseOperandAt(
  text: MappedText,
  at: number,
): { operand: FieldUse | TransformerUse; end: number } | undefined {
  const parser = new ConditionParser(text);
  parser.lexer.at = at;
  try {
    const operand = parser.fieldOrTransformer();
    return operand === undefined ? undefined : { operand, end: parser.lexer.at };
  } catch (error) {
    if (error instanceof SyntaxProblem) return undefined;
    throw error;
  }
}

const NUMBER_OPERATORS = ["<=", "<", ">=", ">"] as const;
const SYMBOL_OPERATORS = ["==", "=", "!="] as const;
const WORD_OPERATORS = [
  "glob",
  "iglob",
  "contains",
  "icontains",
  "bcontains",
  "startswith",
  "bstartswith",
  "endswith",
  "regex",
] as const;
const LIST_OPERATORS = ["intersects", "in", "pmatch"] as const;

class ConditionParser extends ValueParser {
  constructor(text: MappedText, readonly hints?: FieldHints) {
    super(text);
  }

  readonly problems: Diagnostic[] = [];
  #lastAt = -1;

  condition(): Expr {
    const { lexer } = this;
    lexer.blank();
    try {
      if (lexer.done) this.fail(0, "the condition is empty");
      return this.#upTo(() => lexer.done, () => this.#leftover());
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      this.problems.push(error.diagnostic);
      return { kind: "unread", span: this.span(0, this.text.text.length) };
    }
  }

  /** Alternatives up to an end; what is there instead is a problem, and so is what comes after it. */
  #upTo(isEnd: () => boolean, problemHere: () => SyntaxProblem): Expr {
    const { lexer } = this;
    const expr = this.#or();
    const operands = [expr];
    while (!isEnd()) {
      const problem = problemHere();
      this.#note(problem);
      if (lexer.done) break;
      lexer.at = resumeAt(this.text.text, lexer.at, lexer.at);
      while (this.depth === 0 && lexer.literal(")")) lexer.blank();
      if (lexer.literal("and") || lexer.literal("or")) operands.push(this.#or());
    }
    return operands.length === 1 ? expr : { kind: "and", operands, span: this.span(0, lexer.at) };
  }

  #note(problem: SyntaxProblem): void {
    if (problem.isFinal || this.problems.length >= MAX_PROBLEMS) throw problem;
    // parentheses within each other that are not closed miss the same thing
    if (problem.at !== this.#lastAt) this.problems.push(problem.diagnostic);
    this.#lastAt = problem.at;
  }

  /** A part of the condition; what cannot be read of it is skipped. */
  #guarded(read: () => Expr): Expr {
    const { at: start } = this.lexer;
    const { depth } = this;
    try {
      return read();
    } catch (error) {
      if (!(error instanceof SyntaxProblem)) throw error;
      this.#note(error);
      this.depth = depth;
      this.lexer.at = resumeAt(this.text.text, start, error.at);
      return { kind: "unread", span: this.span(start, this.lexer.at) };
    }
  }

  #or(): Expr {
    return this.#chain("or", () => this.#and());
  }

  #and(): Expr {
    return this.#chain("and", () => this.#guarded(() => this.#not()));
  }

  #chain(kind: "and" | "or", operand: () => Expr): Expr {
    const { lexer } = this;
    lexer.blank();
    const start = lexer.at;
    const operands = [operand()];
    let end = lexer.at;
    lexer.blank();
    while (lexer.literal(kind)) {
      if (!lexer.blank() && this.text.text[lexer.at] !== "(") {
        this.#note(
          this.problem(
            lexer.at,
            lexer.done ? `a check has to follow \`${kind}\`` : `a blank or \`(\` has to follow \`${kind}\``,
          ),
        );
      }
      operands.push(operand());
      end = lexer.at;
      lexer.blank();
    }
    if (operands.length === 1) return operands[0]!;
    const logic: Logic = { kind, operands, span: this.span(start, end) };
    return logic;
  }

  #bareHint(use: FieldUse | TransformerUse): string | undefined {
    return use.kind === "field" ? this.hints?.hintForBareField(use) : undefined;
  }

  #not(): Expr {
    const { lexer } = this;
    lexer.blank();
    const start = lexer.at;
    let negated = false;
    while (lexer.not()) negated = !negated;
    let operand: Expr;
    if (lexer.literal("not(")) {
      negated = !negated;
      operand = this.#embedded();
    } else operand = this.#check();
    return negated ? { kind: "not", operand, span: this.span(start, lexer.at) } : operand;
  }

  /** What follows an opening parenthesis, the closing one included. */
  #embedded(): Expr {
    const open = this.lexer.at - 1;
    this.enter(open);
    this.lexer.blank();
    const isEnd = () => {
      this.lexer.blank();
      return this.lexer.literal(")");
    };
    const expr = this.#upTo(isEnd, () => this.unclosed(open));
    this.leave();
    return expr;
  }

  #check(): Expr {
    const { lexer } = this;
    lexer.blank();
    const start = lexer.at;
    if (lexer.literal("(")) return this.#embedded();
    const left = this.fieldOrTransformer();
    if (left !== undefined) return this.#comparison(left, start);
    const name = lexer.identifier();
    if (name !== undefined) {
      const list = this.text.hostAt(start);
      this.#refuse(name, start, list !== undefined);
      const span = this.span(start, lexer.at);
      return { kind: "macro", name, ...(list === undefined ? {} : { list }), span };
    }
    if (lexer.done) this.fail(start, "the condition ends where a check should follow");
    const found = this.found();
    const quoted = /^["'].+["']$/.test(found)
      ? quotedFieldHint(found, this.#after(start + found.length))
      : undefined;
    const isEmpty = found === ")" && lexer.text[start - 1] === "(";
    this.fail(
      start,
      isEmpty ? "nothing is in the parentheses" : `expected a field, a macro or \`(\`, not \`${found}\``,
      quoted ??
        (isEmpty
          ? "remove them, or write a check into them"
          : endHint(found, this.#after(start)) ?? operatorHint(found)),
    );
  }

  /** A name that cannot be that of a macro, by what follows it. */
  #refuse(name: string, start: number, isList: boolean): void {
    const { lexer } = this;
    const rest = this.#after(lexer.at);
    const instead = `expected a field, a macro or \`(\`, not \`${name}\``;
    if (this.#isMisplaced(name)) {
      this.fail(start, instead, callHint(name, rest) ?? misplacedHint(name, start));
    }
    if (lexer.text.startsWith("(", lexer.at)) {
      this.fail(start, `there is no transformer \`${name}\``, transformerHint(name));
    }
    if (isList) return;
    const keyword = /^\s+[\w(]/.test(rest) ? keywordHint(name) : undefined;
    if (keyword !== undefined) this.fail(start, instead, keyword);
    const compared = bareNameHint(name, rest, (word) => this.hints?.fieldsNamed(word) ?? []);
    if (compared !== undefined) this.fail(start, `\`${name}\` is no field`, compared.hint);
  }

  /** The text from an offset on, as much of it as a hint may be about. */
  #after(at: number): string {
    return this.text.text.slice(at, at + 300);
  }

  /** A macro may be named `and` or `in`, but then neither a check nor a value can follow it. */
  #isMisplaced(name: string): boolean {
    if (name !== "and" && name !== "or" && !(OPERATORS as readonly string[]).includes(name)) return false;
    const rest = this.text.text.slice(this.lexer.at, this.lexer.at + 64).trimStart();
    return !/^(?:$|\)|(?:and|or)\b)/.test(rest);
  }

  #comparison(left: FieldUse | TransformerUse, start: number): Check {
    const { lexer } = this;
    lexer.blank();
    const at = lexer.at;
    if (lexer.literal("exists")) {
      return {
        kind: "check",
        left,
        operator: "exists",
        operatorSpan: this.span(at, lexer.at),
        span: this.span(start, lexer.at),
      };
    }
    const finish = (operator: Operator, right: Check["right"], modifier?: Modifier): Check => ({
      kind: "check",
      left,
      operator,
      operatorSpan: this.span(at, at + operator.length),
      ...(modifier === undefined ? {} : { modifier }),
      ...(right === undefined ? {} : { right }),
      span: this.span(start, lexer.at),
    });
    for (const operator of NUMBER_OPERATORS) {
      if (lexer.literal(operator)) return finish(operator, this.numberValue(operator));
    }
    for (const operator of SYMBOL_OPERATORS) {
      if (!lexer.literal(operator)) continue;
      const modifier = lexer.blank() ? this.modifier() : undefined;
      return finish(
        operator,
        modifier ? this.valueList(modifier, false) : this.textValue(operator),
        modifier,
      );
    }
    for (const operator of WORD_OPERATORS) {
      if (!lexer.spacedWord(operator)) continue;
      const modifier = this.modifier();
      return finish(
        operator,
        modifier ? this.valueList(modifier, false) : this.textValue(operator),
        modifier,
      );
    }
    for (const operator of LIST_OPERATORS) {
      if (lexer.literal(operator)) return finish(operator, this.valueList(operator, true));
    }
    if (lexer.done) this.fail(at, "an operator has to follow the field", this.#bareHint(left));
    const found = this.found();
    const rest = this.#after(at);
    if ((WORD_OPERATORS as readonly string[]).includes(found) && rest.trimEnd() === found) {
      lexer.at = this.text.text.length;
      this.textValue(found);
    }
    const written = this.text.text.slice(start, at).trimEnd();
    const hint = ["and", "or", ")"].includes(found)
      ? this.#bareHint(left)
      : negatedHint(written, rest) ?? methodHint(written, rest) ?? misspeltOperator(found);
    this.fail(at, `expected an operator, not \`${found}\``, hint);
  }

  #leftover(): SyntaxProblem {
    const found = this.found();
    const misused = bareList(this.text, this.lexer.at);
    if (misused !== undefined) return misused;
    if (found === ")") {
      return this.problem(
        this.lexer.at,
        "there is a `)` too many",
        "remove it, or write the `(` that it closes",
      );
    }
    const { text } = this.text;
    const before = /\S+\s*$/.exec(text.slice(0, this.lexer.at))?.[0] ?? "";
    if (/^[\d.]+$/.test(before) && /^\w/.test(found)) {
      return this.problem(
        this.lexer.at - before.length,
        `\`${before}${found}\` is not a number`,
        "numbers have no units: durations are nanoseconds",
      );
    }
    const { at } = this.lexer;
    const rest = this.#after(at);
    const hint = this.text.beginsAppended(at) && !/^(and|or)$/.test(found)
      ? "an appended condition goes on where the earlier one ends: begin it with `and` or `or`"
      : misreadValue(before) ?? signHint(text.slice(Math.max(0, at - 300), at), rest) ?? commentHint(rest) ??
        operatorHint(found) ?? missingLogic(text.slice(at), found, before.trimEnd());
    return this.problem(this.lexer.at, `expected \`and\`, \`or\` or the end, not \`${found}\``, hint);
  }
}
