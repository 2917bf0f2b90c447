import { deepEqual, equal, match, ok } from "node:assert/strict";
import fc from "fast-check";
import { defaultSettings, type Settings } from "../../../config/settings.ts";
import { createNoiseControl, NoiseControl } from "../../../outputs/noise_control/noise_control.ts";
import { NoiseTally } from "../../../outputs/noise_control/noise_tally.ts";
import { unseenFields } from "../../../outputs/noise_control/unseen_fields.ts";
import { createOutgoingAlerts } from "../../../alerts/outgoing_alert.ts";
import type { OutgoingAlert } from "../../../alerts/alert_facts.ts";
import { alert, rule, STYLE, template, text } from "../samples.ts";

const OUTPUT = template("read %fd.name by %proc.name");
const RULES = [
  rule(OUTPUT, { name: "Read", priority: "Notice" }),
  rule(OUTPUT, { name: "Shell", priority: "Warning", tags: ["shell"] }),
  rule(OUTPUT, { name: "Escape", priority: "Critical" }),
];
const SECOND_NS = 1_000_000_000n;

/** By the time of events, so that a test says what time it is. */
function stage(settings: Partial<Settings>) {
  const tally = new NoiseTally();
  const noise = createNoiseControl({
    settings: { ...defaultSettings(), ...settings },
    tally,
    byEventTime: true,
  })!;
  const render = createOutgoingAlerts(RULES, STYLE);
  const passed: OutgoingAlert[] = [];
  let sequence = 0n;
  const pass = (passing: OutgoingAlert) => void passed.push(passing);
  return {
    take(seconds: number, file: string, by = "cat", ruleIndex = 0) {
      const timeNs = 1_000_000n * SECOND_NS + BigInt(Math.round(seconds * 1e9));
      const values = [text(file), text(by)];
      noise.take(render({ ...alert(values, timeNs), rule: ruleIndex }, ++sequence), pass);
    },
    close: () => noise.close(pass),
    passed,
    messages: () => passed.splice(0).map(({ message }) => message),
    counters: () => tally.counters(),
  };
}

const GROUPING = {
  "noise_control.grouping.enabled": true,
  "noise_control.grouping.window": 10_000,
  "noise_control.grouping.fields": ["proc.name"],
} as const;

Deno.test("noise control is off unless the settings ask for it", () => {
  equal(createNoiseControl({ settings: defaultSettings(), tally: new NoiseTally() }), undefined);
});

Deno.test("grouping: the first alert at once, then one summary a window while repeats go on, then silence", () => {
  const { take, messages } = stage(GROUPING);
  for (let second = 0; second < 10; second++) take(second, `/f${second}`);
  deepEqual(messages(), ["read /f0 by cat"]);
  take(10, "/f10");
  deepEqual(messages(), ["read /f9 by cat (9 repeats in 10.0 s)"]);
  take(25, "/f11"); // the window in between had one repeat
  deepEqual(messages(), ["read /f10 by cat (1 repeat in 15.0 s)"]);
  take(70, "/f12"); // and the one after that had one as well; it began when that was seen
  deepEqual(messages(), ["read /f11 by cat (1 repeat in 45.0 s)"]);
});

Deno.test("grouping: a window without repeats ends the group, so that the next alert passes at once", () => {
  const { take, messages } = stage(GROUPING);
  take(0, "/a");
  take(11, "/b");
  deepEqual(messages(), ["read /a by cat", "read /b by cat"]);
});

Deno.test("grouping: other values of the chosen fields and other rules are other groups", () => {
  const { take, messages } = stage(GROUPING);
  take(0, "/a", "cat");
  take(1, "/b", "tac");
  take(2, "/c", "cat", 1);
  take(3, "/d", "cat");
  deepEqual(messages(), ["read /a by cat", "read /b by tac", "read /c by cat"]);
});

Deno.test("grouping: fields that an output does not have are the same for all its alerts", () => {
  const { take, messages } = stage({ ...GROUPING, "noise_control.grouping.fields": ["container.id"] });
  take(0, "/a", "cat");
  take(1, "/b", "tac");
  deepEqual(messages(), ["read /a by cat"]);
});

