// Stage 8 of loading rules: checks get meaning. Fields are bound, operators tried against types, values converted.
// In: an Expr without macros. Out: a CheckedExpr, or every problem in it.
// Elsewhere: operands (operands.ts), which operators fit (operators.ts), constants (values.ts), what it all becomes
// (rules/lower/ir.ts, lower/).
//
// A node that several rules share through a macro is checked once: the rules share the result and the findings.

import type { Check, Expr, Operator, TransformerUse, Value } from "../syntax/ast.ts";
import type { FieldCatalogue } from "./catalogue.ts";
import type { CheckedCheck, CheckedExpr, CheckedOperand } from "./checked.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { definedByFalco } from "../diagnostics/falco_file.ts";
import { fieldFindings } from "./field_findings.ts";
import { bindOperand, type TypedOperand } from "./operands.ts";
import { operatorProblem, operatorsOf, TYPE_NAMES } from "./operators.ts";
import { compileRegex } from "../regex/compile.ts";
import { regexWarning } from "./regex_warning.ts";
import { oddCharacterHint } from "../text/odd_characters.ts";
import type { Span } from "../text/span.ts";
import { absentList, byOther, EVENT_NAMES, likelyEvent } from "./value_hints.ts";
import { Values } from "./values.ts";
import { short } from "../yaml/decode.ts";

export interface CheckedResult {
  /** none when there is an error */
  readonly expr?: CheckedExpr;
  readonly findings: readonly Diagnostic[];
}

const NONE: readonly Diagnostic[] = [];

export class Checker {
  readonly #done = new WeakMap<Expr, CheckedResult>();
  readonly #values = new Values();

  /** For rules of one event source. */
  constructor(readonly fields: FieldCatalogue, readonly source = "syscall") {}

  check(expr: Expr): CheckedResult {
    const known = this.#done.get(expr);
    if (known !== undefined) return known;
    const result = this.#checkExpr(expr);
    this.#done.set(expr, result);
    return result;
  }

  #checkExpr(expr: Expr): CheckedResult {
    switch (expr.kind) {
      case "check":
        return new CheckOf(expr, this.fields, this.source, this.#values).run();
      case "unread":
        throw new Error("what cannot be read reached the checker");
      case "macro":
        throw new Error(`the macro \`${expr.name}\` reached the checker: macros are expanded before it`);
      case "not": {
        const { expr: operand, findings } = this.check(expr.operand);
        return operand === undefined ? { findings } : { expr: { kind: "not", operand }, findings };
      }
      case "and":
      case "or": {
        const operands: CheckedExpr[] = [];
        const found = new Set<Diagnostic>();
        for (const part of expr.operands) {
          const result = this.check(part);
          for (const finding of result.findings) found.add(finding);
          if (result.expr !== undefined) operands.push(result.expr);
        }
        const findings = found.size === 0 ? NONE : [...found];
        if (operands.length < expr.operands.length) return { findings };
        return { expr: { kind: expr.kind, operands }, findings };
      }
    }
  }
}

/** The check of one check. */
class CheckOf {
  readonly #findings: Diagnostic[] = [];
  #failed = false;

  constructor(
    readonly use: Check,
    readonly fields: FieldCatalogue,
    readonly source: string,
    readonly values: Values,
  ) {}

  run(): CheckedResult {
    const expr = this.#check();
    const findings = this.#findings.length === 0 ? NONE : this.#findings;
    return expr === undefined || this.#failed ? { findings } : { expr, findings };
  }

