// Stage 9 of loading rules: the output of a rule becomes text and fields.
// In: an output format. Out: an OutputTemplate, or every problem in it. Elsewhere: rendering (assembly/, outputs/).
//
// `%field`, `%field[argument]`, `%transformer(…)`, with an optional width between the percent sign and the name. There
// is no escape for a percent sign. What follows a name directly belongs to it only as far as the catalogue knows such
// a field: `%proc.namefoo` is proc.name and the text foo.

import type { FieldUse, Operand, OperandList, TransformerUse } from "../syntax/ast.ts";
import { type FieldCatalogue, hasNoExtractor } from "../check/catalogue.ts";
import type { CheckedField, CheckedTransformer, OutputField, OutputTemplate } from "../check/checked.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../../base/mod.ts";
import { deprecatedField } from "../check/deprecated_field.ts";
import { foreignField } from "../check/field_sources.ts";
import { Lexer } from "../syntax/lexer.ts";
import type { MappedText } from "../text/mapped_text.ts";
import { bindOperand } from "../check/operands.ts";
import { parseOperandAt } from "../syntax/parser.ts";
import { printOperand } from "../syntax/print_operand.ts";

export interface TemplateResult {
  /** none when there is an error */
  readonly template?: OutputTemplate;
  readonly findings: readonly Diagnostic[];
}

/** No field's name with its dotted argument is longer. */
const MAX_NAME = 128;
/** What to print instead of a field that stands for both ends of a connection. */
const PRINTABLE: Readonly<Record<string, string>> = {
  "fd.ip": "print `%fd.cip` and `%fd.sip`, or `%fd.name`",
  "fd.port": "print `%fd.cport` and `%fd.sport`, or `%fd.name`",
  "fd.proto": "print `%fd.cport` and `%fd.sport`, or `%fd.name`",
};
/** Wider columns are a mistake, and memory. */
const MAX_WIDTH = 4096;

/** For the output of a rule whose events come from `source`. */
export function parseTemplate(
  format: MappedText,
  fields: FieldCatalogue,
  source = "syscall",
): TemplateResult {
  return new TemplateParser(format, fields.forSource(source), source).run();
}

class TemplateParser {
  readonly #parts: (string | OutputField)[] = [];
  readonly #fields = new Map<string, OutputField>();
  readonly #findings: Diagnostic[] = [];
  #failed = false;

  constructor(
    readonly format: MappedText,
    readonly catalogue: FieldCatalogue,
    readonly source: string,
  ) {}

