// The output of a rule together with what the configuration appends to it.
// In: a rule and `append_output`. Out: one template. Elsewhere: the format's syntax (output_template.ts).

import { additionsFor, type AppendOutput } from "./append_output.ts";
import type { OutputField } from "../checked.ts";
import type { Environment } from "../environment.ts";
import type { RuleInfo } from "../items/collect.ts";
import { type Diagnostic, makeDiagnostic } from "../diagnostics/diagnostic.ts";
import { MappedText } from "../syntax/mapped_text.ts";
import { parseTemplate, type TemplateResult } from "./output_template.ts";

/** Once stood for the container's fields; Falco puts nothing in its place. */
const CONTAINER_INFO = "%container.info";

export function ruleOutput(
  info: RuleInfo,
  entries: readonly AppendOutput[],
  env: Environment,
): TemplateResult {
  const { output } = info.keys;
  const additions = additionsFor(
    { name: info.name, source: info.source, tags: info.keys.tags },
    entries,
    [...env.fields.configured.keys()],
  );
  const own = (text: string) => MappedText.synthetic(text, output.whole);
  const findings: Diagnostic[] = [];
  const appended = additions.outputs.map((text) => own(` ${text}`));
  let format = appended.length === 0 ? output : MappedText.concat(output.whole, [output, ...appended]);
  for (let at = format.text.indexOf(CONTAINER_INFO); at >= 0; at = format.text.indexOf(CONTAINER_INFO)) {
    const end = at + CONTAINER_INFO.length;
    findings.push(
      makeDiagnostic("deprecated", format.span(at, end), "`%container.info` stands for nothing any more", {
        hint: "remove it: the container's fields are appended to every output",
      }),
    );
    format = MappedText.concat(output.whole, [format.slice(0, at), format.slice(end)]);
  }
  const { template, findings: inFormat } = parseTemplate(format, env.fields, info.source);
  findings.push(...inFormat);
  if (template === undefined) return { findings };

  const fields = new Map(template.fields.map((field) => [field.key, field]));
  const extra: { key: string; parts: readonly (string | OutputField)[] }[] = [];
  for (const addition of additions.fields) {
    const raw = typeof addition === "string";
    const made = parseTemplate(own(raw ? `%${addition}` : addition.format), env.fields, info.source);
    findings.push(...made.findings);
    if (made.template === undefined) return { findings };
    for (const field of made.template.fields) if (!fields.has(field.key)) fields.set(field.key, field);
    if (!raw) extra.push({ key: addition.key, parts: made.template.parts });
  }
  const whole = { parts: template.parts, fields: [...fields.values()] };
  return { template: extra.length > 0 ? { ...whole, extra } : whole, findings };
}
