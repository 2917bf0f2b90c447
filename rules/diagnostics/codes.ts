// Every diagnostic that loading rules can give: our id, Falco's code for the same, title, severity.
// In: nothing. Out: CODES. Elsewhere: the words of one occurrence (where it is found), how it is printed
// (render.ts).

export type Severity = "error" | "warning" | "info";

export interface CodeInfo {
  /** as Falco calls it; where Falco has nothing of the kind, the nearest of its codes */
  readonly falco: FalcoCode;
  readonly severity: Severity;
  readonly title: string;
  /** given only when it is asked for */
  readonly quiet?: true;
}

export type FalcoCode =
  | "LOAD_ERR_FILE_READ"
  | "LOAD_ERR_YAML_PARSE"
  | "LOAD_ERR_YAML_VALIDATE"
  | "LOAD_ERR_COMPILE_CONDITION"
  | "LOAD_ERR_COMPILE_OUTPUT"
  | "LOAD_ERR_VALIDATE"
  | "LOAD_UNKNOWN_SOURCE"
  | "LOAD_UNSAFE_NA_CHECK"
  | "LOAD_NO_EVTTYPE"
  | "LOAD_UNKNOWN_FILTER"
  | "LOAD_UNUSED_MACRO"
  | "LOAD_UNUSED_LIST"
  | "LOAD_UNKNOWN_ITEM"
  | "LOAD_DEPRECATED_ITEM"
  | "LOAD_APPEND_NO_VALUES"
  | "LOAD_EXCEPTION_NAME_NOT_UNIQUE"
  | "LOAD_INVALID_MACRO_NAME"
  | "LOAD_INVALID_LIST_NAME"
  | "LOAD_COMPILE_CONDITION"
  | "LOAD_UNKNOWN_KEY";

function error(falco: FalcoCode, title: string): CodeInfo {
  return { falco, severity: "error", title };
}

function warning(falco: FalcoCode, title: string): CodeInfo {
  return { falco, severity: "warning", title };
}

export const CODES = {
  "too-many-findings": error("LOAD_ERR_VALIDATE", "there is more than can be shown"),
  "file-unreadable": error("LOAD_ERR_FILE_READ", "the file cannot be read"),

  "yaml-syntax": error("LOAD_ERR_YAML_PARSE", "the file is not valid YAML"),
  "yaml-too-large": error("LOAD_ERR_YAML_PARSE", "the YAML is nested too deeply or expands to too much"),
  "yaml-unknown-alias": error("LOAD_ERR_YAML_PARSE", "an alias refers to nothing"),
  "yaml-alias-loop": error("LOAD_ERR_YAML_PARSE", "an alias refers to a node that it is part of"),
  "yaml-duplicate-key": warning("LOAD_UNKNOWN_KEY", "a key appears twice in one mapping"),

  "not-a-sequence": error("LOAD_ERR_YAML_VALIDATE", "a rules file is a sequence of mappings"),
  "not-a-mapping": error("LOAD_ERR_YAML_VALIDATE", "an item is not a mapping"),
  "wrong-type": error("LOAD_ERR_YAML_VALIDATE", "a value has the wrong type"),
  "missing-key": error("LOAD_ERR_YAML_VALIDATE", "an item lacks a key"),
  "empty-value": error("LOAD_ERR_YAML_VALIDATE", "a key has no value"),
  "invalid-priority": error("LOAD_ERR_YAML_VALIDATE", "a priority is none of the eight"),
  "invalid-override": error("LOAD_ERR_YAML_VALIDATE", "an override does not fit its item"),
  "invalid-version": error("LOAD_ERR_YAML_VALIDATE", "a version cannot be read"),

  "engine-version": error("LOAD_ERR_VALIDATE", "the rules need another engine version"),
  "plugin-version": error("LOAD_ERR_VALIDATE", "the rules need a plugin that is not there"),
  "nothing-to-append": error("LOAD_ERR_VALIDATE", "an appended rule changes nothing"),
  "nothing-to-append-to": error("LOAD_ERR_VALIDATE", "an item changes one that does not exist"),
  "source-conflict": error("LOAD_ERR_VALIDATE", "a rule changes its source"),
  "invalid-exception": error("LOAD_ERR_VALIDATE", "an exception is not well formed"),
  "undefined-macro": error("LOAD_ERR_VALIDATE", "a macro is not defined"),
  "macro-loop": error("LOAD_ERR_VALIDATE", "a macro refers to itself"),
  "too-complex": error("LOAD_ERR_VALIDATE", "a condition expands to too much"),

  "condition-syntax": error("LOAD_ERR_COMPILE_CONDITION", "the condition cannot be read"),
  "condition-too-deep": error("LOAD_ERR_COMPILE_CONDITION", "the condition is nested too deeply"),
  "unknown-field": error("LOAD_ERR_COMPILE_CONDITION", "the field does not exist"),
  "field-argument": error("LOAD_ERR_COMPILE_CONDITION", "the field's argument is wrong or missing"),
  "operator-type": error("LOAD_ERR_COMPILE_CONDITION", "the operator does not fit the field's type"),
  "transformer-type": error("LOAD_ERR_COMPILE_CONDITION", "the transformer does not fit its operand"),
  "invalid-value": error("LOAD_ERR_COMPILE_CONDITION", "the value does not fit the field's type"),
  "invalid-regex": error("LOAD_ERR_COMPILE_CONDITION", "the regular expression cannot be compiled"),
  "unknown-event-type": error("LOAD_ERR_COMPILE_CONDITION", "there is no such event type"),
  "field-comparison": error("LOAD_ERR_COMPILE_CONDITION", "the two sides cannot be compared"),

  "output-syntax": error("LOAD_ERR_COMPILE_OUTPUT", "the output cannot be read"),
  "unknown-output-field": error("LOAD_ERR_COMPILE_OUTPUT", "the output uses a field that does not exist"),
  "filter-only-field": error("LOAD_ERR_COMPILE_OUTPUT", "the output uses a field that cannot be printed"),

  "unknown-source": warning("LOAD_UNKNOWN_SOURCE", "no such event source: its rules are left out"),
  "unsafe-na-check": warning("LOAD_UNSAFE_NA_CHECK", "<NA> is compared as if it were a value"),
  "no-event-type": warning("LOAD_NO_EVTTYPE", "the condition runs on every event"),
  "skipped-unknown": warning("LOAD_UNKNOWN_FILTER", "the rule is left out: it uses something unknown"),
  "unused-macro": warning("LOAD_UNUSED_MACRO", "the macro is not used"),
  "unused-list": warning("LOAD_UNUSED_LIST", "the list is not used"),
  "unknown-item": warning("LOAD_UNKNOWN_ITEM", "the item is of no known kind"),
  "unknown-key": warning("LOAD_UNKNOWN_KEY", "the key means nothing here"),
  "invalid-ignore": warning("LOAD_UNKNOWN_ITEM", "a comment to ignore a warning has no effect"),
  "deprecated": warning("LOAD_DEPRECATED_ITEM", "something deprecated is used"),
  "exception-without-values": warning("LOAD_APPEND_NO_VALUES", "an appended exception has no values"),
  "exception-name-twice": warning("LOAD_EXCEPTION_NAME_NOT_UNIQUE", "two exceptions of a rule share a name"),
  "invalid-macro-name": warning("LOAD_INVALID_MACRO_NAME", "a condition cannot name this macro"),
  "invalid-list-name": warning("LOAD_INVALID_LIST_NAME", "a condition cannot name this list"),
  "field-as-value": warning("LOAD_COMPILE_CONDITION", "a text on the right looks like a field"),
  "unknown-list": warning("LOAD_COMPILE_CONDITION", "a word looks like a list that does not exist"),
  "append-precedence": warning(
    "LOAD_COMPILE_CONDITION",
    "an appended condition binds otherwise than it seems",
  ),
  "shadowed-rule": warning("LOAD_COMPILE_CONDITION", "an earlier rule always matches first"),
  "simpler-operator": warning("LOAD_COMPILE_CONDITION", "a simpler operator would do"),
  "never-true": warning("LOAD_COMPILE_CONDITION", "the condition, or a part of it, is false on every event"),
  "always-true": warning("LOAD_COMPILE_CONDITION", "a part of the condition restricts nothing"),
  "impossible-value": warning("LOAD_COMPILE_CONDITION", "the field never has this value"),
  "missing-inequality": warning("LOAD_COMPILE_CONDITION", "`!=` is false where the field is missing"),
  "unreachable-exception": warning("LOAD_COMPILE_CONDITION", "an exception never applies"),
  "value-out-of-range": warning("LOAD_COMPILE_CONDITION", "the number does not fit the field"),
  "field-without-value": {
    falco: "LOAD_COMPILE_CONDITION",
    severity: "info",
    title: "the field never has a value yet",
    quiet: true,
  },
} as const satisfies Record<string, CodeInfo>;