  run(): TemplateResult {
    const { text } = this.format;
    let from = 0;
    for (let at = text.indexOf("%"); at >= 0; at = text.indexOf("%", from)) {
      if (at > from) this.#parts.push(text.slice(from, at));
      from = this.#field(at);
    }
    if (from < text.length) this.#parts.push(text.slice(from));
    if (this.#failed) return { findings: this.#findings };
    return { template: { parts: this.#parts, fields: [...this.#fields.values()] }, findings: this.#findings };
  }

  /** Reads what follows a percent sign; where to go on. */
  #field(percent: number): number {
    const { text } = this.format;
    let at = percent + 1;
    while (at < text.length && /[0-9]/.test(text[at]!)) at++;
    const width = Math.min(Number(text.slice(percent + 1, at)), MAX_WIDTH);
    if (at >= text.length) {
      const what = at === percent + 1 ? "a percent sign" : "a width";
      this.#fail("output-syntax", percent, at, `the output ends with ${what}; a field has to follow`);
      return at;
    }
    const found = this.#operand(at);
    if (found === undefined) {
      this.#unknown(percent, at);
      return at;
    }
    const bound = bindOperand(found.operand, this.catalogue);
    if (!("problem" in bound) && bound.operand.kind !== "text") {
      const operand = bound.operand as CheckedField | CheckedTransformer;
      const field = { key: printOperand(found.operand), operand };
      this.#parts.push(width > 0 ? { ...field, width } : field);
      this.#note(found.operand);
    }
    return found.end;
  }

  /** The longest field or transformer that is known. */
  #operand(at: number): { operand: FieldUse | TransformerUse; end: number } | undefined {
    const { text } = this.format;
    const whole = parseOperandAt(this.format, at);
    if (whole !== undefined && !("problem" in bindOperand(whole.operand, this.catalogue))) return whole;
    const lexer = new Lexer(text);
    lexer.at = at;
    const name = lexer.fieldName()?.slice(0, MAX_NAME) ?? "";
    for (let length = name.length; length > 0; length--) {
      const shorter = name.slice(0, length);
      if ("field" in this.catalogue.resolve(shorter, undefined)) {
        const span = this.format.span(at, at + length);
        return { operand: { kind: "field", name: shorter, span }, end: at + length };
      }
    }
    if (whole?.operand.kind !== "transformer" || whole.operand.arg === undefined) return undefined;
    // Brackets after a transformer that takes none are text.
    const { arg: _, ...operand } = whole.operand;
    if ("problem" in bindOperand(operand, this.catalogue)) return undefined;
    return { operand, end: text.lastIndexOf(")", whole.end) + 1 };
  }

  /** A field within a transformer is printed in output_fields, the transformer is not. */
  #note(use: Operand | OperandList): void {
    if (use.kind === "value") return;
    if (use.kind === "operands") return use.items.forEach((inner) => this.#note(inner));
    if (use.kind === "transformer") use.operands.forEach((inner) => this.#note(inner));
    const bound = bindOperand(use, this.catalogue);
    if ("problem" in bound || bound.operand.kind === "text") return;
    const operand = bound.operand as CheckedField | CheckedTransformer;
    const key = printOperand(use);
    if (!this.#fields.has(key)) {
      this.#fields.set(key, { key, operand });
      if (operand.kind === "field") this.#fieldWarnings(operand, use as FieldUse);
    }
  }

  #fieldWarnings({ field }: CheckedField, use: FieldUse): void {
    const foreign = foreignField(field, this.source, use.span, "unknown-output-field");
    if (foreign !== undefined) {
      this.#failed = true;
      this.#findings.push(foreign);
    } else if (field.filterOnly) {
      this.#failed = true;
      this.#findings.push(
        makeDiagnostic(
          "filter-only-field",
          use.span,
          `\`${field.name}\` is for conditions and cannot be printed`,
          {
            notes: [field.summary],
            hint: PRINTABLE[field.name],
          },
        ),
      );
    } else if (field.deprecated) {
      this.#findings.push(deprecatedField(field, use.span));
    } else if (hasNoExtractor(field)) {
      this.#findings.push(
        makeDiagnostic("field-without-value", use.span, `\`${field.name}\` never has a value`, {
          notes: ["The output prints <NA>."],
        }),
      );
    }
  }

  #unknown(percent: number, at: number): void {
    const lexer = new Lexer(this.format.text);
    lexer.at = at;
    const word = lexer.fieldName() ?? lexer.identifier() ?? "";
    if (word === "") {
      this.#fail("output-syntax", percent, at, "a percent sign has to be followed by a field", {
        notes: ["There is no escape for a percent sign: leave it out."],
        hint: hintForBraces(this.format.text.slice(at)),
      });
      return;
    }
    const whole = parseOperandAt(this.format, at);
    const bound = whole === undefined ? undefined : bindOperand(whole.operand, this.catalogue);
    const problem = bound !== undefined && "problem" in bound ? bound.problem : undefined;
    const unknown = problem === undefined || problem.code === "unknown-field";
    const hint = problem?.hint ?? (unknown ? didYouMean(word, this.catalogue.names()) : undefined);
    const message = unknown ? `there is no field \`${word}\`` : problem!.message;
    this.#fail("unknown-output-field", percent, at + word.length, message, { hint });
  }

  #fail(
    code: "output-syntax" | "unknown-output-field",
    start: number,
    end: number,
    message: string,
    extras: { notes?: string[]; hint?: string | undefined } = {},
  ): void {
    this.#failed = true;
    this.#findings.push(makeDiagnostic(code, this.format.span(start, end), message, extras));
  }
}

/** `%{proc.name}` of other languages */
function hintForBraces(text: string): string | undefined {
  const name = /^[{(<]([a-z][\w.]*(?:\[[^\]]*\])?)[})>]/i.exec(text)?.[1];
  return name === undefined ? undefined : `write \`%${name}\``;
}
