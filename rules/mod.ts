// The door of rules/: what other packages may use of it. What it is for: README.md.

export { DOTTED, FieldCatalogue, hasNoExtractor } from "./check/catalogue.ts";
export type { CheckedExpr, CheckedRule, OutputField, OutputTemplate } from "./check/checked.ts";
export { type Environment, environmentOf } from "./check/environment.ts";
export { isOfSource, SOURCES } from "./check/field_sources.ts";
export { operatorsOf, TYPE_NAMES } from "./check/operators.ts";
export { isElapsedTime } from "./check/written_times.ts";
export {
  type CompiledRule,
  type CompiledRules,
  type CompileOptions,
  compileRules,
  type SourceRules,
} from "./compile.ts";
export { type CompiledExplanation, compileExplanation } from "./compile_explanation.ts";
export { eventTypesOf } from "./check/event_types.ts";
export { conditionText } from "./describe/condition_text.ts";
export { type ConditionTree, conditionTree, type TreeLeaf } from "./describe/condition_tree.ts";
export { Describer, type MacroDescription, type RuleDescription } from "./describe/describe.ts";
export { additionsOf, placeOf, placeText } from "./describe/places.ts";
export { BUILT_IN_PLUGINS, type BuiltInPlugin } from "./describe/plugins.ts";
export { type Users, usesOf } from "./describe/uses.ts";
export { type Diagnostic, hasErrors, makeDiagnostic, Report } from "./diagnostics/diagnostic.ts";
export type { Edit, Fix } from "./diagnostics/fix.ts";
export type { CostPlan } from "./emit/costs.ts";
export type { CounterPlace, LeafPlan } from "./emit/leaf_counters.ts";
export { type Answers, type LeafCounts, leafCounts } from "./emit/leaf_counts.ts";
export { RESERVED } from "./expand/reserved_names.ts";
export { CODES, type DiagnosticCode, findingOf } from "./findings/registry.ts";
export { applyFixes, type FixedText } from "./fixes/apply_fixes.ts";
export { fixesOf } from "./fixes/fixes_of.ts";
export { soundFixes } from "./fixes/sound_fixes.ts";
export { ignoreFix } from "./fixes/ignore_fix.ts";
export { format, type Formatted } from "./format/format.ts";
export type { ListInfo, MacroInfo, RuleInfo } from "./items/collect.ts";
export { isSevereEnough, type RuleSelection, wildcard } from "./items/selection.ts";
export { type LoadOptions, type LoadResult, loadRules } from "./load.ts";
export { loadSoundRules, type SoundRules } from "./load_sound.ts";
export { Memory } from "./memory.ts";
export type { AppendOutput } from "./output/append_output.ts";
export { readSource } from "./read_source.ts";
export { falcoJson, type FalcoResult, falcoResults, falcoText } from "./report/falco_form.ts";
export { clauseText } from "./kernel_filter/clause_text.ts";
export { FD_KINDS, type FdKind } from "./kernel_filter/fd_kinds.ts";
export type { CallFilter, Demand, KernelFilter, OpenFilter } from "./kernel_filter/plan.ts";
export type { FilterTable } from "./kernel_filter/table.ts";
export { diagnosticJson, toJson } from "./report/json.ts";
export { renderDiagnostics } from "./report/render.ts";
export { toSarif } from "./report/sarif.ts";
export { summarize, type Summary, summaryLine } from "./report/summary.ts";
export { suppressible, whyNotSuppressible } from "./report/suppressions.ts";
export type { LeafOrder } from "./lower/lower_leaves.ts";
export { RuleSet } from "./rule_set.ts";
export { rulesSchema } from "./schema/rules_schema.ts";
export { MODIFIERS, OPERATORS } from "./syntax/ast.ts";
export { TRANSFORMERS } from "./syntax/ast.ts";
export { MappedText } from "./text/mapped_text.ts";
export { isNamedPipe, namePipes } from "./text/pipes.ts";
export {
  decodeSource,
  lineStarts,
  makeSource,
  MAX_SOURCE_BYTES,
  positionAt,
  type SourceResult,
  whereIs,
} from "./text/source.ts";
export type { Source, Span } from "./text/span.ts";
export { Budget } from "./yaml/budget.ts";
export { booleanOf, short } from "./yaml/decode.ts";
export {
  describeNode,
  firstOf,
  type YamlEntry,
  type YamlMap,
  type YamlNode,
  type YamlScalar,
  type YamlSequence,
} from "./yaml/nodes.ts";
export { readYaml } from "./yaml/read.ts";
