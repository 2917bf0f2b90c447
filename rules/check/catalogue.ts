// What a field's name in a condition or an output stands for.
// In: a name with what is in its brackets. Out: the field of the catalogue, its argument and its type.
// Elsewhere: the catalogue itself (schema/fields.ts), operators and values (check.ts).
//
// Most arguments stand in brackets. A few fields take them after a dot: evt.arg.flags, evt.rawarg.fd,
// evt.type.is.open, evt.abspath.src, thread.cgroup.memory.

import {
  EVENTS,
  eventsNamed,
  fieldByName,
  type FieldDef,
  FIELDS,
  type FieldType,
  rawArgType,
} from "../../schema/mod.ts";
import { didYouMean } from "../../base/mod.ts";
import type { DiagnosticCode } from "../findings/registry.ts";
import { isOfSource } from "./field_sources.ts";
import { fieldMeantBy } from "./other_fields.ts";
import type { FieldUse } from "../syntax/ast.ts";

export interface ResolvedField {
  readonly field: FieldDef;
  readonly arg?: string | number;
  readonly type: FieldType;
}

export interface FieldProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly notes?: readonly string[];
  /** computed when it is shown: names are also tried that need not be fields */
  readonly hint?: () => string | undefined;
}

export const DOTTED = ["evt.arg", "evt.rawarg", "evt.type.is", "evt.abspath", "thread.cgroup"];

const paramNames = new Set(EVENTS.flatMap((event) => event.params.map((param) => param.name)));

/** The fields that rules may name: those of the catalogue, and those of the configuration. */
export class FieldCatalogue {
  readonly #bySource = new Map<string, FieldCatalogue>();
  #names: readonly string[] | undefined;

  /**
   * @param configured by name: fields of the configuration, such as `static.site`
   * @param source the one whose rules get suggestions
   */
  constructor(
    readonly configured: ReadonlyMap<string, FieldDef> = new Map(),
    readonly source?: string,
  ) {}

  /** The same fields, of which only those of a source are suggested. */
  forSource(source: string): FieldCatalogue {
    let catalogue = this.#bySource.get(source);
    if (catalogue === undefined) {
      this.#bySource.set(source, catalogue = new FieldCatalogue(this.configured, source));
    }
    return catalogue;
  }

  /** Of fields that may be suggested. */
  names(): readonly string[] {
    const { source } = this;
    return this.#names ??= [...FIELDS, ...this.configured.values()]
      .filter((field) =>
        !field.hidden && !field.deprecated && (source === undefined || isOfSource(field, source))
      )
      .map((field) => field.name);
  }

  resolve(name: string, arg: string | undefined): ResolvedField | FieldProblem {
    const field = fieldByName(name) ?? this.configured.get(name);
    if (field !== undefined) return withArgument(field, arg);
    const stem = DOTTED.find((candidate) => name.startsWith(`${candidate}.`));
    const dotted = stem === undefined ? undefined : fieldByName(stem);
    if (dotted === undefined) return this.#unknown(name);
    if (arg !== undefined) return argumentProblem(dotted, `\`${name}\` takes no argument in brackets`);
    return withDottedArgument(dotted, name.slice(dotted.name.length + 1));
  }

  /** Whether a text is the name of a field, argument included. */
  isField(text: string): boolean {
    const match = /^([a-zA-Z][a-zA-Z0-9_]*(?:\.[a-zA-Z][a-zA-Z0-9_]*)+)(?:\[([^\][]+)\])?$/.exec(text);
    return match !== null && "field" in this.resolve(match[1]!, match[2]);
  }

  /** For a field that nothing is compared with. */
  hintForBareField({ name, arg }: FieldUse): string | undefined {
    const found = this.resolve(name, arg);
    if ("code" in found) return found.hint?.();
    return found.type === "bool"
      ? `write \`${name} = true\``
      : `compare it, as in \`${name} = …\`, or write \`${name} exists\``;
  }

  /** Fields that a name without a dot may mean: those about the event and its process first. */
  fieldsNamed(name: string): readonly string[] {
    const lower = name.toLowerCase();
    const rank = (field: string) => {
      const at = COMMONEST.indexOf(field.slice(0, field.indexOf(".")));
      return (at < 0 ? COMMONEST.length : at) + 10 * field.split(".").length;
    };
    const names = this.names();
    const ofClass = names.filter((field) => field === `${lower}.name`);
    if (ofClass.length > 0) return ofClass;
    return names.filter((field) => field.endsWith(`.${lower}`)).sort((a, b) => rank(a) - rank(b));
  }

