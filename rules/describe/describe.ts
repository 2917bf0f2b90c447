// Descriptions of loaded rules, macros and lists: what `falco -L` and `falco -l RULE` print with json_output.
// In: the result of loading. Out: plain objects in the shape of Falco 0.44.
// Elsewhere: Falco's text form (cli/forms/describe.ts), lists for people (cli/list/list_rules.ts …).
//
// Keys stand in alphabetical order and names in sorted order: Falco sorts keys too, and leaves names in the order of
// its hash tables.

import type { CheckedRule } from "../check/checked.ts";
import type { ListInfo, MacroInfo, RuleInfo } from "../items/collect.ts";
import type { LoadResult } from "../check_rules.ts";
import type { MappedText } from "../text/mapped_text.ts";
import { parseCondition } from "../syntax/parser.ts";
import { ConditionPrinter } from "../syntax/print_condition.ts";
import { detailsOf } from "./details.ts";
import { eventNamesOf } from "./event_names.ts";
import { outputFieldsOf } from "./output_fields.ts";
import { pluginsOf } from "./plugins.ts";
import { sorted } from "./sorted.ts";

export interface Description {
  readonly lists: readonly ListDescription[];
  readonly macros: readonly MacroDescription[];
  readonly required_engine_version: string;
  readonly required_plugin_versions: readonly PluginRequirement[];
  readonly rules: readonly RuleDescription[];
}

export interface PluginRequirement {
  readonly alternatives: readonly { readonly name: string; readonly version: string }[];
  readonly name: string;
  readonly version: string;
}

export interface RuleDescription {
  readonly details: {
    readonly condition_compiled: string;
    readonly condition_fields: readonly string[];
    readonly condition_operators: readonly string[];
    readonly events: readonly string[];
    readonly exception_fields: readonly string[];
    readonly exception_names: readonly string[];
    readonly exception_operators: readonly string[];
    readonly extra_output_formatted_fields?: Readonly<Record<string, string>>;
    readonly lists: readonly string[];
    readonly macros: readonly string[];
    readonly output_compiled: string;
    readonly output_fields: readonly string[];
    readonly plugins: readonly string[];
  };
  readonly info: {
    readonly capture: boolean;
    readonly capture_duration: number;
    readonly condition: string;
    readonly description: string;
    readonly enabled: boolean;
    readonly name: string;
    readonly output: string;
    readonly priority: string;
    readonly source: string;
    readonly tags: readonly string[];
  };
}

export interface MacroDescription {
  readonly details: {
    readonly condition_compiled: string;
    readonly condition_fields: readonly string[];
    readonly condition_operators: readonly string[];
    readonly events: readonly string[];
    readonly lists: readonly string[];
    readonly macros: readonly string[];
    readonly plugins: readonly string[];
    readonly used: boolean;
  };
  readonly info: { readonly condition: string; readonly name: string };
}

export interface ListDescription {
  readonly details: {
    readonly items_compiled: readonly string[];
    readonly lists: readonly string[];
    readonly plugins: readonly string[];
    readonly used: boolean;
  };
  readonly info: { readonly items: readonly string[]; readonly name: string };
}

export class Describer {
  readonly #printer = new ConditionPrinter();
  readonly #rules: ReadonlyMap<string, CheckedRule>;
  readonly #unusedMacros: ReadonlySet<string>;
  readonly #unusedLists: ReadonlySet<string>;

  constructor(readonly loaded: LoadResult) {
    const { macros, lists } = loaded.expanded;
    this.#rules = new Map(loaded.checked.map((rule) => [rule.name, rule]));
    this.#unusedMacros = new Set(macros.unused().map((macro) => macro.name));
    this.#unusedLists = new Set(lists.unused().map((list) => list.name));
  }

