// Stage 1 of the import: the text of a file becomes Sigma rules.
// In: text. Out: rules with their parts typed, and what is wrong with those that are none.
// Elsewhere: the condition's grammar (condition.ts), what selections mean (selection.ts).

import { parseAllDocuments } from "yaml";

export interface SigmaRule {
  readonly title: string;
  readonly id?: string;
  readonly status?: string;
  readonly description?: string;
  readonly author?: string;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly falsePositives: readonly string[];
  readonly level?: string;
  readonly logsource: Readonly<Partial<Record<"product" | "category" | "service", string>>>;
  /** selections by name */
  readonly selections: ReadonlyMap<string, unknown>;
  /** several are alternatives */
  readonly conditions: readonly string[];
}

export interface Unconverted {
  readonly title: string;
  readonly reason: string;
}

/** A rule is a page or two. */
export const MAX_SIGMA_BYTES = 1_000_000;
const MAX_ALIASES = 100;
const MAX_DOCUMENTS = 1000;

export function readSigma(text: string, name: string): { rules: SigmaRule[]; unread: Unconverted[] } {
  const rules: SigmaRule[] = [];
  const unread: Unconverted[] = [];
  if (text.length > MAX_SIGMA_BYTES) {
    return { rules, unread: [{ title: name, reason: `the file has more than ${MAX_SIGMA_BYTES} bytes` }] };
  }
  const documents = parseAllDocuments(text);
  for (const document of [...documents].slice(0, MAX_DOCUMENTS)) {
    if (document.errors.length > 0) {
      unread.push({ title: name, reason: `it is not YAML: ${document.errors[0]!.message.split("\n")[0]}` });
      continue;
    }
    try {
      const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
      const rule = ruleOf(value);
      const title = isMap(value) ? textOf(value.title) ?? name : name;
      if (typeof rule === "string") unread.push({ title, reason: rule });
      else rules.push(rule);
    } catch (error) {
      unread.push({ title: name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { rules, unread };
}

function ruleOf(value: unknown): SigmaRule | string {
  if (!isMap(value)) return "it is no Sigma rule: a mapping is expected";
  if (value.action !== undefined) return "collections by `action` are not part of Sigma any more";
  if (value.correlation !== undefined) return "correlations of several rules are not converted";
  const title = textOf(value.title);
  if (title === undefined) return "it has no `title`";
  if (!isMap(value.logsource) || !isMap(value.detection)) {
    return `it has no \`logsource\` or no \`detection\``;
  }
  const { condition, timeframe, ...selections } = value.detection;
  if (timeframe !== undefined) return "`timeframe` counts events over time";
  const conditions = listOf(condition);
  if (conditions.length === 0) return "its `detection` has no `condition`";
  const { product, category, service } = value.logsource;
  return {
    title,
    references: listOf(value.references),
    tags: listOf(value.tags),
    falsePositives: listOf(value.falsepositives),
    logsource: {
      ...optional("product", product),
      ...optional("category", category),
      ...optional("service", service),
    },
    ...optional("id", value.id),
    ...optional("status", value.status),
    ...optional("description", value.description),
    ...optional("author", value.author),
    ...optional("level", value.level),
    selections: new Map(Object.entries(selections)),
    conditions,
  };
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function optional<K extends string>(key: K, value: unknown): Partial<Record<K, string>> {
  const text = textOf(value);
  return text === undefined ? {} : { [key]: text } as Record<K, string>;
}

function listOf(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((item) => textOf(item) ?? []);
}
