// `falco explain`: what it says of events is what the engine does with them; what it cannot explain it says, too.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Alert } from "../../alerts/alert.ts";
import { Engine } from "../../engine/engine.ts";
import { compileRules } from "../../rules/compile.ts";
import { compileExplanation } from "../../rules/compile_explanation.ts";
import { conditionTree } from "../../rules/describe/condition_tree.ts";
import { BlockWriter } from "../../scap/block_writer.ts";
import { asyncEvent } from "../../scap/event_block.ts";
import { writeSectionHeader } from "../../scap/section.ts";
import { loadRules } from "../../rules/load.ts";
import { readAttempt } from "../../ruletest/explain/attempt.ts";
import { fewestFlips, holds } from "../../ruletest/explain/flips.ts";
import { falco, falcoReading, GOOD_RULE, STACK_TRACE, withRules } from "../cli/falco_command.ts";
import { matcherMissing } from "../engine/matcher_artefact.ts";
import { recordingPath } from "../support/recordings.ts";

const ignore = matcherMissing !== undefined;
const because = ignore ? ` (skipped: ${matcherMissing})` : "";
const BUNDLED = "rules/bundled/falco_rules.yaml";
const AUDIT = "rules/bundled/k8s_audit_rules.yaml";
const FILES = recordingPath("files");

async function replay(rules: Parameters<typeof Engine.start>[0]["rules"], recording: string) {
  const alerts: Alert[] = [];
  const engine = await Engine.start({
    rules,
    source: { kind: "replay", path: recordingPath(recording) },
    onAlerts: (batch) => void alerts.push(...batch),
  });
  await engine.ended;
  return { alerts, words: engine.leafWords };
}

for (const recording of ["services"]) {
  Deno.test({
    name:
      `${recording}: events explained as matches are those that alert, and misses are as far as their checks say${because}`,
    ignore,
    async fn() {
      const loaded = loadRules([{ path: BUNDLED, text: Deno.readTextFileSync(BUNDLED) }], { lint: false });
      const { alerts } = await replay(compileRules(loaded.rules, { matching: "all" }), recording);
      const fired = new Set(alerts.map(({ rule }) => rule));
      const quiet = loaded.rules.keys().filter((index) => !fired.has(index)).take(2);
      ok(fired.size > 3);
      for (const index of [...fired, ...quiet]) {
        const rule = loaded.rules[index]!;
        const compiled = compileExplanation({ rule, earlier: [], kept: 50 });
        const { alerts: reports, words } = await replay(compiled.code, recording);
        const expected = alerts.filter((alert) => alert.rule === index).map(({ eventNumber }) => eventNumber);
        const attempts = reports.map((report) => readAttempt(report, compiled));
        equal(Number(words[0]), expected.length, rule.name);
        const matches = attempts.filter(({ distance }) => distance === 0).map(({ event }) => event);
        deepEqual(matches, expected.slice(0, 50), rule.name);
        const tree = conditionTree(loaded, rule);
        for (const { answers, distance } of attempts) {
          equal(fewestFlips(tree, answers).length, distance, rule.name);
          equal(holds(tree, answers), distance === 0, rule.name);
        }
      }
    },
  });
}

Deno.test({
  name: `--json: counts, the checks with their values, the place of each${because}`,
  ignore,
  async fn() {
    const { code, stdout } = await falco(
      ...["explain", "Fileless execution via memfd_create", "--trace", FILES, "--json", "-r", BUNDLED],
    );
    equal(code, 1);
    const explanation = JSON.parse(stdout);
    equal(explanation.matches, 0);
    equal(explanation.events.total, 16922);
    deepEqual(explanation.events.of_types, { execve: 115, execveat: 0 });
    const [miss] = explanation.near;
    equal(miss.distance, 1);
    deepEqual(miss.checks[0].seen, [{ values: { "proc.is_exe_from_memfd": "false" }, events: 100 }]);
    equal(miss.nearest.condition.kind, "and");
  },
});