  all(): Description {
    const { definitions: { lists, macros }, requirements, checked } = this.loaded;
    return {
      lists: [...lists.values()].map((info) => this.#list(info)),
      macros: [...macros.values()].map((info) => this.#macro(info)),
      required_engine_version: requirements.engine.join("."),
      required_plugin_versions: requirements.plugins.map(({ alternatives: [first, ...others] }) => ({
        alternatives: others.map(({ name, version }) => ({ name, version: version.join(".") })),
        name: first!.name,
        version: first!.version.join("."),
      })),
      rules: checked.map((rule) => this.#rule(rule)),
    };
  }

  /** None when no rule of this name is loaded. */
  rule(name: string): RuleDescription | undefined {
    const rule = this.#rules.get(name);
    return rule === undefined ? undefined : this.#rule(rule);
  }

  /** None when there is no macro of this name. */
  macro(name: string): MacroDescription | undefined {
    const info = this.loaded.definitions.macros.get(name);
    return info === undefined ? undefined : this.#macro(info);
  }

  #rule(rule: CheckedRule): RuleDescription {
    const info = this.loaded.definitions.rules.get(rule.name)!;
    const condition = this.loaded.expanded.rules.get(rule.name)!;
    const written = this.#written(info.keys.condition);
    const details = detailsOf(condition, this.loaded.definitions);
    const output = this.#output(info, rule);
    return {
      details: {
        condition_compiled: this.#printer.print(condition),
        condition_fields: details.fields,
        condition_operators: details.operators,
        events: eventNamesOf(condition, rule.source),
        exception_fields: sorted(info.exceptions.flatMap(({ fields }) => fields.texts.map((it) => it.text))),
        exception_names: sorted(info.exceptions.map((exception) => exception.name)),
        exception_operators: sorted(info.exceptions.flatMap((exception) => exception.comps)),
        ...(output.formatted.length === 0
          ? {}
          : { extra_output_formatted_fields: Object.fromEntries(output.formatted) }),
        lists: written.lists,
        macros: written.macros,
        output_compiled: output.text,
        output_fields: output.fields,
        plugins: pluginsOf(rule.source, details.eventNames, [...details.fields, ...output.fields]),
      },
      info: {
        capture: rule.capture,
        capture_duration: rule.captureDurationMs,
        condition: info.keys.condition.text,
        description: rule.desc,
        enabled: rule.enabled,
        name: rule.name,
        output: info.keys.output.text,
        priority: rule.priority,
        source: rule.source,
        tags: rule.tags,
      },
    };
  }

  #output(info: RuleInfo, { output: { parts } }: CheckedRule) {
    const { keys } = info;
    const additions = this.loaded.additions(info);
    const formatted: [string, string][] = [];
    for (const { value: field } of additions.fields) {
      if (typeof field !== "string") formatted.push([field.key, field.format]);
    }
    return {
      // Falco puts nothing in the place of the old name for the container's fields
      text: [keys.output.text, ...additions.outputs.map(({ value }) => value)].join(" ").replaceAll(
        "%container.info",
        "",
      ),
      formatted,
      fields: [
        ...additions.fields.map(({ value: field }) => typeof field === "string" ? field : field.format),
        ...parts.flatMap((part) => typeof part === "string" ? [] : outputFieldsOf(part.key)),
      ],
    };
  }

  #macro(info: MacroInfo): MacroDescription {
    const condition = this.loaded.expanded.macros.expanded(info.name);
    const written = this.#written(info.condition);
    const details = detailsOf(condition, this.loaded.definitions);
    return {
      details: {
        condition_compiled: condition === undefined ? "" : this.#printer.print(condition),
        condition_fields: details.fields,
        condition_operators: details.operators,
        events: eventNamesOf(condition),
        lists: written.lists,
        macros: written.macros,
        // which plugin a field comes from shows only with the source of a rule
        plugins: [],
        used: !this.#unusedMacros.has(info.name),
      },
      info: { condition: info.condition.text, name: info.name },
    };
  }

  #list(info: ListInfo): ListDescription {
    const compiled = this.loaded.expanded.lists.itemsOf(info.name);
    const present = new Set(compiled);
    const items = info.items.map((item) => item.text);
    return {
      details: {
        items_compiled: compiled,
        // what is in the definition and not among the items has been replaced by the items of another list
        lists: sorted(items.filter((item) => !present.has(item))),
        plugins: [],
        used: !this.#unusedLists.has(info.name),
      },
      info: { items: items.filter((item) => present.has(item)), name: info.name },
    };
  }

  /** The condition as its author wrote it: with the names of macros and lists, and without exceptions. */
  #written(condition: MappedText) {
    const parsed = parseCondition(condition);
    return detailsOf(parsed.problems.length === 0 ? parsed.expr : undefined, this.loaded.definitions);
  }
}
