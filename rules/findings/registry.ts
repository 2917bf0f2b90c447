// Every kind of finding about rules. Codes, documentation, SARIF, JSON and tests come from this list.
// In: the definitions, a file each. Out: FINDINGS in the order of the documentation, and by code.
// Elsewhere: one occurrence (rules/diagnostics/), what finds it (the stages, rules/lint/).

import type { Finding } from "./define.ts";
import alwaysTrue from "./always_true.ts";
import appendPrecedence from "./append_precedence.ts";
import conditionSyntax from "./condition_syntax.ts";
import conditionTooDeep from "./condition_too_deep.ts";
import definedTwice from "./defined_twice.ts";
import deprecated from "./deprecated.ts";
import emptyValue from "./empty_value.ts";
import engineVersion from "./engine_version.ts";
import exceptionNameTwice from "./exception_name_twice.ts";
import exceptionWithoutValues from "./exception_without_values.ts";
import fieldArgument from "./field_argument.ts";
import fieldAsValue from "./field_as_value.ts";
import fieldComparison from "./field_comparison.ts";
import fieldWithoutValue from "./field_without_value.ts";
import fileUnreadable from "./file_unreadable.ts";
import filterOnlyField from "./filter_only_field.ts";
import highVolumeCall from "./high_volume_call.ts";
import ignoredTag from "./ignored_tag.ts";
import impossibleValue from "./impossible_value.ts";
import ineffectiveOverride from "./ineffective_override.ts";
import invalidException from "./invalid_exception.ts";
import invalidIgnore from "./invalid_ignore.ts";
import invalidListName from "./invalid_list_name.ts";
import invalidMacroName from "./invalid_macro_name.ts";
import invalidOverride from "./invalid_override.ts";
import invalidPriority from "./invalid_priority.ts";
import invalidRegex from "./invalid_regex.ts";
import invalidTest from "./invalid_test.ts";
import invalidValue from "./invalid_value.ts";
import invalidVersion from "./invalid_version.ts";
import literalField from "./literal_field.ts";
import literalGlob from "./literal_glob.ts";
import macroLoop from "./macro_loop.ts";
import missingInequality from "./missing_inequality.ts";
import missingKey from "./missing_key.ts";
import mistakeInUnusedMacro from "./mistake_in_unused_macro.ts";
import neverTrue from "./never_true.ts";
import noEventType from "./no_event_type.ts";
import notAMapping from "./not_a_mapping.ts";
import notASequence from "./not_a_sequence.ts";
import nothingToAppend from "./nothing_to_append.ts";
import nothingToAppendTo from "./nothing_to_append_to.ts";
import oddCharacter from "./odd_character.ts";
import operatorType from "./operator_type.ts";
import otherCall from "./other_call.ts";
import outputSyntax from "./output_syntax.ts";
import outputWithoutValue from "./output_without_value.ts";
import pluginVersion from "./plugin_version.ts";
import redundantException from "./redundant_exception.ts";
import reservedName from "./reserved_name.ts";
import shadowedRule from "./shadowed_rule.ts";
import simplerOperator from "./simpler_operator.ts";
import skippedUnknown from "./skipped_unknown.ts";
import sourceConflict from "./source_conflict.ts";
import tooComplex from "./too_complex.ts";
import tooManyFindings from "./too_many_findings.ts";
import transformerType from "./transformer_type.ts";
import undefinedMacro from "./undefined_macro.ts";
import unknownEventType from "./unknown_event_type.ts";
import unknownExceptionKey from "./unknown_exception_key.ts";
import unknownField from "./unknown_field.ts";
import unknownItem from "./unknown_item.ts";
import unknownKey from "./unknown_key.ts";
import unknownList from "./unknown_list.ts";
import unknownOutputField from "./unknown_output_field.ts";
import unknownSource from "./unknown_source.ts";
import unreachableException from "./unreachable_exception.ts";
import unsafeNaCheck from "./unsafe_na_check.ts";
import unusedList from "./unused_list.ts";
import unusedMacro from "./unused_macro.ts";
import valueOutOfRange from "./value_out_of_range.ts";
import wrongType from "./wrong_type.ts";
import yamlAliasLoop from "./yaml_alias_loop.ts";
import yamlDuplicateKey from "./yaml_duplicate_key.ts";
import yamlSyntax from "./yaml_syntax.ts";
import yamlTooLarge from "./yaml_too_large.ts";
import yamlUnknownAlias from "./yaml_unknown_alias.ts";

export const FINDINGS = [
  tooManyFindings,
  fileUnreadable,
  yamlSyntax,
  yamlTooLarge,
  yamlUnknownAlias,
  yamlAliasLoop,
  yamlDuplicateKey,
  notASequence,
  notAMapping,
  wrongType,
  missingKey,
  emptyValue,
  invalidPriority,
  invalidOverride,
  invalidVersion,
  engineVersion,
  pluginVersion,
  nothingToAppend,
  nothingToAppendTo,
  sourceConflict,
  ineffectiveOverride,
  invalidException,
  undefinedMacro,
  macroLoop,
  tooComplex,
  conditionSyntax,
  conditionTooDeep,
  unknownField,
  fieldArgument,
  operatorType,
  transformerType,
  invalidValue,
  invalidRegex,
  unknownEventType,
  fieldComparison,
  outputSyntax,
  unknownOutputField,
  filterOnlyField,
  unknownSource,
  unsafeNaCheck,
  noEventType,
  skippedUnknown,
  unusedMacro,
  unusedList,
  unknownItem,
  unknownKey,
  invalidIgnore,
  deprecated,
  exceptionWithoutValues,
  exceptionNameTwice,
  invalidMacroName,
  invalidListName,
  reservedName,
  fieldAsValue,
  unknownList,
  appendPrecedence,
  shadowedRule,
  simplerOperator,
  neverTrue,
  alwaysTrue,
  ignoredTag,
  impossibleValue,
  missingInequality,
  unreachableException,
  redundantException,
  mistakeInUnusedMacro,
  literalField,
  literalGlob,
  otherCall,
  highVolumeCall,
  outputWithoutValue,
  definedTwice,
  unknownExceptionKey,
  oddCharacter,
  valueOutOfRange,
  fieldWithoutValue,
  invalidTest,
] as const satisfies readonly Finding[];

export type DiagnosticCode = typeof FINDINGS[number]["code"];

/** All codes, in the order of the documentation. */
export const CODES: readonly DiagnosticCode[] = FINDINGS.map(({ code }) => code);

const byCode = new Map<string, Finding>(FINDINGS.map((finding) => [finding.code, finding]));

export function findingOf(code: DiagnosticCode): Finding {
  return byCode.get(code)!;
}