export type DiagnosticCode = keyof typeof CODES;

/** Warnings of which Falco has none of the kind. */
export const BEYOND_FALCO: readonly DiagnosticCode[] = [
  "yaml-duplicate-key",
  "unknown-list",
  "append-precedence",
  "shadowed-rule",
  "invalid-ignore",
  "never-true",
  "always-true",
  "impossible-value",
  "missing-inequality",
  "unreachable-exception",
  "value-out-of-range",
  "field-without-value",
];

export function codeInfo(code: DiagnosticCode): CodeInfo {
  return CODES[code];
}

/** Falco's own short title of its code. */
export const FALCO_TITLES: Readonly<Record<FalcoCode, string>> = {
  LOAD_ERR_FILE_READ: "File read error",
  LOAD_ERR_YAML_PARSE: "YAML parse error",
  LOAD_ERR_YAML_VALIDATE: "Error validating internal structure of YAML file",
  LOAD_ERR_COMPILE_CONDITION: "Error compiling condition",
  LOAD_ERR_COMPILE_OUTPUT: "Error compiling output",
  LOAD_ERR_VALIDATE: "Error validating rule/macro/list/exception objects",
  LOAD_UNKNOWN_SOURCE: "Unknown event source",
  LOAD_UNSAFE_NA_CHECK: "Unsafe <NA> comparison in condition",
  LOAD_NO_EVTTYPE: "Condition has no event-type restriction",
  LOAD_UNKNOWN_FILTER: "Unknown field or event-type in condition or output",
  LOAD_UNUSED_MACRO: "Unused macro",
  LOAD_UNUSED_LIST: "Unused list",
  LOAD_UNKNOWN_ITEM: "Unknown rules file item",
  LOAD_DEPRECATED_ITEM: "Used deprecated item",
  LOAD_APPEND_NO_VALUES: "Overriding/appending with no values",
  LOAD_EXCEPTION_NAME_NOT_UNIQUE: "Multiple exceptions defined with the same name",
  LOAD_INVALID_MACRO_NAME: "Invalid macro name",
  LOAD_INVALID_LIST_NAME: "Invalid list name",
  LOAD_COMPILE_CONDITION: "Warning in rule condition",
  LOAD_UNKNOWN_KEY: "Unknown key in item definition",
};
