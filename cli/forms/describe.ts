// `falco -L` and `falco -l RULE`: loaded rules as Falco describes them, as text, or as JSON with json_output.
// In: loaded rules, the name of one or none for all. Out: text with its last line end left out.
// Elsewhere: what the JSON says (rules/describe), lists for people (cli/list/list_rules.ts).

import { Describer, type LoadResult, type RuleDescription } from "../../rules/mod.ts";
import { didYouMean, UsageError } from "../../base/mod.ts";
import { harmless } from "../terminal/page.ts";
import { wrapWords } from "./wrap.ts";
import { jsonText } from "../terminal/json_text.ts";

const NAME_WIDTH = 50;
const WIDTH = 110;

export function describeAll(loaded: LoadResult, json: boolean): string {
  const description = new Describer(loaded).all();
  return json ? jsonText(description, 0) : asText(description.rules);
}

export function describeOne(loaded: LoadResult, name: string, json: boolean): string {
  const rule = new Describer(loaded).rule(name);
  if (rule !== undefined) return json ? jsonText({ rules: [rule] }, 0) : asText([rule]);
  const hint = didYouMean(name, loaded.checked.map((rule) => rule.name));
  throw new UsageError([`Rule "${name}" is not loaded` + (hint === undefined ? "" : `; ${hint}`)]);
}

function asText(rules: readonly RuleDescription[]): string {
  const rows = rules.map(({ info }) =>
    columns(info.name, wrapWords(info.description, NAME_WIDTH + 1, WIDTH))
  );
  return [columns("Rule", "Description"), columns("----", "-----------"), ...rows.map((row) => `${row}\n`)]
    .join(
      "\n",
    );
}

function columns(left: string, right: string): string {
  const safe = right.split("\n").map(harmless).join("\n");
  return `${harmless(left).padEnd(NAME_WIDTH)} ${safe}`;
}
