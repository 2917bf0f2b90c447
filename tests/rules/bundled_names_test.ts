// The bundled rules have the names of Falco's stable, incubating and audit files, and what users write for those acts here.

import assert from "node:assert/strict";
import { loadRules } from "../../rules/load.ts";
import type { RuleSelection } from "../../rules/items/selection.ts";
import { makeSource } from "../../rules/text/source.ts";
import { upstreamMissing, upstreamRules } from "../support/upstream.ts";

const bundled = (file: string) =>
  Deno.readTextFileSync(new URL(`../../rules/bundled/${file}`, import.meta.url));
const BUNDLED = bundled("falco_rules.yaml");
const AUDIT = bundled("k8s_audit_rules.yaml");
/** Falco's files, and the bundled one with their names. */
const COUNTERPARTS: readonly (readonly [file: string, text: string])[] = [
  ["falco_rules.yaml", BUNDLED],
  ["falco-incubating_rules.yaml", BUNDLED],
  ["k8s_audit_rules.yaml", AUDIT],
];
const load = (own = "", ruleSelection: readonly RuleSelection[] = []) =>
  loadRules([makeSource("falco_rules.yaml", BUNDLED), makeSource("own.yaml", own)], { ruleSelection });
/** A condition with its values as text. */
const words = (condition: unknown) =>
  JSON.stringify(condition, (_, value) => {
    if (typeof value === "bigint") return String(value);
    return value instanceof Uint8Array ? new TextDecoder("latin1").decode(value) : value;
  });
const ofKind = (text: string, kind: string) =>
  [...text.matchAll(new RegExp(`^- ${kind}: (.*)$`, "gm"))].map(([, name]) => name!.trim());

for (const [file, text] of COUNTERPARTS) {
  Deno.test({
    name: `the bundled rules have every rule, macro and list that ${file} names${
      upstreamMissing ? ` (skipped: ${upstreamMissing})` : ""
    }`,
    ignore: upstreamMissing !== undefined,
    fn() {
      const upstream = Deno.readTextFileSync(upstreamRules(file));
      for (const kind of ["rule", "macro", "list"]) {
        const ours = new Set(ofKind(text, kind));
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
    for (const [file, text] of COUNTERPARTS) {
      const ours = new Map(loadRules([makeSource("ours", text)], all).rules.map((rule) => [rule.name, rule]));
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
  const uses: readonly (readonly [rule: string, ...words: string[]])[] = [
    ["Read sensitive file untrusted", "backup", "agent", "own"],
    ["Execution from /dev/shm", "registry/own"],
    ["Drop and execute new binary in container", "registry/builder"],
    ["Contact K8S API Server From Container", "registry/operator", "registry/own"],
    ["Terminal shell in container", "tini", "debug"],
  ];
  for (const [rule, ...expected] of uses) {
    for (const word of expected) {
      assert.ok(words(named.get(rule)!.condition).includes(`"${word}"`), `${rule}: ${word}`);
    }
  }
});

Deno.test("the bundled rules of both sources load together, with an error or a warning for none", () => {
  const { rules, diagnostics } = loadRules([
    makeSource("falco_rules.yaml", BUNDLED),
    makeSource("audit.yaml", AUDIT),
  ]);
  assert.deepEqual(diagnostics, []);
  assert.equal(rules.filter(({ source }) => source === "k8s_audit").length, ofKind(AUDIT, "rule").length);
  // so that a user's rule is hidden by none but those that hide it in Falco
  const later = rules.filter(({ source, tags }) => source === "k8s_audit" && tags.includes("asked_last"));
  assert.deepEqual(later.map(({ name }) => name), ["Secrets listed", "Node joined"]);
});

Deno.test("overrides, exceptions, appends and selections for Falco's audit rules load with the bundled file", () => {
  const own = `
- list: allowed_k8s_users
  items: [jane]
  append: true
- list: k8s_audit_privileged_images
  items: [registry/agent]
  override: {items: append}
- list: allowed_namespaces
  items: [shop]
  override: {items: append}
- list: user_trusted_image_list
  items: [registry/operator]
  override: {items: replace}
- list: user_known_sa_list
  items: [robot]
  append: true
- macro: user_known_exec_pod_activities
  condition: (ka.user.name = oncall)
  override: {condition: replace}
- macro: allowed_k8s_containers
  condition: (ka.req.pod.containers.image.repository in (registry/web))
- macro: consider_activity_events
  condition: and not ka.user.name = gitops
  append: true
- rule: K8s Secret Get Successfully
  exceptions:
    - {name: readers, fields: [ka.user.name, ka.target.namespace], comps: [=, =], values: [[vault, safe]]}
  override: {exceptions: append}
- rule: Create HostNetwork Pod
  condition: and not ka.target.namespace = ingress
  append: true
- rule: Attach to cluster-admin Role
  output: "Bound (user=%ka.user.name subject=%ka.req.binding.subjects)"
  priority: CRITICAL
  tags: [ours]
  override: {output: replace, priority: replace, tags: append}
- rule: port-forward
  enabled: false
  override: {enabled: replace}
- rule: Ours
  desc: uses Falco's macros
  condition: kevt and kmodify and (deployment or configmap or secret) and response_successful and non_system_user
  output: "%ka.user.name"
  priority: NOTICE
  source: k8s_audit
`;
  const { rules, diagnostics } = loadRules([makeSource("k8s.yaml", AUDIT), makeSource("own.yaml", own)], {
    ruleSelection: [{ action: "disable", rule: "K8s ConfigMap *" }, {
      action: "disable",
      rule: "Create HostIPC Pod",
    }],
  });
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === "error"), []);
  const named = new Map(rules.map((rule) => [rule.name, rule]));
  for (
    const name of ["port-forward", "K8s ConfigMap Created", "K8s ConfigMap Deleted", "Create HostIPC Pod"]
  ) {
    assert.ok(!named.has(name), name);
  }
  assert.ok(named.has("Ours") && named.has("K8s Secret Created"));
  const admin = named.get("Attach to cluster-admin Role")!;
  assert.equal(admin.priority, "Critical");
  assert.ok(admin.tags.includes("ours") && admin.tags.includes("k8s"));
  const uses: readonly (readonly [rule: string, word: string])[] = [
    ["Disallowed K8s User", "jane"],
    ["Create Privileged Pod", "registry/agent"],
    ["Create Disallowed Namespace", "shop"],
    ["Pod Created in Kube Namespace", "registry/operator"],
    ["Service Account Created in Kube Namespace", "robot"],
    ["Attach/Exec Pod", "oncall"],
    ["Create Disallowed Pod", "registry/web"],
    ["K8s Deployment Created", "gitops"],
    ["K8s Secret Get Successfully", "vault"],
    ["Create HostNetwork Pod", "ingress"],
  ];
  for (const [rule, word] of uses) {
    assert.ok(words(named.get(rule)!.condition).includes(`"${word}"`), `${rule}: ${word}`);
  }
});