Deno.test({
  name: `an event that a filter of the type leaves out is explained when it is asked for${because}`,
  ignore,
  async fn() {
    const ask = (event: string) =>
      falco("explain", "Terminal shell in container", "--trace", FILES, "--event", event);
    const { code, stdout } = await ask("200");
    equal(code, 1);
    match(stdout, /✗ evt\.type in \(execve, execveat\) {3}evt\.type: access/);
    const none = await ask("99999999");
    equal(none.code, 1);
    match(none.stderr, /there is no event 99999999/);
  },
});

Deno.test({
  name: `a recording that is cut off is explained up to there, and says so${because}`,
  ignore,
  async fn() {
    const bytes = Deno.readFileSync(FILES);
    const path = await Deno.makeTempFile({ suffix: ".scap" });
    try {
      await Deno.writeFile(path, bytes.subarray(0, bytes.length * 2 / 3));
      await withRules(GOOD_RULE, async (rules) => {
        for (const command of [["explain", "Shadow file opened"], ["profile"]]) {
          const { stdout, stderr } = await falco(...command, "-r", rules, "--trace", path, "--json");
          equal(stderr, "");
          const { events, notes } = JSON.parse(stdout);
          const total = typeof events === "number" ? events : events.total;
          ok(total > 1000 && total < 16922, `${total}`);
          match(notes.join(), /truncated \(at byte \d+ .*The answer is about the events before that/);
        }
      });
    } finally {
      await Deno.remove(path);
    }
  },
});

Deno.test({
  name: `events that a recording only keeps for the state are none that the rule looks at${because}`,
  ignore,
  async fn() {
    const writer = new BlockWriter();
    writeSectionHeader(writer);
    for (const isEvent of [false, true, false]) writer.raw(asyncEvent("container", "{}", 1n, isEvent));
    const path = await Deno.makeTempFile({ suffix: ".scap" });
    try {
      await Deno.writeFile(path, writer.take());
      await withRules(GOOD_RULE.replace(/condition: .*/, "condition: evt.num > 0"), async (rules) => {
        const { stdout } = await falco(
          "explain",
          "Shadow file opened",
          "-r",
          rules,
          "--trace",
          path,
          "--json",
        );
        const { events, matches } = JSON.parse(stdout);
        deepEqual([events.total, events.looked_at, matches], [1, 1, 1]);
      });
    } finally {
      await Deno.remove(path);
    }
  },
});

Deno.test("what is wrong with the command line is said all at once, without a trace of the stack", async () => {
  const wrong: [string[], RegExp][] = [
    [["explain"], /needs the name of a rule, or --alert/],
    [["explain", "A rule"], /name a recording with --trace, or a command after --/],
    [["explain", "A rule", "--trace", "x.scap", "--", "true"], /exclude each other/],
    [["explain", "A rule", "--event", "1"], /--event is a number of --trace[^]*name a recording/],
    [
      ["explain", "Fileless", "--trace", FILES],
      /names with these words: `Fileless execution via memfd_create`/,
    ],
    [
      ["explain", "Terminal shell in container", "--trace", "no.scap"],
      /Cannot read "no\.scap": no such file\n/,
    ],
    [
      ["explain", "spawned_process", "--trace", FILES],
      /`spawned_process` is a macro: name a rule that uses it/,
    ],
    [
      ["explain", "Terminal shell in container", "--trace", FILES, "--event", "x"],
      /expected a whole number from 1/,
    ],
    [
      ["explain", "Create Privileged Pod", "-r", AUDIT, "--trace", FILES],
      /is a capture file of system calls/,
    ],
    [["explain", "--alert", "/nowhere"], /cannot read the alert in \/nowhere/],
  ];
  for (const [args, expected] of wrong) {
    const { code, stderr } = await falco(...args);
    ok(code > 0, args.join(" "));
    match(stderr, expected, args.join(" "));
    equal(STACK_TRACE.test(stderr), false, stderr);
  }
});

Deno.test("a rule of a source that the settings do not name is told how to name it", async () => {
  const rule =
    "- rule: Mine\n  desc: d\n  source: app\n  condition: json.value[/a] = b\n  output: o\n  priority: INFO\n";
  await withRules(rule, async (path) => {
    const { code, stderr } = await falco("explain", "Mine", "-r", path, "--trace", "app.log");
    equal(code > 0, true);
    match(
      stderr,
      /its source `app` are not watched; name it in `sources` of the settings, such as -o 'sources\[\]=/,
    );
  });
});

Deno.test("a rule that an error keeps from running says so, with the error", async () => {
  const text = `
- rule: Faulty
  desc: a test
  condition: evt.type = open and proc.nmae = cat
  output: x
  priority: INFO
`;
  await withRules(text, async (path) => {
    const { code, stderr } = await falco("explain", "Faulty", "-r", path, "--trace", FILES);
    equal(code, 1);
    match(stderr, /the rule `Faulty` never matches: it is left out[^]*proc\.nmae/);
  });
});

Deno.test("an alert: hostile text is made harmless, what is no alert is refused", async () => {
  const text = `
- rule: Reads
  desc: a test
  condition: evt.type = openat and fd.name != /x
  output: "%fd.name"
  priority: INFO
`;
  await withRules(text, async (path) => {
    const hostile = JSON.stringify({ rule: "Reads", output_fields: { "fd.name": "a\u001b[2J\nb" } });
    const good = await falcoReading(hostile, "explain", "--alert", "-", "-r", path);
    equal(good.code, 0);
    match(good.stdout, /✓ fd\.name != \/x {3}fd\.name: a/);
    // deno-lint-ignore no-control-regex
    equal(/\x1b|^b/m.test(good.stdout), false);
    for (const bad of ["", "[1]", "{", '{"rule": 1}', `{"rule":${"[".repeat(100)}`]) {
      const { code, stderr } = await falcoReading(bad, "explain", "--alert", "-", "-r", path);
      equal(code, 1);
      match(stderr, /alert/);
      equal(STACK_TRACE.test(stderr), false);
    }
  });
});

Deno.test({
  name: `an alert with the number of its event is explained by the recording${because}`,
  ignore,
  async fn() {
    const text = `
- rule: Shadow
  desc: a test
  condition: evt.type = openat and fd.name = /etc/shadow
  output: "%evt.num %proc.name"
  priority: INFO
`;
    await withRules(text, async (path) => {
      const replayed = await falco("replay", FILES, "-r", path, "-o", "json_output=true");
      const lines = replayed.stdout.trim().split("\n");
      const number = JSON.parse(lines[1]!).output_fields["evt.num"];
      const { code, stdout } = await falcoReading(
        lines[1]!,
        "explain",
        "--alert",
        "-",
        "-r",
        path,
        "--trace",
        FILES,
      );
      equal(code, 0);
      match(stdout, new RegExp(`Event ${number} matches`));
      equal(stdout.match(/^Event /gm)!.length, 1);
    });
  },
});

Deno.test({
  name: `a call that falco does not capture as it is set: said, and explained all the same${because}`,
  ignore,
  async fn() {
    const text = `
- rule: Reads
  desc: a test
  condition: evt.type = read and fd.name = /etc/shadow
  output: x
  priority: INFO
`;
    await withRules(text, async (path) => {
      const ask = (...more: string[]) => falco("explain", "Reads", "-r", path, "--trace", FILES, ...more);
      const off = await ask("-o", "base_syscalls.named_io=false");
      match(off.stdout, /does not capture read: the setting base_syscalls\.named_io is off/);
      match(off.stdout, /the rule looks at \d+: read/);
      equal(/named_io/.test((await ask()).stdout), false);
    });
  },
});
