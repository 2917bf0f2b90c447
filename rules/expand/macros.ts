// Stage 7 of loading rules: macros in a condition are replaced by what they stand for.
// In: MacroInfo values and parsed conditions. Out: conditions without macros; parts that come from one macro are the
// very same node wherever they appear. Elsewhere: definition and change of macros (rules/items/collect.ts).
//
// A macro sees the macros whose first definition is older than its own latest change; a rule sees all macros of the
// files loaded up to its own.

import type { Expr, MacroUse } from "../syntax/ast.ts";
import type { Collector, MacroInfo } from "../items/collect.ts";
import { Report } from "../diagnostics/diagnostic.ts";
import { DELIMITERS, type ListTable } from "./lists.ts";
import type { MappedText } from "../text/mapped_text.ts";
import type { Memory } from "../memory.ts";
import { parseCondition, type ParseResult } from "../syntax/parser.ts";
import type { FieldHints } from "../syntax/syntax_hints.ts";
import type { Source, Span } from "../text/span.ts";
import { usesIn, withMeanings } from "./macro_uses.ts";
import { ReservedNames } from "./reserved_names.ts";
import { type JoinedTo, undefinedMacroHint } from "./undefined_macro.ts";

/** Levels of an expanded condition: every later stage descends recursively. */
const MAX_DEPTH = 800;
/** Checks of an expanded condition, counted as often as they are used: V8 takes functions of 7.5 MB at most. */
const MAX_CHECKS = 50_000;

export interface Expansion {
  /** what could be expanded: enough to look for further mistakes */
  readonly expr?: Expr;
  /** there is an error, and it is reported */
  readonly failed: boolean;
}

interface Macro {
  readonly info: MacroInfo;
  /** none until it is asked for */
  expansion?: Expansion;
  /** on the path that is being expanded */
  open: boolean;
  used: boolean;
}

interface Size {
  readonly depth: number;
  readonly checks: number;
}

export class MacroTable {
  readonly #macros = new Map<string, Macro>();
  readonly #sizes: WeakMap<Expr, Size>;
  readonly #memory: Memory;
  /** a condition could not be read: what it uses is not known */
  unsure = false;

  readonly reserved: ReservedNames;
  /** where something cannot be read, in the condition that is being expanded */
  #blamed: ReadonlySet<Span | undefined> = new Set();
  /** where mistakes go */
  #into: Report;

  /**
   * @param fileOrder the order in which files are loaded
   * @param unread macros that only rules use which nobody looks at: what is wrong with them is not told
   */
  constructor(
    readonly collector: Collector,
    readonly lists: ListTable,
    readonly fileOrder: ReadonlyMap<Source, number>,
    readonly report: Report,
    readonly hints?: FieldHints,
    readonly unread: ReadonlySet<string> = new Set(),
  ) {
    this.#into = report;
    this.reserved = new ReservedNames(collector);
    this.#memory = lists.memory;
    this.#sizes = this.#memory.lasting("sizes of conditions", () => new WeakMap());
    for (const info of collector.macros.values()) {
      this.#macros.set(info.name, { info, open: false, used: false });
    }
    // In the order of definition nearly every macro finds those that it uses already expanded.
    for (const macro of this.#macros.values()) if (!unread.has(macro.info.name)) this.#expandMacro(macro);
    for (const macro of this.#macros.values()) this.#expandMacro(macro);
  }

  /** Macros that neither a rule nor another macro uses. */
  unused(): MacroInfo[] {
    return [...this.#macros.values()].filter((macro) => !macro.used).map((macro) => macro.info);
  }

  /** What a macro stands for; none when it has an error. */
  expanded(name: string): Expr | undefined {
    const expansion = this.#macros.get(name)?.expansion;
    return expansion?.failed === false ? expansion.expr : undefined;
  }

  /** Text of a rule's condition → expression without macros. */
  expand(condition: MappedText, what: string): Expansion {
    return this.#expandText(condition, what, undefined);
  }

  /** What a condition uses counts as used, although nothing else of the condition is looked at. */
  touch(condition: MappedText): void {
    const text = this.lists.substitute(condition);
    const parsed = text === undefined ? undefined : this.#parse(text);
    this.unsure ||= parsed === undefined || parsed.problems.length > 0;
    if (parsed !== undefined) this.#touchExpr(parsed.expr);
  }

  #parse(text: MappedText): ParseResult {
    return this.#memory.recallEarlier("parsed", text, [], () => parseCondition(text, this.hints));
  }

  #touchExpr(expr: Expr): void {
    switch (expr.kind) {
      case "macro": {
        const macro = this.#macros.get(expr.name);
        if (macro !== undefined) macro.used = true;
        return;
      }
      case "not":
        return this.#touchExpr(expr.operand);
      case "and":
      case "or":
        for (const operand of expr.operands) this.#touchExpr(operand);
    }
  }

  #expandMacro(macro: Macro): Expansion {
    if (macro.expansion === undefined) {
      const { condition, name } = macro.info;
      const into = this.#into;
      if (this.unread.has(name)) this.#into = new Report();
      macro.open = true;
      const expansion = this.#expandText(condition, `the macro \`${name}\``, macro);
      macro.open = false;
      this.#into = into;
      macro.expansion = this.collector.broken.macro.has(name) ? { ...expansion, failed: true } : expansion;
    }
    return macro.expansion;
  }

