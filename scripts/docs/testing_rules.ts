// The tables of docs/testing-rules.md, from those that the reader of test files uses; the text around them is written by hand.
// In: the page as it is, keys, descriptions and words of ruletest/. Out: the page with its tables as of now.

import { DESCRIPTIONS } from "../../ruletest/schema/descriptions.ts";
import { WORDS } from "../../ruletest/scenario/words/words.ts";
import { CONTAINER_KEYS } from "../../ruletest/suite/read_container.ts";
import { PROCESS_KEYS } from "../../ruletest/suite/read_process.ts";
import { STEP_KEYS } from "../../ruletest/suite/read_steps.ts";
import { code, table } from "./markdown.ts";

const KEYS: Readonly<Record<string, readonly string[]>> = {
  process: PROCESS_KEYS,
  container: CONTAINER_KEYS,
  step: STEP_KEYS,
};
const PLACES: Readonly<Record<string, string>> = {
  process: "a process",
  container: "a container",
  step: "an event",
};
const TABLE = /(<!-- (keys (\w+)|words) -->\n)[^]*?(<!-- end -->)/g;

export function testingRulesPage(page: string): string {
  return page.replace(TABLE, (_, begin: string, _what, place: string | undefined, end: string) => {
    const lines = place === undefined
      ? table(["word", "does"], wordRows())
      : table([`key of ${PLACES[place]}`, "means"], keyRows(place));
    return `${begin}${lines.join("\n")}\n${end}`;
  });
}

function keyRows(place: string): string[][] {
  return KEYS[place]!.map((key) => [code(key), DESCRIPTIONS[`${place}.${key}`] ?? DESCRIPTIONS[key]!]);
}

function wordRows(): string[][] {
  return Object.values(WORDS).map(({ form, summary }) => [code(form), summary]);
}
