// What the configuration adds to the outputs of rules: `append_output`.
// In: its entries and a rule. Out: texts that follow the rule's output, and fields that only JSON shows, each with the name
// of the setting or flag that says it. Elsewhere: reading the configuration (config/), templates (rule_output.ts).

export interface AppendOutput {
  /** who says it, where that is no entry of the setting: `-p` */
  readonly from?: string;
  /** rules that it applies to; all parts have to fit, all tags have to be there */
  readonly match?: { readonly source?: string; readonly tags?: readonly string[]; readonly rule?: string };
  readonly extraOutput?: string;
  /** a field by its name, with its type; or a key with a format, as text */
  readonly extraFields?: readonly ExtraField[];
  /** the fields that tell the container and the pod */
  readonly suggestedOutput?: boolean;
}

export type ExtraField = string | { readonly key: string; readonly format: string };

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

export interface Addition<T> {
  readonly value: T;
  /** the setting or flag that says it */
  readonly from: string;
}

export interface Additions {
  /** formats, each after a blank */
  readonly outputs: readonly Addition<string>[];
  readonly fields: readonly Addition<ExtraField>[];
  /** whether container and pod are among them */
  readonly suggests: boolean;
}

/** `statics` are the fields of the configuration, which are suggested for each source. */
export function additionsFor(
  rule: { readonly name: string; readonly source: string; readonly tags: readonly string[] },
  entries: readonly AppendOutput[],
  statics: readonly string[] = [],
): Additions {
  const outputs: Addition<string>[] = [];
  const fields: Addition<ExtraField>[] = [];
  let suggests = false;
  for (const [at, entry] of entries.entries()) {
    const { match, extraOutput, extraFields, suggestedOutput } = entry;
    if (match?.source && match.source !== rule.source) continue;
    if (match?.rule && match.rule !== rule.name) continue;
    if (match?.tags?.some((tag) => !rule.tags.includes(tag))) continue;
    const from = (key: string) => entry.from ?? `append_output[${at}].${key}`;
    if (extraOutput) outputs.push({ value: extraOutput, from: from("extra_output") });
    if (suggestedOutput) {
      const suggested = SUGGESTED[rule.source] ?? [];
      suggests ||= suggested.length > 0;
      for (const field of [...statics, ...suggested]) {
        outputs.push({
          value: `${field.replaceAll(".", "_")}=%${field}`,
          from: from("suggested_output"),
        });
      }
    }
    for (const [number, value] of (extraFields ?? []).entries()) {
      fields.push({ value, from: from(`extra_fields[${number}]`) });
    }
  }
  return { outputs, fields, suggests };
}
