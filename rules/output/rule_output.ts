// The output of a rule together with what the configuration appends to it.
// In: rules and `append_output`. Out: one template for each. What is wrong with an addition is a finding about the setting,
// given once, and the rule goes without it. Elsewhere: the format's syntax (output_template.ts).

import { additionsFor, type AppendOutput, type ExtraField } from "./append_output.ts";
import type { OutputField } from "../check/checked.ts";
import type { Environment } from "../check/environment.ts";
import type { RuleInfo } from "../items/collect.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { makeSource } from "../text/source.ts";
import { MappedText } from "../text/mapped_text.ts";
import { parseTemplate, type TemplateResult } from "./output_template.ts";

/** Once stood for the container's fields; Falco puts nothing in its place. */
const CONTAINER_INFO = "%container.info";

export interface RuleOutput extends TemplateResult {
  /** about the configuration: the rule is none the worse */
  readonly ofAdditions: readonly Diagnostic[];
}

export class RuleOutputs {
  /** by source of the rules and setting: what is wrong with one is said once */
  readonly #additions = new Map<string, TemplateResult>();

  constructor(readonly entries: readonly AppendOutput[], readonly env: Environment) {}

  of({ name, source, keys }: RuleInfo): RuleOutput {
    const statics = [...this.env.fields.configured.keys()];
    const { outputs, fields, suggests } = additionsFor(
      { name, source, tags: keys.tags },
      this.entries,
      statics,
    );
    const { format, findings } = withoutContainerInfo(keys.output, suggests);
    const own = parseTemplate(format, this.env.fields, source);
    findings.push(...own.findings);
    const ofAdditions: Diagnostic[] = [];
    const parsed = (text: string, from: string) => {
      const result = this.#addition(text, from, source);
      ofAdditions.push(...result.findings);
      return result.template;
    };

    const parts = [...own.template?.parts ?? []];
    const all = new Map((own.template?.fields ?? []).map((field) => [field.key, field]));
    const take = (more: readonly OutputField[]) => {
      for (const field of more) if (!all.has(field.key)) all.set(field.key, field);
    };
    for (const { value, from } of outputs) {
      const template = parsed(value, from);
      if (template === undefined) continue;
      append(parts, [" ", ...template.parts]);
      take(template.fields);
    }
    const extra: { key: string; parts: readonly (string | OutputField)[] }[] = [];
    for (const { value, from } of fields) {
      const template = parsed(formatOf(value), from);
      if (template === undefined) continue;
      take(template.fields);
      if (typeof value !== "string") extra.push({ key: value.key, parts: template.parts });
    }
    if (own.template === undefined) return { findings, ofAdditions };
    const template = { parts, fields: [...all.values()] };
    return { template: extra.length > 0 ? { ...template, extra } : template, findings, ofAdditions };
  }

  #addition(text: string, from: string, source: string): TemplateResult {
    const key = `${source}\0${from}\0${text}`;
    let result = this.#additions.get(key);
    if (result === undefined) {
      result = parseTemplate(settingText(from, text), this.env.fields, source);
      this.#additions.set(key, result);
    }
    return result;
  }
}

/** Texts next to each other are one. */
function append(parts: (string | OutputField)[], more: readonly (string | OutputField)[]): void {
  for (const part of more) {
    const last = parts.at(-1);
    if (typeof part === "string" && typeof last === "string") parts[parts.length - 1] = last + part;
    else parts.push(part);
  }
}

function formatOf(field: ExtraField): string {
  return typeof field === "string" ? `%${field}` : field.format;
}

/** A text that diagnostics show as that of a setting. */
function settingText(name: string, text: string): MappedText {
  const source = makeSource(name, text);
  const length = source.text.length;
  return new MappedText(source.text, { source, start: 0, end: length }, [
    { at: 0, length, source, from: 0, extent: length, exact: true },
  ]);
}

function withoutContainerInfo(
  output: MappedText,
  suggests: boolean,
): { format: MappedText; findings: Diagnostic[] } {
  const findings: Diagnostic[] = [];
  let format = output;
  for (let at = format.text.indexOf(CONTAINER_INFO); at >= 0; at = format.text.indexOf(CONTAINER_INFO)) {
    const end = at + CONTAINER_INFO.length;
    findings.push(
      makeDiagnostic("deprecated", format.span(at, end), "`%container.info` stands for nothing any more", {
        hint: suggests
          ? "remove it: append_output adds the container's fields to this output"
          : "write the fields themselves, such as `%container.id %container.name`, or set " +
            "append_output: [{suggested_output: true}]",
      }),
    );
    format = MappedText.concat(output.whole, [format.slice(0, at), format.slice(end)]);
  }
  return { format, findings };
}
