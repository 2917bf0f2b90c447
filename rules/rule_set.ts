// The rules of some files: read once, checked as often as wanted. All that loads rules goes this way: a monitor, `check`,
// the filter of a command line, an editor.
// In: files in their order, the environment. Out: an immutable set; `with` reads only the file that has changed. A set with a memory
// that lasts checks only what has changed, with the same findings; places in the rest of its results may be those of earlier texts.
// Elsewhere: the stages (items/, syntax/, check/, output/, lint/), reading files from a disk, making code (compile.ts).

import type { CheckOptions } from "./check_options.ts";
import { checkRules, type LoadResult } from "./check_rules.ts";
import { type Diagnostic, Report } from "./diagnostics/diagnostic.ts";
import type { Environment } from "./check/environment.ts";
import { checkFilter, type FilterResult } from "./filter.ts";
import { Collector } from "./items/collect.ts";
import type { RawItem } from "./items/items.ts";
import { movedIn, readRulesFile, type RulesFile } from "./items/rules_file.ts";
import type { RulesFiles } from "./items/rules_files.ts";
import { Moved } from "./diagnostics/moved.ts";
import { Memory } from "./memory.ts";
import type { Source } from "./text/span.ts";
import { Budget } from "./yaml/budget.ts";

/** What the files define, each name once. */
export type Definitions = Pick<Collector, "lists" | "macros" | "rules">;

export class RuleSet implements RulesFiles {
  readonly #files: readonly RulesFile[];
  readonly #leftOut: ReadonlySet<RawItem>;

  private constructor(
    files: readonly RulesFile[],
    readonly env: Environment,
    readonly memory: Memory | undefined,
    leftOut: ReadonlySet<RawItem> = new Set(),
  ) {
    this.#files = files;
    this.#leftOut = leftOut;
  }

  /** @param memory one that lasts, for this set and those that become of it */
  static of(files: readonly Source[], env: Environment, memory?: Memory): RuleSet {
    const budget = new Budget();
    return new RuleSet(files.map((source) => readRulesFile(source, budget)), env, memory);
  }

  /** The set with another text of one file; a file of a new path comes last. */
  with(file: Source): RuleSet {
    const others = this.#files.filter(({ source }) => source.path !== file.path);
    const before = this.#files.find(({ source }) => source.path === file.path);
    const budget = new Budget(...others.map(({ spent }) => spent));
    const read = readRulesFile(file, budget, this.memory === undefined ? undefined : before);
    const isNew = before === undefined;
    const files = isNew
      ? [...others, read]
      : this.#files.map((before) => before.source.path === file.path ? read : before);
    return new RuleSet(files, this.env, this.memory);
  }

  /** The set as if these items of its files were not there. What was defined before them counts. */
  without(items: Iterable<RawItem>): RuleSet {
    return new RuleSet(this.#files, this.env, this.memory, new Set([...this.#leftOut, ...items]));
  }

  /** Items of the files in their order, but for those that are left out. */
  get counting(): readonly RawItem[] {
    return this.#files.flatMap(({ items }) => items.filter((item) => !this.#leftOut.has(item)));
  }

  get files(): readonly Source[] {
    return this.#files.map(({ source }) => source);
  }

  get fileOrder(): ReadonlyMap<Source, number> {
    const order = new Map<Source, number>();
    for (const [at, { source, entries }] of this.#files.entries()) {
      order.set(source, at);
      for (const { from } of entries) order.set(from.source, at);
    }
    return order;
  }

  get moved(): Moved {
    return new Moved(this.#files.flatMap(movedIn));
  }

  get items(): Definitions {
    return this.collect(new Report(), new Memory());
  }

  /** What is wrong with the files as far as it shows before conditions are read. */
  get diagnostics(): readonly Diagnostic[] {
    const report = new Report();
    this.collect(report, new Memory());
    return report.sorted(this.files.map(({ path }) => path));
  }

  /** Rules that can run, and every finding about all files. */
  check(options: CheckOptions = {}): LoadResult {
    return checkRules(this, options, this.memory ?? new Memory());
  }

  /** A condition on its own, which may use the macros and lists of the files. */
  filter(condition: Source | undefined, format: Source): FilterResult {
    return checkFilter(this, condition, format);
  }

  /** For the stages: items meet, findings are reported. */
  collect(report: Report, memory: Memory): Collector {
    const collector = new Collector(report, memory);
    for (const { items, findings, damaged } of this.#files) {
      report.join(findings);
      collector.incomplete ||= damaged;
      for (const item of items) {
        if (this.#leftOut.has(item)) collector.leaveOut(item);
        else if (this.#leftOut.size > 0) collector.addAgain(item);
        else collector.add(item);
      }
    }
    return collector;
  }
}
