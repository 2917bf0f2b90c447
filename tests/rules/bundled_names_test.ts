// The bundled rules have the names of Falco's stable and incubating files, and what users write for those acts here.

import assert from "node:assert/strict";
import { loadRules } from "../../rules/load.ts";
import type { RuleSelection } from "../../rules/items/selection.ts";
import { makeSource } from "../../rules/text/source.ts";
import { upstreamMissing, upstreamRules } from "../support/upstream.ts";

const BUNDLED = Deno.readTextFileSync(new URL("../../rules/bundled/falco_rules.yaml", import.meta.url));
const load = (own = "", ruleSelection: readonly RuleSelection[] = []) =>
  loadRules([makeSource("falco_rules.yaml", BUNDLED), makeSource("own.yaml", own)], { ruleSelection });
const ofKind = (text: string, kind: string) =>
  [...text.matchAll(new RegExp(`^- ${kind}: (.*)$`, "gm"))].map(([, name]) => name!.trim());

for (const file of ["falco_rules.yaml", "falco-incubating_rules.yaml"]) {
  Deno.test({
    name: `the bundled rules have every rule, macro and list that ${file} names${
      upstreamMissing ? ` (skipped: ${upstreamMissing})` : ""
    }`,
    ignore: upstreamMissing !== undefined,
    fn() {
      const upstream = Deno.readTextFileSync(upstreamRules(file));
      for (const kind of ["rule", "macro", "list"]) {
        const ours = new Set(ofKind(BUNDLED, kind));
        assert.deepEqual(ofKind(upstream, kind).filter((name) => !ours.has(name)), [], kind);
      }
    },
  });
}

Deno.test({
  name: `the bundled rules have the priorities of Falco's rules, and their tags among others${
    upstreamMissing ? ` (skipped: ${upstreamMissing})` : ""
  }`,
  ignore: upstreamMissing !== undefined,
  fn() {
    const all = { ruleSelection: [{ action: "enable", rule: "*" }] as const };
    const ours = new Map(
      loadRules([makeSource("ours", BUNDLED)], all).rules.map((rule) => [rule.name, rule]),
    );
    for (const file of ["falco_rules.yaml", "falco-incubating_rules.yaml"]) {
      const upstream = loadRules([makeSource(file, Deno.readTextFileSync(upstreamRules(file)))], all);
      for (const { name, priority, tags } of upstream.rules) {
        const own = ours.get(name)!;
        assert.equal(own.priority, priority, name);
        assert.deepEqual(tags.filter((tag) => !own.tags.includes(tag)), [], name);
      }
    }
  },
});

Deno.test("the bundled rules: what Falco loads by default is enabled, its incubating rules are where they are quiet", () => {
  const { rules, diagnostics } = load();
  assert.deepEqual(diagnostics, []);
  const stable = rules.filter(({ tags }) => tags.includes("maturity_stable"));
  assert.equal(stable.length, 25);
  // so a user's rule is hidden by none but those that hide it in Falco
  assert.ok(rules.every(({ tags }) => tags.includes("maturity_stable") !== tags.includes("asked_last")));
  const all = load("", [{ action: "enable", tag: "maturity_incubating" }]);
  assert.deepEqual(all.diagnostics, []);
  assert.equal(all.rules.filter(({ tags }) => tags.includes("maturity_incubating")).length, 31);
});

Deno.test("overrides, exceptions, appends and selections for Falco's rules load with the bundled file", () => {
  const own = `
- macro: user_known_read_sensitive_files_activities
  condition: proc.name = backup
  override: {condition: replace}
- list: read_sensitive_file_binaries
  items: [agent]
  override: {items: append}
- list: falco_privileged_images
  items: [registry/own]
  append: true
- list: known_drop_and_execute_containers
  items: [registry/builder]
  override: {items: append}
- macro: k8s_containers
  condition: or container.image.repository = registry/operator
  override: {condition: append}
- macro: container_entrypoint
  condition: or proc.pname = tini
  append: true
- rule: Read sensitive file untrusted
  exceptions:
    - {name: programs, fields: [proc.name, fd.name], comps: [=, startswith], values: [[own, /etc/shadow]]}
  override: {exceptions: append}
- rule: Terminal shell in container
  condition: and not k8s.ns.name = debug
  append: true
- rule: Run shell untrusted
  output: "shell (parent=%proc.pname)"
  priority: ERROR
  tags: [ours]
  override: {output: replace, priority: replace, tags: append}
- rule: Clear Log Activities
  enabled: false
  override: {enabled: replace}
- rule: Launch Privileged Container
  enabled: true
  override: {enabled: replace}
`;
  const { rules, diagnostics } = load(own, [
    { action: "disable", rule: "Packet socket*" },
    { action: "enable", rule: "Unexpected UDP Traffic" },
  ]);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === "error"), []);
  const named = new Map(rules.map((rule) => [rule.name, rule]));
  assert.ok(!named.has("Clear Log Activities") && !named.has("Packet socket created in container"));
  assert.ok(named.has("Launch Privileged Container") && named.has("Unexpected UDP Traffic"));
  const shell = named.get("Run shell untrusted")!;
  assert.equal(shell.priority, "Error");
  assert.ok(shell.tags.includes("ours") && shell.tags.includes("maturity_stable"));
  const words = (name: string) =>
    JSON.stringify(named.get(name)!.condition, (_, value) => {
      if (typeof value === "bigint") return String(value);
      return value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : value;
    });
  const uses: readonly (readonly [rule: string, ...words: string[]])[] = [
    ["Read sensitive file untrusted", "backup", "agent", "own"],
    ["Execution from /dev/shm", "registry/own"],
    ["Drop and execute new binary in container", "registry/builder"],
    ["Contact K8S API Server From Container", "registry/operator", "registry/own"],
    ["Terminal shell in container", "tini", "debug"],
  ];
  for (const [rule, ...expected] of uses) {
    for (const word of expected) assert.ok(words(rule).includes(`"${word}"`), `${rule}: ${word}`);
  }
});
