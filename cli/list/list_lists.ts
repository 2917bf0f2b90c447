// `falco list lists`: lists with their items, where they are defined and what uses them.
// In: loaded rules, names or patterns. Out: text or JSON. Elsewhere: the facts (rules/describe).

import { type ListInfo, placeOf, placeText, type Users, usesOf } from "../../rules/mod.ts";
import type { ListRequest } from "./list_request.ts";
import { countUsers, userRows } from "./list_blocks.ts";
import { selectNamed } from "./name_pattern.ts";
import { type Cell, columns, heading, type Page, paragraph } from "../terminal/page.ts";
import { jsonText } from "../terminal/json_text.ts";

interface Listed {
  readonly info: ListInfo;
  readonly users: Users;
  /** those of other lists in their place */
  readonly items: readonly string[];
}

export function listLists({ patterns, json, page, loaded: load }: ListRequest): string {
  const loaded = load();
  const { chosen, single } = selectNamed([...loaded.definitions.lists.values()], patterns, "list");
  const uses = usesOf(loaded);
  const listed = chosen.map((info) => ({
    info,
    users: uses.list(info.name),
    items: loaded.expanded.lists.itemsOf(info.name),
  }));
  if (json) return jsonText(listed.map(asJson));
  if (single) return detail(page, listed[0]!);
  return listed.length === 0 ? "No lists." : columns(page, listed.map(row), 0);
}

function row({ info, users, items }: Listed): Cell[] {
  const unused = users.rules.length + users.macros.length + users.lists.length === 0;
  return [
    { text: info.name, style: "name" },
    { text: `${items.length} item${items.length === 1 ? "" : "s"}`, style: "dim" },
    { text: countUsers(users), style: unused ? "bad" : "dim" },
    { text: placeText(placeOf(info.span)) },
  ];
}

function detail(page: Page, { info, users, items }: Listed): string {
  const rows: [string, string][] = [["defined", placeText(placeOf(info.span))]];
  if (info.first !== info.span) rows.push(["first defined", placeText(placeOf(info.first))]);
  rows.push(...userRows(users));
  const written = info.items.map((item) => item.text);
  const same = written.length === items.length && written.every((item, at) => item === items[at]);
  if (!same) rows.push(["as written", written.join(", ")]);
  const cells = rows.map(([name, text]): Cell[] => [{ text: name, style: "dim" }, { text }]);
  const title = heading(page, info.name, `${items.length} item${items.length === 1 ? "" : "s"}`);
  return [title, columns(page, cells), "", paragraph(page, items.join(", "), 2)].join("\n");
}

function asJson({ info, users, items }: Listed) {
  return {
    name: info.name,
    defined: placeOf(info.span),
    first_defined: placeOf(info.first),
    items: info.items.map((item) => item.text),
    items_expanded: items,
    used_by: users,
  };
}
