// The rules files that belong together, as one set: what a name means depends on all of them and on their order.
// In: sources in their order. Out: documents, definitions by name, the findings of a check of them all, kept until a file changes.
// Elsewhere: which files these are (project_files.ts), one file (rules_document.ts).

import { type Diagnostic, type Environment, Memory, RuleSet, type Source } from "../../rules/mod.ts";
import { type Item, type ItemKind, type RulesDocument, rulesDocument } from "./rules_document.ts";

/** An item with what was changed about it further down. */
export interface Definition {
  readonly item: Item;
  readonly document: RulesDocument;
  /** there is another one before it, which it takes the place of */
  readonly redefines: boolean;
  readonly changes: readonly { readonly item: Item; readonly document: RulesDocument }[];
}

/** After so many checks all is read and checked from the start: what is remembered of words that are gone goes with it. */
const CHECKS_WITH_ONE_MEMORY = 1000;

export class Project {
  #sources: readonly Source[];
  /** read when it is asked for: most answers need none of it */
  #set: RuleSet | undefined;
  #found: readonly Diagnostic[] | undefined;
  #checks = 0;
  #definitions: Record<ItemKind, Map<string, Definition>> | undefined;

  constructor(sources: readonly Source[], readonly env: Environment) {
    this.#sources = sources;
  }

  get sources(): readonly Source[] {
    return this.#sources;
  }

  get documents(): RulesDocument[] {
    return this.sources.map(rulesDocument);
  }

  /** Another text of one file; the others are not read again. */
  update(source: Source): void {
    if (this.sources.includes(source)) return;
    this.#sources = this.#sources.map((before) => before.path === source.path ? source : before);
    this.#found = undefined;
    this.#definitions = undefined;
  }

  document(path: string): RulesDocument | undefined {
    const source = this.sources.find((candidate) => candidate.path === path);
    return source === undefined ? undefined : rulesDocument(source);
  }

  /** What is wrong with all files together. Only what has changed since the last time is checked again. */
  get findings(): readonly Diagnostic[] {
    return this.#found ??= this.#ruleSet().check().diagnostics;
  }

  #ruleSet(): RuleSet {
    if (++this.#checks % CHECKS_WITH_ONE_MEMORY === 0) this.#set = undefined;
    let set = this.#set ?? RuleSet.of(this.#sources, this.env, new Memory(true));
    for (const source of this.#sources) if (!set.files.includes(source)) set = set.with(source);
    return this.#set = set;
  }

  definition(kind: ItemKind, name: string): Definition | undefined {
    return this.#all[kind].get(name);
  }

  definitions(kind: ItemKind): ReadonlyMap<string, Definition> {
    return this.#all[kind];
  }

  isList = (name: string): boolean => this.#all.list.has(name);

  get #all(): Record<ItemKind, Map<string, Definition>> {
    return this.#definitions ??= definitionsOf(this.documents);
  }
}

function definitionsOf(documents: readonly RulesDocument[]): Record<ItemKind, Map<string, Definition>> {
  const all = { rule: new Map(), macro: new Map(), list: new Map() } as Record<
    ItemKind,
    Map<string, Definition & { changes: { item: Item; document: RulesDocument }[] }>
  >;
  for (const document of documents) {
    for (const item of document.items) {
      const known = all[item.kind].get(item.name.value);
      if (known !== undefined && item.changes) known.changes.push({ item, document });
      else {all[item.kind].set(item.name.value, {
          item,
          document,
          redefines: known !== undefined,
          changes: [],
        });}
    }
  }
  return all;
}