Deno.test("a follow-up is an alert of the same rule that says the number to programs too", () => {
  const { take, passed, close } = stage(GROUPING);
  take(0, "/a", "cat", 1);
  take(4.5, "/b", "cat", 1);
  close();
  const followUp = passed[1]!;
  deepEqual([followUp.rule, followUp.priority, followUp.source, followUp.tags], [
    "Shell",
    "Warning",
    "syscall",
    ["shell"],
  ]);
  ok(followUp.text.endsWith(": Warning read /b by cat (1 repeat in 4.5 s)"), followUp.text);
  const { output_fields } = JSON.parse(followUp.json);
  equal(output_fields["noise_control.suppressed"], 1);
  equal(output_fields["noise_control.seconds"], 4.5);
  equal(output_fields["noise_control.cause"], "repeat");
  equal(output_fields["fd.name"], "/b");
  deepEqual(Object.keys(output_fields), Object.keys(output_fields).sort());
});

Deno.test("a rule's limit lets its burst pass and then its rate, and says what it held back", () => {
  const { take, messages, close, counters } = stage({
    "noise_control.rule_rate_limit.rate": 1,
    "noise_control.rule_rate_limit.max_burst": 2,
    "noise_control.summary_interval": 5000,
  });
  for (let i = 0; i < 10; i++) take(i / 10, `/f${i}`);
  take(0.95, "/other", "cat", 1);
  deepEqual(messages(), ["read /f0 by cat", "read /f1 by cat", "read /other by cat"]);
  take(6, "/later");
  deepEqual(messages(), ["read /f9 by cat (8 more suppressed in 5.8 s)", "read /later by cat"]);
  close();
  deepEqual(messages(), []);
  deepEqual(counters().heldBack, [{ rule: "Read", cause: "rule_rate_limit", count: 8n }]);
  equal(counters().followUps, 1n);
});

Deno.test("the limit of all rules spares severe alerts: a flood of others cannot hide them", () => {
  const { take, messages, counters } = stage({
    "noise_control.rate_limit.rate": 1,
    "noise_control.rate_limit.max_burst": 1,
  });
  for (let i = 0; i < 100; i++) take(0, "/noise");
  take(0, "/proc/1/root", "runc", 2);
  deepEqual(messages(), ["read /noise by cat", "read /proc/1/root by runc"]);
  deepEqual(counters().heldBack, [{ rule: "Read", cause: "rate_limit", count: 99n }]);
});

Deno.test("a rule may have a limit and groups of its own, by name or by tag", () => {
  const { take, messages } = stage({
    ...GROUPING,
    "noise_control.rules": [
      { rule: "Re*", group: false, rate: 1, max_burst: 1 },
      { tag: "shell", fields: ["fd.name"] },
    ],
  });
  take(0, "/a");
  take(0, "/a");
  take(0, "/a", "cat", 1);
  take(0, "/a", "tac", 1);
  take(0, "/b", "cat", 1);
  deepEqual(messages(), ["read /a by cat", "read /a by cat", "read /b by cat"]);
});

Deno.test("groups are bounded: the oldest ends early, with its summary, and that is counted", () => {
  const { take, messages, counters } = stage({ ...GROUPING, "noise_control.grouping.max_groups": 2 });
  take(0, "/a", "one");
  take(1, "/a", "one");
  take(2, "/b", "two");
  take(3, "/c", "three");
  deepEqual(messages(), [
    "read /a by one",
    "read /b by two",
    "read /a by one (1 repeat in 3.0 s)",
    "read /c by three",
  ]);
  equal(counters().groupsEvicted, 1n);
});

Deno.test("groups with long values are bounded in memory as well", () => {
  const { take, counters } = stage({ ...GROUPING, "noise_control.grouping.max_groups": 1_000_000 });
  const path = "x".repeat(1 << 20);
  for (let i = 0; i < 100; i++) {
    take(0, "/a", String(i));
    take(0, path, String(i));
  }
  ok(counters().groupsEvicted >= 30n, `${counters().groupsEvicted}`);
});

