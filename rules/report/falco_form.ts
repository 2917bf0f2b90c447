// Findings in the form of Falco's own validation, for what reads that: `falco -V`, with or without JSON.
// In: sources and findings. Out: one result for each file, its text, its JSON. Elsewhere: which item of the file a
// finding is about (falco_context.ts), Falco's words (falco_words.ts), the form for people (render.ts).
//
// Falco stops at the first mistake of a file; here all of them are in `errors`, in the order of the file. What Falco
// has no warning for is left out: `falco check` gives it.

import { schemaMisfits } from "../schema/misfits.ts";
import { rulesSchema } from "../schema/rules_schema.ts";
import type { Source } from "../text/span.ts";
import { FALCO_TITLES } from "../findings/falco_codes.ts";
import { findingOf } from "../findings/registry.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { type FalcoContext, FileContexts } from "./falco_context.ts";
import { DEPRECATED_FIELDS, FALCO_DESCRIPTIONS, falcoMessage } from "./falco_words.ts";

export interface FalcoResult {
  readonly name: string;
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** what does not fit the schema; none when the file is no YAML, to which the schema says nothing */
  readonly schemaWarnings?: readonly string[];
}

interface Finding {
  readonly code: string;
  readonly title: string;
  readonly description: string;
  readonly message: string;
  readonly context: FalcoContext;
  readonly deprecatedField?: string;
}

/** The schema says the same of each item when a file is none of rules. */
const MAX_SCHEMA_WARNINGS = 1000;

/** One result for each source, in the same order; then one for each setting that something is wrong with. */
export function falcoResults(files: readonly Source[], diagnostics: readonly Diagnostic[]): FalcoResult[] {
  const others = diagnostics.flatMap(({ span }) =>
    span === undefined || files.includes(span.source) ? [] : [span.source]
  );
  const schema = rulesSchema();
  return [...files, ...new Set(others)].map((source) => {
    const contexts = new FileContexts(source);
    const own = diagnostics.filter(({ span, path }) =>
      span === undefined ? path === source.path : span.source === source
    );
    const of = (severity: Diagnostic["severity"]) =>
      own.filter((found) => found.severity === severity && findingOf(found.code).beyondFalco !== true)
        .map((found) => resultOf(found, contexts));
    const isYaml = !own.some(({ code }) => findingOf(code).falco === "LOAD_ERR_YAML_PARSE");
    const misfits = () => contexts.documents.flatMap((document) => schemaMisfits(schema, document));
    return {
      name: source.path,
      errors: of("error"),
      warnings: of("warning"),
      ...(isYaml && files.includes(source)
        ? { schemaWarnings: misfits().slice(0, MAX_SCHEMA_WARNINGS) }
        : {}),
    };
  });
}

function resultOf(diagnostic: Diagnostic, contexts: FileContexts): Finding {
  const { span } = diagnostic;
  const context = contexts.of(diagnostic);
  // Falco looks at the fields of exceptions before it compiles conditions
  const ofException = context.locations.some(({ item_type }) => item_type === "exception");
  const code = diagnostic.code === "unknown-field" && ofException
    ? "LOAD_ERR_VALIDATE"
    : findingOf(diagnostic.code).falco;
  const text = span?.source.text.slice(span.start, span.end);
  const field = diagnostic.code === "deprecated"
    ? DEPRECATED_FIELDS.find((name) => name === text)
    : undefined;
  return {
    code,
    title: FALCO_TITLES[code],
    description: FALCO_DESCRIPTIONS[code] ?? FALCO_TITLES[code],
    message: falcoMessage(diagnostic),
    context,
    ...(field === undefined ? {} : { deprecatedField: field }),
  };
}

/** The block of one file; errors and warnings end with a line break, "Ok" does not, as in Falco. */
export function falcoText({ name, errors, warnings, schemaWarnings = [] }: FalcoResult): string {
  const verdict = errors.length > 0 ? "Invalid" : warnings.length > 0 ? "Ok, with warnings" : "Ok";
  const section = (what: string, findings: readonly Finding[]) =>
    findings.length === 0 ? "" : `\n${findings.length} ${what}:\n${findings.map(findingText).join("")}`;
  const schema = schemaWarnings.length === 0
    ? ""
    : `\n${schemaWarnings.length} Schema warnings:\n${
      schemaWarnings.map((line) => `------\n${line}\n`).join("")
    }------\n`;
  return `${name}: ${verdict}${schema}${section("Errors", errors)}${section("Warnings", warnings)}`;
}

function findingText({ code, title, message, context }: Finding): string {
  const places = context.locations.map(({ item_type, item_name, position }, at) => {
    const item = item_name === "" ? item_type : `${item_type} '${item_name}'`;
    return `${at === 0 ? "In " : "    "}${item}: (${position.name}:${position.line}:${position.column})\n`;
  });
  return `${places.join("")}------\n${context.snippet}------\n${code} (${title}): ${message}\n`;
}

/** Keys in the order of the alphabet, as Falco prints them. */
export function falcoJson(result: FalcoResult): Record<string, unknown> {
  const { name, errors, warnings, schemaWarnings } = result;
  return {
    errors: errors.map((finding) => ({
      code: finding.code,
      codedesc: finding.title,
      context: finding.context,
      message: finding.message,
    })),
    name,
    ...(schemaWarnings === undefined
      ? {}
      : { schema_valid: schemaWarnings.length === 0, schema_warnings: schemaWarnings }),
    successful: errors.length === 0,
    warnings: warnings.map((finding) => ({
      code: finding.code,
      codedesc: finding.description,
      context: finding.context,
      ...(finding.deprecatedField === undefined ? {} : { deprecated_field: finding.deprecatedField }),
      message: finding.message,
    })),
  };
}
