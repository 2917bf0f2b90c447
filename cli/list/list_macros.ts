// `falco list macros`: macros, where they are defined and what uses them.
// In: loaded rules, names or patterns. Out: text or JSON. Elsewhere: the facts (rules/describe).

import {
  additionsOf,
  Describer,
  type MacroDescription,
  type MacroInfo,
  placeOf,
  placeText,
  type Users,
  usesOf,
} from "../../rules/mod.ts";
import type { ListRequest } from "./list_request.ts";
import { codeBlock, countUsers, nameList, userRows } from "./list_blocks.ts";
import { selectNamed } from "./name_pattern.ts";
import { type Cell, columns, heading, type Page } from "../terminal/page.ts";
import { jsonText } from "../terminal/json_text.ts";

interface Listed {
  readonly info: MacroInfo;
  readonly users: Users;
  readonly description: MacroDescription;
}

export function listMacros({ patterns, json, page, loaded: load }: ListRequest): string {
  const loaded = load();
  const { chosen, single } = selectNamed([...loaded.definitions.macros.values()], patterns, "macro");
  const uses = usesOf(loaded);
  const describer = new Describer(loaded);
  const listed = chosen.map((info) => ({
    info,
    users: uses.macro(info.name),
    description: describer.macro(info.name)!,
  }));
  if (json) return jsonText(listed.map(asJson));
  if (single) return detail(page, listed[0]!);
  return listed.length === 0 ? "No macros." : columns(page, listed.map(row), 0);
}

function row({ info, users }: Listed): Cell[] {
  const { rules, macros } = users;
  return [
    { text: info.name, style: "name" },
    { text: countUsers(users), style: rules.length + macros.length === 0 ? "bad" : "dim" },
    { text: placeText(placeOf(info.span)) },
  ];
}

function detail(page: Page, { info, users, description: { details } }: Listed): string {
  const rows: [string, string][] = [["defined", placeText(placeOf(info.span))]];
  if (info.first !== info.span) rows.push(["first defined", placeText(placeOf(info.first))]);
  const added = additionsOf(info.condition).map(placeText);
  if (added.length > 0) rows.push(["condition added", added.join(", ")]);
  rows.push(...userRows(users), ...nameList("macros", details.macros), ...nameList("lists", details.lists));
  rows.push(...nameList("fields", details.condition_fields));
  const cells = rows.map(([name, text]): Cell[] => [{ text: name, style: "dim" }, { text }]);
  return [
    heading(page, info.name),
    columns(page, cells),
    codeBlock(page, "condition", info.condition.text),
    codeBlock(page, "macros and lists in their place", details.condition_compiled),
  ].join("\n");
}

function asJson({ info, users, description: { details } }: Listed) {
  return {
    name: info.name,
    defined: placeOf(info.span),
    first_defined: placeOf(info.first),
    condition_added: additionsOf(info.condition),
    condition: info.condition.text,
    condition_expanded: details.condition_compiled,
    used_by: users,
    macros: details.macros,
    lists: details.lists,
    fields: details.condition_fields,
    operators: details.condition_operators,
    events: details.events,
  };
}
