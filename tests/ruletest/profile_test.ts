// `falco profile`: counts are exact, every part is the part that it says it is, the page loads nothing, advice rests on figures.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { compileRules } from "../../rules/compile.ts";
import { conditionTree } from "../../rules/describe/condition_tree.ts";
import { loadRules } from "../../rules/load.ts";
import { adviceFor } from "../../ruletest/profile/advice.ts";
import type { Profile, ProfiledRule } from "../../ruletest/profile/profile.ts";
import { profilePage } from "../../ruletest/profile/profile_page.ts";
import { profileText } from "../../ruletest/profile/profile_text.ts";
import { partTexts } from "../../ruletest/profile/rule_parts.ts";
import { falco, STACK_TRACE, withRules } from "../cli/falco_command.ts";
import { matcherMissing } from "../engine/matcher_artefact.ts";
import { recordingPath } from "../support/recordings.ts";

const ignore = matcherMissing !== undefined;
const because = ignore ? ` (skipped: ${matcherMissing})` : "";
const BUNDLED = "rules/bundled/falco_rules.yaml";
const FILES = recordingPath("files");

Deno.test("each part that is counted has a text", () => {
  const loaded = loadRules([{ path: BUNDLED, text: Deno.readTextFileSync(BUNDLED) }], { lint: false });
  const { leaves } = compileRules(loaded.rules, { matching: "first", leaves: "compiled" });
  loaded.rules.forEach((rule, index) => {
    equal(partTexts(conditionTree(loaded, rule)).length, leaves!.rules[index]!.parts.length, rule.name);
  });
});

Deno.test({
  name: `each look at a rule ends at a part or is a match; a page can be written, too${because}`,
  ignore,
  async fn() {
    const page = await Deno.makeTempFile({ suffix: ".html" });
    const { code, stdout } = await falco(
      ...["profile", "--trace", FILES, "--json", "--html", page, "-o", "rule_matching=all"],
    );
    equal(code, 0);
    const profile: Profile = JSON.parse(stdout);
    equal(profile.events, 16922);
    ok(profile.rules.some(({ matches }) => matches > 0));
    for (const { rule, evaluations, matches, parts } of profile.rules) {
      const ended = parts.reduce((sum, part) => sum + part.evaluated - part.held, 0);
      equal(ended + matches, evaluations, rule);
    }
    const shares = profile.rules.reduce((sum, { share }) => sum + share, 0);
    ok(shares > 0.99 && shares < 1.01);
    match(await Deno.readTextFile(page), /<svg[^]*Read sensitive file untrusted/);
    await Deno.remove(page);
  },
});

const RULE: ProfiledRule = {
  rule: 'a <script>"x"\u001b[2J',
  file: "r.yaml",
  line: 1,
  evaluations: 1000,
  matches: 3,
  is_seldom: false,
  nanoseconds: 50_000,
  ns_per_event: 50,
  ns_per_evaluation: 50,
  share: 1,
  parts: [{ text: "proc.name = <b>", macros: ["m"], evaluated: 1000, held: 3, ended: 0.997 }],
  captures: { types: ["open", "openat", "close", "dup"], alone: ["close"], events_alone: 900 },
};

const profileOf = (rules: readonly ProfiledRule[]): Profile => ({
  trace: "t.scap",
  events: 1000,
  nanoseconds: 50_000,
  ns_per_event: 50,
  rules,
  advice: [{ rule: RULE.rule, kind: "capture", text: "<i>" }],
  notes: ["<u>"],
});

Deno.test("page and table: nothing of a rule's name acts, nothing is loaded from elsewhere", () => {
  const page = profilePage(profileOf([RULE]));
  // deno-lint-ignore no-control-regex
  equal(/<script|= <b>|<i>|<u>|\x1b/.test(page), false);
  equal(/\b(?:src|href|url|import)\b\s*[=(]|https?:/.test(page), false);
  match(page, /default-src 'none'/);
  // deno-lint-ignore no-control-regex
  equal(/\x1b/.test(profileText(profileOf([RULE]))), false);
});

Deno.test("a rule that was looked at too seldom has no time", () => {
  const text = profileText(profileOf([{ ...RULE, rule: "seldom", evaluations: 5, is_seldom: true }]));
  match(text, /^ {10,}5 +3 {2}seldom$/m);
});

Deno.test("advice: only what saves time and looks, by both figures", async () => {
  const checked = loadRules([{
    path: "r",
    text: `
- rule: dear
  desc: test
  condition: fd.name contains x
  output: x
  priority: INFO
`,
  }], { lint: false }).rules;
  const rule = { ...RULE, rule: "dear", captures: { ...RULE.captures, alone: [], events_alone: 0 } };
  const ask = async (nanoseconds: number, evaluations: number, more: Partial<ProfiledRule> = {}) =>
    (await adviceFor({
      rules: [{ ...rule, ...more }],
      checked,
      events: 1000,
      matchedTypes: new Map([["dear", new Set(["openat"])]]),
      measure: () => Promise.resolve({ nanoseconds, evaluations }),
    })).map(({ kind, after_ns }) => [kind, after_ns]);
  deepEqual(await ask(10_000, 200), [["types", 10_000]]);
  deepEqual(await ask(10_000, 990), [], "less time by chance");
  deepEqual(await ask(45_000, 200), [], "fewer looks that took no time");
  deepEqual(await ask(10_000, 200, { share: 0.01 }), [], "a rule that is cheap");
  deepEqual(await ask(50_000, 1000, { captures: RULE.captures }), [["capture", undefined]]);
  deepEqual(await ask(50_000, 1000, { captures: { ...RULE.captures, events_alone: 40 } }), []);
});

Deno.test({
  name: `this host: what falco sees as it is set${Deno.uid() === 0 ? "" : " (skipped: needs root)"}`,
  ignore: ignore || Deno.uid() !== 0,
  async fn() {
    const text = `
- rule: All opens
  desc: a test
  condition: evt.type in (open, openat) and fd.name = /nowhere/at/all
  output: x
  priority: INFO
`;
    await withRules(text, async (path) => {
      const { code, stdout, stderr } = await falco("profile", "--duration", "2", "--json", "-r", path);
      equal(code, 0, stderr);
      const profile: Profile = JSON.parse(stdout);
      equal(profile.seconds, 2);
      equal(profile.rules.length, 1);
      equal(profile.rules[0]!.matches, 0);
      deepEqual(profile.rules[0]!.captures.types, ["open", "openat"]);
    });
  },
});

Deno.test("a page that cannot be written, a recording that is none: said without a trace of the stack", async () => {
  for (const args of [["--html", "/nowhere/page.html", "--trace", FILES], ["--trace", "/nowhere.scap"]]) {
    const { code, stderr } = await falco("profile", ...args);
    ok(code > 0);
    match(stderr, /nowhere/);
    equal(STACK_TRACE.test(stderr), false, stderr);
  }
});
