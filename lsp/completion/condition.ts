// What may follow in a condition or an output.
// In: its text up to the cursor, the project. Out: suggestions, and how much of the text they take the place of.
// Elsewhere: reading the text (model/), what is known of fields (knowledge/).

import { DOTTED, MODIFIERS, operatorsOf, TRANSFORMERS } from "../../rules/mod.ts";
import { EVENTS, type FieldDef } from "../../schema/mod.ts";
import { fieldNamed, fieldText, suggestedFields } from "../knowledge/field_words.ts";
import { valuesOf } from "../knowledge/field_values.ts";
import { MODIFIER_WORDS, OPERATOR_WORDS, TRANSFORMER_WORDS } from "../knowledge/operator_words.ts";
import { conditionTokens, type Expected } from "../model/condition_tokens.ts";
import type { Project } from "../model/project.ts";
import { KIND, type Suggestion } from "./suggestion.ts";

export interface Place {
  readonly project: Project;
  /** event source of the rule */
  readonly source: string;
}

export interface Suggestions {
  readonly suggestions: readonly Suggestion[];
  /** characters before the cursor that they take the place of */
  readonly replaced: number;
}

export function conditionSuggestions(text: string, place: Place): Suggestions {
  // what an argument may be, its field's words say
  if (/\w\[[^\]\s]*$/.test(text)) return { suggestions: [], replaced: 0 };
  const prefix = /(?:[<>!]|[a-zA-Z0-9_./-]*)$/.exec(text)![0];
  const before = text.slice(0, text.length - prefix.length);
  const { expected, field, operator } = conditionTokens(before);
  return { suggestions: suggest(expected, place, field, operator), replaced: prefix.length };
}

function suggest(expected: Expected, place: Place, field?: string, operator?: string): Suggestion[] {
  switch (expected) {
    case "operand":
      return [
        ...fieldSuggestions(place, false),
        ...macros(place.project),
        ...transformers(),
        { label: "not", kind: KIND.Keyword, rank: 3 },
      ];
    case "operator":
      return operators(field, place);
    case "value":
      if (operator === "in" || operator === "intersects" || operator === "pmatch") {
        return lists(place.project, (name) => `(${name})`);
      }
      return [...values(field), ...modifiers(operator), ...transformers(), valOf()];
    case "item":
      return [...values(field), ...lists(place.project, (name) => name)];
    case "argument":
      return [...fieldSuggestions(place, false), ...transformers()];
    case "logic":
      return ["and", "or"].map((label) => ({ label, kind: KIND.Keyword }));
  }
}

/** After a percent sign, or nothing. */
export function outputSuggestions(text: string, place: Place): Suggestions {
  const open = /%\d*([a-zA-Z0-9_.]*)$/.exec(text) ?? /%\d*[a-zA-Z0-9_]+\([^)%]*?([a-zA-Z0-9_.]*)$/.exec(text);
  if (open === null) return { suggestions: [], replaced: 0 };
  const suggestions = [...fieldSuggestions(place, true), ...transformers()];
  return { suggestions, replaced: open[1]!.length };
}

export function fieldSuggestions({ project, source }: Place, forOutput: boolean): Suggestion[] {
  const fields = suggestedFields(project.env.fields, source);
  return fields
    .filter(({ filterOnly, printOnly }) => forOutput ? !filterOnly : !printOnly)
    .flatMap((field) => [...plainField(field), ...dottedFields(field)]);
}

function plainField(field: FieldDef): Suggestion[] {
  const needsDot = DOTTED.includes(field.name);
  if (needsDot && field.arg === "required") return [];
  const argument = field.arg === "required" && !needsDot;
  return [{
    label: argument ? `${field.name}[…]` : field.name,
    kind: KIND.Field,
    detail: field.type,
    text: fieldText(field.name, field),
    rank: 1,
    ...(argument ? { snippet: `${field.name}[$1]$0` } : {}),
  }];
}

const PARAMETERS = [...new Set(EVENTS.flatMap(({ params }) => params.map(({ name }) => name)))];

/** Arguments that follow a dot. */
function dottedFields(field: FieldDef): Suggestion[] {
  const names = field.name === "evt.arg" || field.name === "evt.rawarg"
    ? PARAMETERS
    : field.name === "evt.type.is"
    ? [...new Set(EVENTS.map(({ name }) => name))]
    : field.name === "evt.abspath"
    ? ["src", "dst"]
    : [];
  return names.map((name) => ({
    label: `${field.name}.${name}`,
    kind: KIND.Field,
    detail: field.type,
    text: field.summary,
    rank: 2,
  }));
}

function operators(field: string | undefined, { project }: Place): Suggestion[] {
  const found = field === undefined ? undefined : fieldNamed(field, project.env.fields);
  const names = found === undefined ? operatorsOf("string", false) : operatorsOf(found.type, found.list);
  return names.map((label, at) => ({
    label,
    kind: KIND.Operator,
    text: OPERATOR_WORDS[label as keyof typeof OPERATOR_WORDS],
    rank: at,
    ...(["in", "intersects", "pmatch"].includes(label) ? { snippet: `${label} ($1)$0` } : {}),
  }));
}

function modifiers(operator: string | undefined): Suggestion[] {
  if (operator === undefined || /^[<>]/.test(operator)) return [];
  return MODIFIERS.map((label) => ({
    label,
    kind: KIND.Keyword,
    text: MODIFIER_WORDS[label],
    snippet: `${label} ($1)$0`,
    rank: 8,
  }));
}

function values(field: string | undefined): Suggestion[] {
  return field === undefined ? [] : valuesOf(field).map(({ value, detail }, at) => ({
    label: value,
    kind: KIND.EnumMember,
    detail,
    rank: at,
  }));
}

function macros(project: Project): Suggestion[] {
  return [...project.definitions("macro")].map(([label, { item }]) => {
    const condition = item.map.entries.get("condition")?.value;
    const text = condition?.kind === "scalar" ? condition.value.slice(0, 1000) : "";
    return { label, kind: KIND.Function, detail: "macro", text: "```\n" + text + "\n```", rank: 0 };
  });
}

export function lists(project: Project, form: (name: string) => string): Suggestion[] {
  return [...project.definitions("list").keys()].map((name) => ({
    label: name,
    kind: KIND.Variable,
    detail: "list",
    rank: 900,
    ...(form(name) === name ? {} : { snippet: form(name) }),
  }));
}

function transformers(): Suggestion[] {
  return TRANSFORMERS.map((name) => ({
    label: `${name}(…)`,
    kind: KIND.Function,
    detail: "transformer",
    text: TRANSFORMER_WORDS[name],
    snippet: `${name}($1)$0`,
    rank: 3,
  }));
}

function valOf(): Suggestion {
  return {
    label: "val(…)",
    kind: KIND.Function,
    detail: "the value of another field",
    snippet: "val($1)$0",
    rank: 9,
  };
}