Deno.test("times that jump back or far ahead neither stop the stage nor lose a count", () => {
  const { take, passed, close, counters } = stage(GROUPING);
  for (const second of [0, 1, -900_000, 2, 9e9, 3, 4]) take(second, "/a");
  close();
  const told = passed.reduce((sum, { message }) => sum + Number(/\((\d+) repeat/.exec(message)?.[1] ?? 0), 0);
  equal(BigInt(told), counters().heldBack[0]?.count);
});

Deno.test("whatever comes, every alert passes or is counted, and follow-ups tell all that was held back", () => {
  const event = fc.record({
    after: fc.double({ min: 0, max: 20, noNaN: true }),
    by: fc.constantFrom("a", "b", "c"),
    rule: fc.constantFrom(0, 1, 2),
  });
  const settings = fc.record({
    groups: fc.boolean(),
    maxGroups: fc.constantFrom(1, 2, 100),
    rate: fc.constantFrom(0, 0.2, 5),
    ruleRate: fc.constantFrom(0, 0.1, 2),
  });
  fc.assert(fc.property(fc.array(event, { maxLength: 60 }), settings, (events, chosen) => {
    const { take, passed, close, counters } = stage({
      "noise_control.grouping.enabled": chosen.groups,
      "noise_control.grouping.window": 10_000,
      "noise_control.grouping.fields": ["proc.name"],
      "noise_control.grouping.max_groups": chosen.maxGroups,
      "noise_control.rate_limit.rate": chosen.rate,
      "noise_control.rate_limit.max_burst": 2,
      "noise_control.rule_rate_limit.rate": chosen.ruleRate,
      "noise_control.rule_rate_limit.max_burst": 2,
      // never absent: without any setting there is no stage
      "noise_control.rules": [{ rule: "none" }],
    });
    let second = 0;
    for (const { after, by, rule } of events) take(second += after, "/f", by, rule);
    close();
    const isFollowUp = ({ message }: OutgoingAlert) => / \(\d+ (repeats?|more suppressed) in /.test(message);
    const followUps = passed.filter(isFollowUp);
    const told = followUps.reduce((sum, { message }) => sum + Number(/\((\d+) /.exec(message)![1]), 0);
    const held = counters().heldBack.reduce((sum, { count }) => sum + Number(count), 0);
    equal(passed.length - followUps.length + held, events.length);
    equal(told, held);
    equal(BigInt(followUps.length), counters().followUps);
  }));
});

Deno.test("a field that no output has is named, but not while nothing is grouped, and none of the default", () => {
  const settings = { ...defaultSettings(), "noise_control.grouping.fields": ["proc.name", "proc.nmae"] };
  deepEqual(unseenFields(settings, RULES), []);
  deepEqual(unseenFields({ ...settings, "noise_control.grouping.enabled": true }, RULES), ["proc.nmae"]);
  deepEqual(unseenFields({ ...defaultSettings(), "noise_control.grouping.enabled": true }, RULES), []);
});

Deno.test("while nothing comes, windows end by themselves", async () => {
  const policy = { sparedRank: -1, summaryMs: 20, maxGroups: 10 };
  const grouping = { windowMs: 20, fields: [] };
  const limit = { rate: 0.001, maxBurst: 1 };
  const render = createOutgoingAlerts(RULES, STYLE);
  for (const ofRule of [() => ({ grouping }), () => ({ limit })]) {
    const noise = new NoiseControl({ ...policy, ofRule }, new NoiseTally());
    const { promise: told, resolve } = Promise.withResolvers<string>();
    const pass = ({ message }: OutgoingAlert) => / in /.test(message) ? resolve(message) : undefined;
    for (const sequence of [1n, 2n, 3n]) noise.take(render(alert([text("/a"), text("cat")]), sequence), pass);
    match(await told, /^read \/a by cat \(2 (repeats|more suppressed) in \d+\.\d s\)$/);
    noise.close(pass);
  }
});
