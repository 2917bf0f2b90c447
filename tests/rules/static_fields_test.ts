// What the configuration adds to rules: static fields, text after outputs, fields of output_fields.

import assert from "node:assert/strict";
import { createAlertFormatter } from "../../alerts/alert_formatter.ts";
import { compileRules } from "../../rules/compile.ts";
import { type LoadOptions, loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";

const RULE = (name: string, condition: string, more = "") =>
  `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: name=%proc.name\n  priority: info\n${more}`;

function load(text: string, options: LoadOptions) {
  return loadRules([makeSource("x.yaml", text)], options);
}

Deno.test("a static field is a text in conditions; what it decides is decided when rules are compiled", () => {
  const staticFields = { env: "prod", region: "" };
  const holds: [string, boolean][] = [
    ["static.env = prod", true],
    ["static.env != prod", false],
    ["static.env in (dev, prod)", true],
    ["static.env startswith pr", true],
    ["static.env glob p*d", true],
    ["static.env exists", true],
    ['static.region = ""', true],
    ["toupper(static.env) = PROD", true],
    ["proc.name != val(static.env)", true],
  ];
  for (const [condition, can] of holds) {
    const { rules, diagnostics } = load(RULE("R", `evt.type = openat and ${condition}`), { staticFields });
    assert.deepEqual(diagnostics, [], condition);
    assert.equal(compileRules(rules, { matching: "first" }).eventCodes.length > 0, can, condition);
  }
  const codes = (options: LoadOptions) =>
    load(RULE("R", "evt.type = openat and static.env = a"), options).diagnostics.map(({ code }) => code);
  assert.deepEqual(codes({ staticFields: { other: "x" } }), ["unknown-field"]);
  assert.deepEqual(codes({}), ["unknown-field"]);
});

const STYLE = {
  json: true,
  includeOutput: true,
  includeMessage: true,
  includeOutputFields: true,
  includeTags: false,
  isoTime: false,
  base64: false,
  hostname: "h",
};

Deno.test("append_output: text after outputs, typed fields and formatted ones in output_fields only", () => {
  const { rules, diagnostics } = load(RULE("R", "evt.type = openat", "  tags: [a, b]\n"), {
    staticFields: { env: "prod" },
    appendOutput: [
      { match: { tags: ["a", "c"] }, extraOutput: "not for it" },
      { match: { source: "k8s_audit" }, extraOutput: "nor this" },
      { match: { rule: "R", tags: ["b"], source: "syscall" }, extraOutput: "cpu=%evt.cpu" },
      { extraFields: ["proc.pid", { key: "who", format: "%user.uid/%proc.name" }] },
      { suggestedOutput: true },
    ],
  });
  assert.deepEqual(diagnostics, []);
  const { fields } = rules[0]!.output;
  const values = fields.map(({ key }) =>
    key === "proc.name"
      ? { kind: "text" as const, value: "cat" }
      : key === "proc.pid"
      ? { kind: "int" as const, value: 7n }
      : { kind: "missing" as const }
  );
  const format = createAlertFormatter(rules, STYLE);
  const alert = JSON.parse(
    format({ rule: 0, timeNs: 0n, values } as unknown as Parameters<typeof format>[0]),
  );
  assert.equal(
    alert.message,
    "name=cat cpu=<NA> static_env=<NA> container_id=<NA> container_name=<NA> container_image_repository=<NA> " +
      "container_image_tag=<NA> k8s_pod_name=<NA> k8s_ns_name=<NA>",
  );
  assert.equal(alert.output_fields["proc.pid"], 7);
  assert.equal(alert.output_fields["who"], "<NA>/cat");
  assert.equal(alert.output_fields["static.env"], null);
  assert.ok(!alert.message.includes("who"));
});

Deno.test("append_output: what is wrong with a format is told like a mistake of the rule", () => {
  const found =
    load(RULE("R", "evt.type = openat"), { appendOutput: [{ extraOutput: "%nothing.here" }] }).diagnostics;
  assert.deepEqual(found.map(({ code }) => code), ["unknown-output-field"]);
});

Deno.test("rules: switched by name, wildcard and tag, in order; a late one runs last", () => {
  const text = RULE("One", "evt.type = openat", "  tags: [a]\n") + RULE("Two", "evt.type = close") +
    RULE("Three", "evt.type = execve", "  enabled: false\n  tags: [a]\n");
  const names = (...ruleSelection: NonNullable<LoadOptions["ruleSelection"]>) =>
    load(text, { ruleSelection }).rules.map(({ name }) => name);
  assert.deepEqual(names(), ["One", "Two"]);
  assert.deepEqual(names({ action: "disable", rule: "T*" }), ["One"]);
  assert.deepEqual(names({ action: "enable", tag: "a" }), ["One", "Two", "Three"]);
  assert.deepEqual(names({ action: "disable", rule: "*" }, { action: "enable", rule: "*o" }), ["Two"]);
  assert.deepEqual(names({ action: "disable", rule: "One" }, { action: "enable", rule: "One" }), [
    "Two",
    "One",
  ]);
});