  #check(): CheckedCheck | undefined {
    const { use } = this;
    const left = bindOperand(use.left, this.fields);
    if ("problem" in left) return this.#take(left.problem);
    this.#noteFields(use.left);
    const operator = use.operator === "==" ? "=" : use.operator;
    const misfit = operatorProblem(operator, use.modifier, left.type, left.list);
    if (misfit !== undefined) this.#operatorError(misfit, left);
    const right = this.#right(left, operator);
    if (right === undefined) return undefined;
    return {
      kind: "check",
      left: left.operand,
      operator,
      ...(use.modifier === undefined ? {} : { modifier: use.modifier }),
      right,
      span: use.span,
    };
  }

  #right(left: TypedOperand, operator: Operator): CheckedOperand[] | undefined {
    const { right } = this.use;
    if (right === undefined) return [];
    if (this.#failed) return undefined;
    switch (right.kind) {
      case "field":
      case "transformer": {
        const computed = this.#computed(left, right, operator);
        return computed === undefined ? undefined : [computed];
      }
      case "value":
        return this.#values([right], left, operator);
      case "list":
        return this.#values(right.items, left, operator);
    }
  }

  #values(values: readonly Value[], left: TypedOperand, operator: Operator): CheckedOperand[] | undefined {
    const made: CheckedOperand[] = [];
    const hex = operator === "bcontains" || operator === "bstartswith";
    const isEventType = left.operand.kind === "field" && left.operand.field.name === "evt.type";
    for (const value of values) {
      const result = this.values.check(value, left.type, left.bits, hex);
      if ("problem" in result) {
        const { message, notes, hint } = result.problem;
        this.#fail(
          makeDiagnostic("invalid-value", value.span, message, {
            notes: notes ?? [],
            // a list that is not loaded is a word like any other
            hint: (value.quoted ? undefined : definedByFalco("list", value.text)) ??
              byOther(left, value.text) ?? hint ?? (value.quoted ? undefined : absentList(value.text)),
            labels: this.#useOf(value),
          }),
        );
        continue;
      }
      if (isEventType && !EVENT_NAMES.has(value.text)) this.#unknownEvent(value);
      if (operator === "regex") this.#regex(value);
      if (result.warning !== undefined) this.#warn("value-out-of-range", value, result.warning);
      this.#valueWarnings(value, operator);
      made.push(result.value);
    }
    return this.#failed ? undefined : made;
  }

  #computed(
    left: TypedOperand,
    use: Check["left"] | TransformerUse,
    operator: Operator,
  ): CheckedOperand | undefined {
    const right = bindOperand(use, this.fields);
    if ("problem" in right) return this.#take(right.problem);
    this.#noteFields(use);
    if (operator === "pmatch" || operator === "regex") {
      return this.#mismatch(use.span, `\`${operator}\` needs constant texts on the right`);
    }
    if (left.type === "net" || right.type === "net") {
      return this.#mismatch(use.span, "a network cannot be compared with a field");
    }
    for (const side of [left, right]) {
      if (side.comparable) continue;
      const name = side.operand.kind === "field" ? side.operand.field.name : "this";
      return this.#mismatch(use.span, `\`${name}\` cannot be compared with a field`);
    }
    if (left.type !== right.type || left.list !== right.list) {
      const kind = (side: TypedOperand) =>
        side.list ? `a list (${TYPE_NAMES[side.type]})` : TYPE_NAMES[side.type];
      return this.#mismatch(use.span, `the left side is ${kind(left)} and the right side is ${kind(right)}`);
    }
    return right.operand;
  }

  #operatorError(message: string, left: TypedOperand): void {
    const name = this.use.left.name;
    const allowed = operatorsOf(left.type, left.list).map((operator) => `\`${operator}\``).join(" ");
    const kind = left.list ? `a list of values` : TYPE_NAMES[left.type];
    this.#fail(makeDiagnostic("operator-type", this.use.operatorSpan, message, {
      notes: [`\`${name}\` is ${kind}; it goes with ${allowed}.`],
    }));
  }

  #unknownEvent(value: Value): void {
    this.#fail(
      makeDiagnostic("unknown-event-type", value.span, `there is no event type \`${short(value.text)}\``, {
        hint: oddCharacterHint(value.text) ?? likelyEvent(value.text),
        labels: this.#useOf(value),
      }),
    );
  }

  /** The pattern as the emitter sees it, which asks for the same table later. */
  #regex(value: Value): void {
    if (value.bytes !== undefined) {
      this.#fail(
        makeDiagnostic("invalid-regex", value.span, "a regular expression has to be UTF-8", {
          notes: ["What is not UTF-8 is matched as U+FFFD by `regex`, one for each malformed sequence."],
          hint:
            "write `.` for such a byte, or use an operator that compares bytes, such as `contains` or `glob`",
          labels: this.#useOf(value),
        }),
      );
      return;
    }
    const result = compileRegex(value.text);
    if (typeof result !== "string") return;
    this.#fail(
      makeDiagnostic("invalid-regex", value.span, `the regular expression cannot be compiled: ${result}`, {
        notes: ["Patterns have RE2's POSIX syntax, and the whole value has to match."],
        labels: this.#useOf(value),
      }),
    );
  }

  #noteFields(use: Check["left"]): void {
    for (const finding of fieldFindings(use, this.fields, this.source, this.use)) {
      if (finding.severity === "error") this.#fail(finding);
      else this.#findings.push(finding);
    }
  }

  #valueWarnings(value: Value, operator: Operator): void {
    const text = value.text.replace(/\s+/g, "");
    // the sign of a field in an output or another language; a text in quotes may be meant
    const signed = value.quoted ? undefined : /^[%$]\{?([\w.]+(?:\[[^\]]*\])?)\}?$/.exec(text)?.[1];
    const plain = signed ?? text;
    if (plain.includes(".") && this.fields.isField(plain)) {
      this.#warn(
        "field-as-value",
        value,
        `\`${short(value.text)}\` is compared as a text, though it is the name of a field`,
        {
          hint: `write \`val(${plain})\` to compare with the field`,
        },
      );
    } else if (/^(?:val|tolower|toupper|b64|basename|len|join|concat|getopt)\(.*\)$/.test(plain)) {
      this.#warn(
        "field-as-value",
        value,
        `\`${short(value.text)}\` is compared as a text, though it looks like a transformer`,
        {
          hint: "remove the quotes",
        },
      );
    }
    if (operator === "regex") {
      const simpler = regexWarning(value.text);
      if (simpler !== undefined) {
        this.#warn("simpler-operator", value, "a regular expression is not needed here", { hint: simpler });
      }
    }
  }

  /** Where the list is named, when the value is in one. */
  #useOf(value: Value): { span: Span; message: string }[] {
    const { right } = this.use;
    if (right === undefined || right.span.source === value.span.source && contains(right.span, value.span)) {
      return [];
    }
    return [{ span: right.span, message: `compared with \`${this.use.left.name}\` here` }];
  }

  #warn(
    code: "value-out-of-range" | "field-as-value" | "simpler-operator",
    value: Value,
    message: string,
    extras: { hint?: string } = {},
  ) {
    this.#findings.push(makeDiagnostic(code, value.span, message, { ...extras, labels: this.#useOf(value) }));
  }

  #mismatch(span: Span, message: string): undefined {
    return this.#take(makeDiagnostic("field-comparison", span, message));
  }

  #take(problem: Diagnostic): undefined {
    this.#fail(problem);
    return undefined;
  }

  #fail(problem: Diagnostic): void {
    this.#failed = true;
    this.#findings.push(problem);
  }
}

function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
