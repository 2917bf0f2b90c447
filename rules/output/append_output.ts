// What the configuration adds to the outputs of rules: `append_output`.
// In: its entries and a rule. Out: text behind the rule's output, and fields that only JSON shows.
// Elsewhere: reading the configuration (config/), templates (output_template.ts).

export interface AppendOutput {
  /** rules that it applies to; all parts have to fit, all tags have to be there */
  readonly match?: { readonly source?: string; readonly tags?: readonly string[]; readonly rule?: string };
  readonly extraOutput?: string;
  /** a field by its name, with its type; or a key with a format, as text */
  readonly extraFields?: readonly (string | { readonly key: string; readonly format: string })[];
  /** the fields that tell the container and the pod */
  readonly suggestedOutput?: boolean;
}

const SUGGESTED: Readonly<Record<string, readonly string[]>> = {
  syscall: [
    "container.id",
    "container.name",
    "container.image.repository",
    "container.image.tag",
    "k8s.pod.name",
    "k8s.ns.name",
  ],
};

export interface Additions {
  /** formats, each behind a blank */
  readonly outputs: readonly string[];
  readonly fields: readonly (string | { readonly key: string; readonly format: string })[];
}

/** `statics` are the fields of the configuration, which are suggested for each source. */
export function additionsFor(
  rule: { readonly name: string; readonly source: string; readonly tags: readonly string[] },
  entries: readonly AppendOutput[],
  statics: readonly string[] = [],
): Additions {
  const outputs: string[] = [];
  const fields: (string | { readonly key: string; readonly format: string })[] = [];
  for (const { match, extraOutput, extraFields, suggestedOutput } of entries) {
    if (match?.source && match.source !== rule.source) continue;
    if (match?.rule && match.rule !== rule.name) continue;
    if (match?.tags?.some((tag) => !rule.tags.includes(tag))) continue;
    if (extraOutput) outputs.push(extraOutput);
    if (suggestedOutput) {
      for (const field of [...statics, ...SUGGESTED[rule.source] ?? []]) {
        outputs.push(`${field.replaceAll(".", "_")}=%${field}`);
      }
    }
    fields.push(...extraFields ?? []);
  }
  return { outputs, fields };
}
