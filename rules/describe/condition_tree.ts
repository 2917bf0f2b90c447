// The condition of a rule as its author thinks of it: macros and exceptions with their names, lists as names, checks numbered
// as the counting module numbers them (rules/lower/lower_leaves.ts).
// In: the result of loading and one of its rules. Out: a tree; its leaves are the checks in the order of the text.
// Elsewhere: what checks answer (rules/emit/leaf_counts.ts), the condition as one text (syntax/print_condition.ts).

import type { CheckedCheck, CheckedExpr, CheckedRule } from "../check/checked.ts";
import type { LoadResult } from "../check_rules.ts";
import { withExceptions } from "../items/exceptions.ts";
import type { ExceptionInfo } from "../items/exceptions.ts";
import { Report } from "../diagnostics/diagnostic.ts";
import type { Check, Expr } from "../syntax/ast.ts";
import { parseCondition } from "../syntax/parser.ts";
import { escapeText, printOperand } from "../syntax/print_operand.ts";
import type { MappedText } from "../text/mapped_text.ts";
import type { Span } from "../text/span.ts";

export type ConditionTree =
  | { readonly kind: "and" | "or"; readonly operands: readonly ConditionTree[] }
  | { readonly kind: "not"; readonly operand: ConditionTree }
  | {
    readonly kind: "macro" | "exception";
    readonly name: string;
    /** where the macro is used, or the exception defined */
    readonly span: Span;
    readonly body: ConditionTree;
  }
  | TreeLeaf;

export interface TreeLeaf {
  readonly kind: "check";
  /** its number within the rule */
  readonly leaf: number;
  /** one line; lists by name, or cut where they have none */
  readonly text: string;
  readonly span: Span;
  readonly check: CheckedCheck;
}

/** Values of a list without a name that are shown. */
const SHOWN_VALUES = 4;

export function conditionTree(loaded: LoadResult, rule: CheckedRule): ConditionTree {
  const info = loaded.definitions.rules.get(rule.name)!;
  const condition = withExceptions(info.keys.condition, info.exceptions, new Report()) ??
    info.keys.condition;
  const builder = new TreeBuilder(loaded, checksOf(rule.condition));
  const tree = builder.build(condition);
  builder.end();
  return nameExceptions(tree, info.exceptions.filter(({ values }) => values.length > 0));
}

class TreeBuilder {
  #next = 0;

  constructor(readonly loaded: LoadResult, readonly checks: readonly CheckedCheck[]) {}

  build(condition: MappedText): ConditionTree {
    const text = this.loaded.expanded.lists.substitute(condition) ?? condition;
    return this.#of(parseCondition(text).expr);
  }

  /** Tree and checked rule are of one condition. */
  end(): void {
    if (this.#next !== this.checks.length) {
      throw new Error(
        `Internal error: a condition has ${this.checks.length} checks and ${this.#next} leaves`,
      );
    }
  }

  #of(expr: Expr): ConditionTree {
    switch (expr.kind) {
      case "unread":
        throw new Error("Internal error: the condition of a checked rule cannot be read");
      case "macro": {
        const { name, span } = expr;
        return {
          kind: "macro",
          name,
          span,
          body: this.build(this.loaded.definitions.macros.get(name)!.condition),
        };
      }
      case "check": {
        const leaf = this.#next++;
        return { kind: "check", leaf, text: textOf(expr), span: expr.span, check: this.checks[leaf]! };
      }
      case "not":
        return { kind: "not", operand: this.#of(expr.operand) };
      default:
        return { kind: expr.kind, operands: expr.operands.map((operand) => this.#of(operand)) };
    }
  }
}

/** The last operands of `(condition) and not (exception) and not …` get the names of their exceptions. */
function nameExceptions(tree: ConditionTree, exceptions: readonly ExceptionInfo[]): ConditionTree {
  if (exceptions.length === 0 || tree.kind !== "and") return tree;
  const first = tree.operands.length - exceptions.length;
  const operands = tree.operands.map((operand, index): ConditionTree => {
    const exception = exceptions[index - first];
    if (exception === undefined || operand.kind !== "not") return operand;
    const { name, span } = exception;
    return { kind: "not", operand: { kind: "exception", name, span, body: operand.operand } };
  });
  return { kind: "and", operands };
}

function checksOf(expr: CheckedExpr): readonly CheckedCheck[] {
  if (expr.kind === "check") return [expr];
  return expr.kind === "not" ? checksOf(expr.operand) : expr.operands.flatMap(checksOf);
}

/** As it is written, when that is at one place; a list that is named there keeps its name. */
function textOf(check: Check): string {
  const { source, start, end } = check.span;
  const left = printOperand(check.left);
  const written = source.text.slice(start, end).replace(/\s+/g, " ");
  const isWhole = written.startsWith(`${left} `) && written.includes(check.operator);
  return isWhole && written.length <= 200 ? written : printed(check, left);
}

function printed({ operator, modifier, right }: Check, left: string): string {
  const words = [left, operator, ...modifier === undefined ? [] : [modifier]];
  if (right === undefined) return words.join(" ");
  if (right.kind === "field") words.push(`val(${printOperand(right)})`);
  else if (right.kind !== "list") words.push(printOperand(right));
  else {
    const items = right.items.slice(0, SHOWN_VALUES).map((item) => escapeText(item.text));
    const more = right.items.length - items.length;
    words.push(`(${items.join(", ")}${more > 0 ? `, … ${more} more` : ""})`);
  }
  return words.join(" ");
}
