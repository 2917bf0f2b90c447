// Chunks that the listings of rules, macros and lists have in common.
// In: names and texts. Out: rows and lines.

import type { Users } from "../../rules/mod.ts";
import { harmless, type Page, paint, wrap } from "../terminal/page.ts";

/** A row for names, or none when there are none. */
export function nameList(title: string, names: readonly string[]): [string, string][] {
  const distinct = [...new Set(names)];
  return distinct.length === 0 ? [] : [[title, distinct.join(" ")]];
}

/** Text as its author broke it into lines; what is too long for the page is broken between words. */
export function codeBlock(page: Page, title: string, text: string): string {
  const lines = text.trimEnd().split("\n").flatMap((line) => {
    const [indent = ""] = /^[ \t]*/.exec(line) ?? [];
    if (line.length + 4 <= page.width) return [harmless(line.replaceAll("\t", "  "))];
    return wrap(line, page.width - 4 - indent.length).map((part) => indent.replaceAll("\t", "  ") + part);
  });
  return [`\n  ${paint(page, title, "dim")}`, ...lines.map((line) => `    ${line}`)].join("\n");
}

/** `2 rules, 1 macro`; what uses nothing is said so. */
export function countUsers({ rules, macros, lists }: Users): string {
  const counts = [[rules, "rule"], [macros, "macro"], [lists, "list"]] as const;
  const words = counts.filter(([names]) => names.length > 0).map(([{ length }, what]) =>
    `${length} ${what}${length === 1 ? "" : "s"}`
  );
  return words.length === 0 ? "not used" : `used by ${words.join(", ")}`;
}

export function userRows({ rules, macros, lists }: Users): [string, string][] {
  const rows: [string, string][] = [];
  for (const [title, names] of [["rules", rules], ["macros", macros], ["lists", lists]] as const) {
    if (names.length > 0) rows.push([`used by ${title}`, names.join(", ")]);
  }
  return rows.length === 0 ? [["used by", "nothing"]] : rows;
}
