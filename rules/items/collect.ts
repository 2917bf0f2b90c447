// Stage 4 of loading rules: items of the same name meet. Redefinition, append, override and switches are applied here,
// in the order of the files.
// In: RawItem values of each file. Out: ListInfo, MacroInfo and RuleInfo as they stand after the last file.
// Elsewhere: reading items (items.ts), substituting lists (rules/expand/lists.ts), expanding macros (rules/expand/macros.ts).
//
// Every change of anything takes the next number of one clock. `index` is the time of the first definition: it is the
// order of rules, and a macro or list sees only those whose index is below its own `visibility`, the time of its latest
// change. A redefinition keeps its index.

import { appendWarning } from "./append_precedence.ts";
import type { Report } from "../diagnostics/diagnostic.ts";
import type { Memory } from "../memory.ts";
import { definedByFalco } from "../diagnostics/falco_file.ts";
import { didYouMean, type Version } from "../../base/mod.ts";
import { type ExceptionInfo, mergeExceptions, newException } from "./exceptions.ts";
import type { RawItem, RawList, RawMacro } from "./items.ts";
import { MappedText } from "../text/mapped_text.ts";
import { checkEngineVersion, checkPluginVersion, isNewer, type RawPlugin } from "./requirements.ts";
import type { RawRule } from "./rule_item.ts";
import { type RuleDefinition, type RuleKeys, sortedTags } from "./rule_keys.ts";
import type { Span } from "../text/span.ts";
import { short } from "../yaml/decode.ts";

interface Named {
  readonly name: string;
  /** of the name, where it was last defined */
  span: Span;
  /** of the name, where it was first defined */
  readonly first: Span;
  readonly index: number;
  visibility: number;
}

export interface ListInfo extends Named {
  items: readonly MappedText[];
}

export interface MacroInfo extends Named {
  condition: MappedText;
}

export interface RuleInfo extends Named {
  source: string;
  /** where the rule says it */
  sourceSpan?: Span;
  keys: Omit<RuleDefinition, "exceptions">;
  exceptions: readonly ExceptionInfo[];
}

type Kind = "list" | "macro" | "rule";

export class Collector {
  readonly lists = new Map<string, ListInfo>();
  readonly macros = new Map<string, MacroInfo>();
  readonly rules = new Map<string, RuleInfo>();
  /** items that could not be read: what uses them is left out without a further word */
  readonly broken: Readonly<Record<Kind, Set<string>>> = {
    list: new Set(),
    macro: new Set(),
    rule: new Set(),
  };
  /** the newest that any file asks for */
  engineVersion: Version = [0, 0, 0];
  readonly requiredPlugins: RawPlugin[] = [];
  /** part of a file is unreadable: what seems to be missing may be there */
  incomplete = false;
  /** an item is unreadable: what it uses is not known */
  unsure = false;
  #clock = 0;

  constructor(readonly report: Report, readonly memory: Memory) {}

  add(item: RawItem): void {
    switch (item.kind) {
      case "engine version":
        if (isNewer(item.version, this.engineVersion)) this.engineVersion = item.version;
        return checkEngineVersion(item, this.report);
      case "plugin version":
        this.requiredPlugins.push(item);
        return checkPluginVersion(item, this.report);
      case "broken":
        this.broken[item.of].add(item.name);
        this.unsure = true;
        return;
      case "list":
        return this.#list(item);
      case "macro":
        return this.#macro(item);
      case "rule":
        return this.#rule(item);
    }
  }

  /** The item does not count: what was defined before it does, or nothing, and then its users are left out as well. */
  leaveOut(item: RawItem): void {
    const named = nameOf(item);
    if (named !== undefined && !this.#defined(named.kind).has(named.name)) {
      this.broken[named.kind].add(named.name);
    }
  }

  /** A definition after one that does not count is sound on its own. */
  addAgain(item: RawItem): void {
    const named = nameOf(item);
    if (named !== undefined && isDefinition(item)) this.broken[named.kind].delete(named.name);
    this.add(item);
  }

