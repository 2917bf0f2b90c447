// What the name under the cursor is, and where it is mentioned in all files of a project.
// In: documents, an offset. Out: a kind and a name; mentions with the part that they play.
// Elsewhere: what is done with them: definition, references, rename, highlights (requests/).
//
// Lists are text to Falco: a word that is the name of a list means the list wherever a value may be.

import type { Span } from "../../rules/mod.ts";
import { type Item, type ItemKind, type PlacedToken, type RulesDocument, tokenAt } from "./rules_document.ts";

export interface NameUse {
  readonly kind: ItemKind;
  readonly name: string;
  readonly span: Span;
}

export interface Mention {
  readonly span: Span;
  readonly item: Item;
  readonly role: "definition" | "change" | "use";
}

export function nameAt(
  document: RulesDocument,
  offset: number,
  isList: (name: string) => boolean,
): NameUse | undefined {
  const item = document.items.find(({ name: { span } }) => span.start <= offset && offset <= span.end);
  if (item !== undefined) return { kind: item.kind, name: item.name.value, span: nameSpan(item) };
  const token = tokenAt(document, offset);
  if (token === undefined) return undefined;
  const { text, span } = token;
  if (token.kind === "macro") return { kind: "macro", name: text, span };
  if (isListPlace(token) && isList(text)) return { kind: "list", name: text, span };
  return undefined;
}

export function* mentionsIn(document: RulesDocument, kind: ItemKind, name: string): Generator<Mention> {
  for (const item of document.items) {
    if (item.kind !== kind || item.name.value !== name) continue;
    yield { span: nameSpan(item), item, role: item.changes ? "change" : "definition" };
  }
  if (kind === "rule") return;
  for (const token of document.tokens) {
    if (token.text !== name) continue;
    const isUse = kind === "macro" ? token.kind === "macro" : isListPlace(token);
    if (isUse) yield { span: token.span, item: token.item, role: "use" };
  }
}

function isListPlace({ kind, of }: PlacedToken): boolean {
  return kind === "value" && of !== "output";
}

/** Without quotes: it is what a new name is put in place of. */
export function nameSpan({ name }: Item): Span {
  return name.value === "" ? name.span : name.text.span(0, name.value.length);
}