  #unknown(name: string): FieldProblem {
    return {
      code: "unknown-field",
      message: `there is no field \`${name}\``,
      hint: () =>
        name.startsWith("static.") && this.configured.size === 0
          ? `give it a value in \`static_fields\` of the configuration`
          : meantField(fieldMeantBy(name, this.names())) ?? whereToLook(name),
    };
  }
}

const COMMONEST = ["evt", "proc", "fd", "user", "container", "k8s", "ka"];

/** Loads and never has a value, since nothing extracts it. */
export function hasNoExtractor(field: FieldDef): boolean {
  return field.constant === undefined && field.fn === undefined && field.fnNamed === undefined &&
    field.fnWhole === undefined &&
    field.either === undefined;
}

function meantField(field: string | undefined): string | undefined {
  return field === undefined ? undefined : `did you mean \`${field}\`?`;
}

function whereToLook(name: string): string {
  const family = name.slice(0, name.indexOf(".") + 1);
  return FIELDS.some((field) => field.name.startsWith(family))
    ? `\`falco list fields '${family}*'\` lists all of them`
    : "`falco list fields` lists all of them";
}

function argumentProblem(field: FieldDef, message: string, hint?: string): FieldProblem {
  return {
    code: "field-argument",
    message,
    notes: [`\`${field.name}\`: ${field.summary}`],
    hint: () => hint,
  };
}

function withArgument(field: FieldDef, arg: string | undefined): ResolvedField | FieldProblem {
  if (arg === undefined) {
    if (field.arg !== "required") return { field, type: field.type };
    const example = DOTTED.includes(field.name) ? `${field.name}.NAME` : `${field.name}[…]`;
    return argumentProblem(field, `\`${field.name}\` needs an argument`, `write \`${example}\``);
  }
  if (field.arg === "none") return argumentProblem(field, `\`${field.name}\` takes no argument`);
  const number = /^[0-9]{1,9}$/.test(arg) ? Number(arg) : undefined;
  switch (field.argKind) {
    case "index":
    case "ancestor":
    case "fd":
      if (number !== undefined) return { field, type: field.type, arg: number };
      return argumentProblem(field, `the argument of \`${field.name}\` is a number, not \`${arg}\``);
    case "time":
      if (/^[0-9]{1,20}$/.test(arg)) return { field, type: field.type, arg };
      return argumentProblem(field, `the argument of \`${field.name}\` is a number, not \`${arg}\``);
    case "event":
      return argumentProblem(
        field,
        `the event of \`${field.name}\` is after a dot`,
        `write \`${field.name}.${arg}\``,
      );
    case "index or name":
    case "ancestor or name":
      if (number !== undefined) return { field, type: field.type, arg: number };
      if (!DOTTED.includes(field.name)) return { field, type: field.type, arg };
      return argumentProblem(
        field,
        `a name follows a dot; brackets are for numbers`,
        `write \`${field.name}.${arg}\``,
      );
    default:
      if (!DOTTED.includes(field.name)) return { field, type: field.type, arg };
      return argumentProblem(
        field,
        `a name follows a dot; brackets are for numbers`,
        `write \`${field.name}.${arg}\``,
      );
  }
}

function withDottedArgument(field: FieldDef, arg: string): ResolvedField | FieldProblem {
  switch (field.name) {
    case "evt.arg":
      return paramNames.has(arg) ? { field, type: field.type, arg } : unknownParameter(field, arg);
    case "evt.rawarg": {
      const type = rawArgType(arg);
      return type === undefined ? unknownParameter(field, arg) : { field, type, arg };
    }
    case "evt.type.is":
      if (eventsNamed(arg).length > 0) return { field, type: field.type, arg };
      return {
        code: "unknown-field",
        message: `there is no event \`${arg}\``,
        hint: () => didYouMean(arg, EVENTS.map((event) => event.name)),
      };
    case "evt.abspath":
      if (arg === "src" || arg === "dst") return { field, type: field.type, arg };
      return {
        code: "unknown-field",
        message: `there is no field \`${field.name}.${arg}\``,
        hint: () => `write \`${field.name}.src\` or \`${field.name}.dst\``,
      };
    default:
      return { field, type: field.type, arg };
  }
}

function unknownParameter(field: FieldDef, arg: string): FieldProblem {
  return {
    code: "unknown-field",
    message: `no event has a parameter \`${arg}\``,
    notes: [`\`${field.name}\`: ${field.summary}`],
    hint: () => didYouMean(arg, paramNames)?.replace("`", `\`${field.name}.`),
  };
}
