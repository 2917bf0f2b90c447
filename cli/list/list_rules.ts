// `falco list rules`: rules with their state, where they are defined and what they use.
// In: loaded rules, names or patterns. Out: text or JSON.
// Elsewhere: Falco's descriptions (cli/forms/describe.ts), whose facts these are (rules/describe).

import {
  additionsOf,
  Describer,
  type LoadResult,
  placeOf,
  placeText,
  type RuleDescription,
  type RuleInfo,
} from "../../rules/mod.ts";
import type { ListRequest } from "./list_request.ts";
import { codeBlock, nameList } from "./list_blocks.ts";
import { selectNamed } from "./name_pattern.ts";
import { type Cell, columns, heading, type Page, paint, paragraph } from "../terminal/page.ts";
import { jsonText } from "../terminal/json_text.ts";

interface Listed {
  readonly info: RuleInfo;
  readonly state: string;
  /** none for a rule that was left out */
  readonly description: RuleDescription | undefined;
}

/** More events than this are told by their number. */
const MANY_EVENTS = 40;

export function listRules({ patterns, json, page, loaded: load }: ListRequest): string {
  const loaded = load();
  const { chosen, single } = selectNamed([...loaded.definitions.rules.values()], patterns, "rule");
  const stateOf = statesOf(loaded);
  const describer = new Describer(loaded);
  const listed = chosen.map((info): Listed => ({
    info,
    state: stateOf(info.name),
    description: describer.rule(info.name),
  }));
  if (json) return jsonText(listed.map(asJson));
  if (single) return detail(page, listed[0]!);
  const blocks = listed.map(({ info: rule, state }) => {
    const facts = [rule.keys.priority, state].filter((fact) => fact !== "runs");
    return [
      heading(page, rule.name, facts.join(", ")),
      paint(page, paragraph(page, placeText(placeOf(rule.span)), 2), "dim"),
      paragraph(page, rule.keys.desc, 2),
    ].join("\n");
  });
  return blocks.length === 0 ? "No rules." : blocks.join("\n\n");
}

function statesOf({ rules, checked }: LoadResult): (name: string) => string {
  const running = new Set(rules.map(({ name }) => name));
  const enabled = new Map(checked.map((rule) => [rule.name, rule.enabled]));
  return (name) => {
    if (running.has(name)) return "runs";
    const on = enabled.get(name);
    if (on === undefined) return "left out";
    return on ? "does not run: switched off by the settings" : "disabled";
  };
}

function detail(page: Page, { info: rule, state, description }: Listed): string {
  const { keys, exceptions } = rule;
  const rows: [string, string][] = [["defined", placeText(placeOf(rule.span))]];
  if (rule.first !== rule.span) rows.push(["first defined", placeText(placeOf(rule.first))]);
  const added = additionsOf(keys.condition).map(placeText);
  if (added.length > 0) rows.push(["condition added", added.join(", ")]);
  rows.push(["priority", keys.priority], ["state", state], ["source", rule.source]);
  if (keys.tags.length > 0) rows.push(["tags", keys.tags.join(" ")]);
  if (keys.capture) rows.push(["capture", `${keys.captureDurationMs} ms`]);
  if (description !== undefined) {
    const { details } = description;
    rows.push(...nameList("macros", details.macros), ...nameList("lists", details.lists));
    rows.push(...nameList("fields", details.condition_fields));
    rows.push(...nameList("operators", details.condition_operators));
    const many = details.events.length > MANY_EVENTS;
    rows.push(["events", many ? `${details.events.length} event types` : details.events.join(" ")]);
    rows.push(...nameList("printed fields", details.output_fields));
  }
  if (exceptions.length > 0) {
    rows.push(["exceptions", exceptions.map((it) => `${it.name} (${it.values.length})`).join(", ")]);
  }
  const cells = rows.map(([name, text]): Cell[] => [{ text: name, style: "dim" }, { text }]);
  return [
    heading(page, rule.name),
    paragraph(page, keys.desc, 2),
    "",
    columns(page, cells),
    codeBlock(page, "condition", keys.condition.text),
    ...(description === undefined
      ? []
      : [codeBlock(page, "macros and lists in their place", description.details.condition_compiled)]),
    codeBlock(page, "output", keys.output.text),
  ].join("\n");
}

function asJson({ info: rule, state, description }: Listed) {
  const details = description?.details;
  return {
    name: rule.name,
    description: rule.keys.desc,
    priority: rule.keys.priority,
    source: rule.source,
    tags: rule.keys.tags,
    enabled: rule.keys.enabled,
    state,
    defined: placeOf(rule.span),
    first_defined: placeOf(rule.first),
    condition_added: additionsOf(rule.keys.condition),
    condition: rule.keys.condition.text,
    condition_expanded: details?.condition_compiled ?? null,
    output: rule.keys.output.text,
    macros: details?.macros ?? [],
    lists: details?.lists ?? [],
    fields: details?.condition_fields ?? [],
    output_fields: details?.output_fields ?? [],
    operators: details?.condition_operators ?? [],
    events: details?.events ?? [],
    exceptions: rule.exceptions.map(({ name }) => name),
  };
}