  #expandText(condition: MappedText, what: string, inside: Macro | undefined): Expansion {
    const text = this.lists.substitute(condition);
    if (text === undefined) {
      this.unsure = true;
      this.#into.add("too-complex", condition.whole, "the lists of the rules expand to too much text");
      return { failed: true };
    }
    const parsed = this.#parse(text);
    if (parsed.problems.length > 0 && this.reserved.explains(text, (problem) => this.#into.take(problem))) {
      this.unsure = true;
      return { failed: true };
    }
    for (const problem of parsed.problems) this.#into.take(problem);
    const before = this.#blamed;
    this.#blamed = new Set(parsed.problems.map(({ span }) => span));
    this.unsure ||= parsed.problems.length > 0;
    const expanded = this.#expandExpr(parsed.expr, inside);
    this.#blamed = before;
    const isFaulty = parsed.problems.length > 0 || this.#usesBrokenList(condition);
    const expansion = isFaulty ? { ...expanded, failed: true } : expanded;
    if (expansion.expr === undefined) return expansion;
    const { depth, checks } = this.#sizeOf(expansion.expr);
    if (depth <= MAX_DEPTH && checks <= MAX_CHECKS) return expansion;
    const limit = depth > MAX_DEPTH ? `${MAX_DEPTH} levels` : `${MAX_CHECKS} checks`;
    this.#into.add("too-complex", condition.whole, `${what} expands to more than ${limit}`);
    return { failed: true };
  }

  /** Its name would be compared with as a word. */
  #usesBrokenList({ text }: MappedText): boolean {
    const { broken, lists } = this.collector;
    if (broken.list.size === 0) return false;
    return text.split(DELIMITERS).some((word) => broken.list.has(word) && !lists.has(word));
  }

  /** The condition is the same object as long as each macro in it means the same object. */
  #expandExpr(expr: Expr, inside: Macro | undefined): Expansion {
    const uses = this.#memory.recallEarlier("macros of a condition", expr, [], () => usesIn(expr));
    const meanings = uses.map(({ part, joined }) =>
      part.kind === "macro" ? this.#use(part, inside, joined) : undefined
    );
    const made = this.#memory.recallEarlier(
      "expanded",
      expr,
      meanings.map((meaning) => meaning?.expr),
      () => {
        const left = meanings.values();
        return { expr: withMeanings(expr, () => left.next().value?.expr) };
      },
    );
    const failed = meanings.some((meaning) => meaning?.failed !== false);
    return made.expr === undefined ? { failed } : { expr: made.expr, failed };
  }

  #use(use: MacroUse, inside: Macro | undefined, joined?: JoinedTo): Expansion | undefined {
    const macro = this.#macros.get(use.name);
    if (macro === undefined) return this.#undefined(use, joined);
    macro.used = true;
    if (inside !== undefined && macro.info.index >= inside.info.visibility) {
      return this.#tooLate(use, macro, `the macro \`${inside.info.name}\` is before it`);
    }
    if (this.#orderOf(macro.info.first) > this.#orderOf(use.span)) {
      return this.#tooLate(use, macro, "the file is loaded after this one");
    }
    if (macro.open) {
      const label = { span: macro.info.span, message: "defined here" };
      this.#into.add("macro-loop", use.span, `the macro \`${use.name}\` refers to itself`, {
        labels: [label],
      });
      return undefined;
    }
    return this.#expandMacro(macro);
  }

  #undefined(use: MacroUse, joined: JoinedTo | undefined): undefined {
    if (this.collector.incomplete || this.collector.broken.macro.has(use.name)) return undefined;
    if (use.list !== undefined) return this.#listAsMacro(use.name, use.list);
    const known = { macros: this.#macros.keys(), isList: this.collector.lists.has(use.name) };
    const hint = undefinedMacroHint(use.name, known, joined);
    this.#into.add("undefined-macro", use.span, `there is no macro \`${use.name}\``, { hint });
    return undefined;
  }

  /** Its items are there in its place, and the first one is no macro. */
  #listAsMacro(item: string, list: Span): undefined {
    if (this.#blamed.has(list)) return undefined;
    const name = list.source.text.slice(list.start, list.end);
    this.#into.add("undefined-macro", list, `\`${name}\` is a list, and a check should stand here`, {
      about: item,
      hint: `compare a field with it, as in \`proc.name in (${name})\``,
    });
    return undefined;
  }

  #tooLate(use: MacroUse, macro: Macro, why: string): undefined {
    this.#into.add(
      "undefined-macro",
      use.span,
      `the macro \`${use.name}\` is not defined yet here: ${why}`,
      {
        labels: [{ span: macro.info.span, message: "defined here" }],
        hint: "move the definition up",
      },
    );
  }

  /** The place of a span's file among those that are loaded. */
  #orderOf(span: Span): number {
    return this.fileOrder.get(span.source) ?? 0;
  }

  #sizeOf(expr: Expr): Size {
    const known = this.#sizes.get(expr);
    if (known !== undefined) return known;
    let size: Size;
    switch (expr.kind) {
      case "check": {
        // oneof, anyof and allof are a check for each item
        const items = expr.modifier !== undefined && expr.right?.kind === "list"
          ? expr.right.items.length
          : 1;
        size = { depth: 1, checks: items };
        break;
      }
      case "unread":
      case "macro":
        size = { depth: 1, checks: 1 };
        break;
      case "not": {
        const inner = this.#sizeOf(expr.operand);
        size = { depth: inner.depth + 1, checks: inner.checks };
        break;
      }
      case "and":
      case "or": {
        let depth = 0;
        let checks = 0;
        for (const operand of expr.operands) {
          const inner = this.#sizeOf(operand);
          depth = Math.max(depth, inner.depth);
          checks += inner.checks;
        }
        size = { depth: depth + 1, checks };
      }
    }
    this.#sizes.set(expr, size);
    return size;
  }
}