  #defined(kind: Kind): ReadonlyMap<string, Named> {
    return { list: this.lists, macro: this.macros, rule: this.rules }[kind];
  }

  #list(item: RawList): void {
    const name = item.name.value;
    const before = this.lists.get(name);
    if (item.append) {
      if (before === undefined) return this.#nothingThere("list", name, item.name.span, this.lists.keys());
      before.items = [...before.items, ...item.items];
      before.visibility = this.#clock++;
      return;
    }
    if (!item.overrides) this.#warnOfTwin("list", before, item.name.span);
    const visibility = this.#clock++;
    const index = before?.index ?? visibility;
    const { span } = item.name;
    this.lists.set(name, { name, span, first: before?.first ?? span, index, visibility, items: item.items });
  }

  #macro(item: RawMacro): void {
    const name = item.name.value;
    const before = this.macros.get(name);
    if (item.append) {
      if (before === undefined) return this.#nothingThere("macro", name, item.name.span, this.macros.keys());
      this.#warnOfPrecedence(before.condition, item.condition);
      before.condition = this.#joined(before.condition, item.condition);
      before.visibility = this.#clock++;
      return;
    }
    if (!item.overrides) this.#warnOfTwin("macro", before, item.name.span);
    const visibility = this.#clock++;
    const index = before?.index ?? visibility;
    const { span } = item.name;
    const first = before?.first ?? span;
    this.macros.set(name, { name, span, first, index, visibility, condition: item.condition });
  }

  #rule(item: RawRule): void {
    const name = item.name.value;
    const before = this.rules.get(name);
    const source = item.source?.value ?? (item.mode === "define" ? "syscall" : undefined);
    if (before !== undefined && source !== undefined && source !== before.source) {
      this.report.add(
        "source-conflict",
        item.source?.span ?? item.name.span,
        `the rule \`${short(name)}\` changes its source`,
        {
          notes: [`It was \`${before.source}\` and would become \`${source}\`.`],
          labels: [{ span: before.span, message: "defined here" }],
        },
      );
      this.broken.rule.add(name);
      return;
    }
    if (item.damaged) this.broken.rule.add(name);
    if (item.mode === "define") {
      if (item.overrides !== true) this.#warnOfTwin("rule", before, item.name.span);
      const { exceptions, ...keys } = item.keys;
      const infos = exceptions.map((exception) => newException(exception, this.report));
      if (infos.includes(undefined)) this.broken.rule.add(name);
      const visibility = this.#clock++;
      this.rules.set(name, {
        name,
        span: item.name.span,
        first: before?.first ?? item.name.span,
        index: before?.index ?? visibility,
        visibility,
        source: source ?? "syscall",
        ...(item.source === undefined ? {} : { sourceSpan: item.source.span }),
        keys,
        exceptions: infos.filter((info) => info !== undefined),
      });
      return;
    }
    if (before === undefined) return this.#nothingThere("rule", name, item.name.span, this.rules.keys());
    if (item.mode === "switch") {
      before.keys = { ...before.keys, enabled: item.enabled };
      return;
    }
    if (item.append !== undefined) this.#append(before, item.append, item.name.span);
    if (item.replace !== undefined) this.#replace(before, item.replace);
  }

  #append(rule: RuleInfo, keys: RuleKeys, span: Span): void {
    if (Object.keys(keys).length === 0) {
      this.report.add("nothing-to-append", span, "an appended rule needs `condition` or `exceptions`");
      this.broken.rule.add(rule.name);
      return;
    }
    const { condition, output, desc, tags } = rule.keys;
    if (keys.condition !== undefined) this.#warnOfPrecedence(condition, keys.condition);
    rule.keys = {
      ...rule.keys,
      condition: keys.condition ? this.#joined(condition, keys.condition) : condition,
      output: keys.output ? this.#joined(output, keys.output) : output,
      desc: keys.desc ? `${desc} ${keys.desc}` : desc,
      tags: keys.tags ? sortedTags([...tags, ...keys.tags]) : tags,
    };
    if (keys.exceptions !== undefined) {
      const merged = mergeExceptions(rule.exceptions, keys.exceptions, this.report);
      if (merged === undefined) this.broken.rule.add(rule.name);
      else rule.exceptions = merged;
    }
    rule.visibility = this.#clock++;
  }

  #replace(rule: RuleInfo, { exceptions, ...keys }: RuleKeys): void {
    rule.keys = { ...rule.keys, ...keys };
    if (exceptions !== undefined) {
      const infos = exceptions.map((exception) => newException(exception, this.report));
      if (infos.includes(undefined)) this.broken.rule.add(rule.name);
      rule.exceptions = infos.filter((info) => info !== undefined);
    }
    rule.visibility = this.#clock++;
  }

  /** Another file replaces an item on purpose; in one file nobody does. */
  #warnOfTwin(kind: Kind, before: Named | undefined, span: Span): void {
    if (before === undefined || before.span.source !== span.source || before.span.start === span.start) {
      return;
    }
    this.report.add(
      "defined-twice",
      span,
      `the ${kind} \`${short(before.name)}\` is defined twice in this file`,
      {
        notes: ["This definition replaces the earlier one."],
        hint: "remove one of them, or say `override` to change the earlier one",
        labels: [{ span: before.span, message: "first here" }],
      },
    );
  }

  #warnOfPrecedence(before: MappedText, added: MappedText): void {
    const warning = this.memory.recallEarlier(
      "append warning",
      added,
      [before],
      () => appendWarning(before, added),
    );
    if (warning !== undefined) this.report.take(warning);
  }

  /** What an append means: the texts one after the other, with nothing but a blank between them. */
  #joined(before: MappedText, after: MappedText): MappedText {
    return this.memory.recallEarlier(
      "appended",
      after,
      [before],
      () => MappedText.concat(before.whole, [before, MappedText.synthetic(" ", after.whole), after]),
    );
  }

  #nothingThere(kind: Kind, name: string, span: Span, known: Iterable<string>): void {
    const unsure = this.incomplete || this.broken[kind].has(name);
    this.broken[kind].add(name);
    if (unsure) return;
    this.report.add(
      "nothing-to-append-to",
      span,
      `there is no ${kind} \`${short(name)}\` before this that could be changed`,
      {
        notes: [
          "An item can only change one that is before it, in this file or in a file loaded earlier.",
        ],
        hint: definedByFalco(kind, name) ?? didYouMean(name, known),
      },
    );
  }
}

/** What an item defines or changes; nothing for a requirement. */
export function nameOf(item: RawItem): { readonly kind: Kind; readonly name: string } | undefined {
  switch (item.kind) {
    case "engine version":
    case "plugin version":
      return undefined;
    case "broken":
      return { kind: item.of, name: item.name };
    default:
      return { kind: item.kind, name: item.name.value };
  }
}

/** Whether an item needs nothing before it. */
export function isDefinition(item: RawItem): boolean {
  return item.kind === "rule" ? item.mode === "define" : "append" in item && item.append === false;
}
