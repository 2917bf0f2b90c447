// Lints: golden renderings, and that they find nothing else in the upstream files than what is known to be true.

import assert from "node:assert/strict";
import { renderDiagnostics } from "../../rules/report/render.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { goldenTests } from "./golden.ts";
import { UPSTREAM, upstreamSource } from "./upstream.ts";

goldenTests("lint", ({ sources, options }) => renderDiagnostics(loadRules(sources, options).diagnostics));

/** True findings in the upstream files, by file and what they point at. */
const TRUE_FINDINGS = [
  // the list is there for users to fill
  "never-true falco-incubating_rules.yaml k8s.ns.name in (namespace_scope_network_only_subnet)",
  // the macro allowed_containers is there for users to replace: as it is, it takes all containers
  "never-true falco-sandbox_rules.yaml container.id exists",
  // 16 characters
  "impossible-value falco-sandbox_rules.yaml 30store-metadata",
  // paths and a command line where a name is compared, a name where a path is, a number where SUCCESS or an error is
  "impossible-value falco_rules.yaml /usr/sbin/spamd",
  'impossible-value falco-sandbox_rules.yaml "bash /var/lib/waagent/"',
  "impossible-value falco-sandbox_rules.yaml GuestAgent.log",
  "impossible-value falco-sandbox_rules.yaml -1",
  // `in` reads no patterns
  "literal-glob falco-sandbox_rules.yaml in_heartbeat_r*",
  // a program is started: there is no fd
  "output-without-value falco_rules.yaml %fd.name",
  "output-without-value falco_rules.yaml %fd.name",
  // one output for two rules: chmod's file is `filename`, that of open `name`
  "output-without-value falco-sandbox_rules.yaml %evt.arg.name",
  "output-without-value falco-sandbox_rules.yaml %evt.arg.filename",
  // "Launch Suspicious Network Tool in Container" comes first, and asks for less
  "shadowed-rule falco-sandbox_rules.yaml Network Tool Executed During NPM Package Install",
];

Deno.test(
  "the upstream files give the few findings that are true, and no other",
  { ignore: !UPSTREAM },
  () => {
    const files = ["falco_rules", "falco-incubating_rules", "falco-sandbox_rules", "k8s_audit_rules"];
    const { diagnostics } = loadRules(files.map(upstreamSource));
    const found = diagnostics.map(({ code, span }) =>
      `${code} ${span!.source.path} ${span!.source.text.slice(span!.start, span!.end)}`
    );
    assert.deepEqual(found.sort(), [...TRUE_FINDINGS].sort());
  },
);

Deno.test("the bundled rules give no finding", () => {
  const path = new URL("../../rules/bundled/falco_rules.yaml", import.meta.url);
  const { diagnostics } = loadRules([makeSource("falco_rules.yaml", Deno.readTextFileSync(path))]);
  assert.equal(renderDiagnostics(diagnostics), "");
});

const RULE = (condition: string) =>
  `- rule: R\n  desc: d\n  condition: ${condition}\n  output: o\n  priority: info\n  warn_evttypes: false\n`;

function codes(condition: string): string[] {
  const options = { hide: ["other-call" as const] };
  return loadRules([makeSource("x.yaml", RULE(condition))], options).diagnostics.map(({ code }) => code);
}

Deno.test("what can be true is left alone", () => {
  for (
    const condition of [
      // any ancestor, either end of a connection, lists: several values at once
      "evt.type = execve and proc.aname = bash and proc.aname = sshd",
      "evt.type = connect and fd.ip = 1.2.3.4 and fd.ip = 5.6.7.8",
      "evt.type = connect and fd.port = 80 and fd.port = 443",
      "evt.type = execve and proc.aname[1] = bash and proc.aname[2] = sshd",
      // idioms of never and always
      "evt.num = 0",
      "evt.type = open and evt.num >= 0",
      "evt.type = open and not (evt.num = 0)",
      // a value is missing, or another
      "evt.type = open and not proc.name = a and not proc.name = b",
      "evt.type = open and not fd.name exists and not fd.name = /x",
      "evt.type = open and (proc.name = a or proc.name = b) and proc.name in (b, c)",
      "evt.type = open and proc.name startswith ab and proc.name startswith abc",
      "evt.type = open and proc.name startswith a and proc.name endswith b",
      "evt.type = open and evt.rawres > 2 and evt.rawres < 4",
      "evt.type in (open, execve) and (fd.name = /a or proc.name = b)",
      "(evt.type = open and fd.name = /a) or (evt.type = execve and proc.name = b)",
      "evt.type != open or proc.name != a",
      "evt.type = open and (proc.name != a or proc.pname != a)",
      "evt.type = open and proc.name in (a, b, c) and proc.name != a",
      "evt.type in (open, openat) and evt.type != open",
      "evt.type = container and container.id != host",
      "syscall.type = getpid and proc.name = x",
      "evt.type = getpid and not proc.name = x",
      "not (evt.type = open and evt.type = close)",
    ]
  ) {
    const found = codes(condition).filter((code) => !condition.startsWith("not (") || code !== "never-true");
    assert.deepEqual(found, [], condition);
  }
});

Deno.test("contradictions are found through every shape of a condition", () => {
  for (
    const condition of [
      "evt.type = open and not evt.type in (open, openat)",
      "evt.type = open and (evt.type = close or evt.type = execve)",
      "not (not proc.name = a or not proc.name = b)",
      "proc.name = a and (proc.name = b or proc.name = c)",
      "proc.name = a and not (proc.name in (a, b) or proc.pname = x)",
      "tolower(proc.name) = a and tolower(proc.name) = b",
      "proc.pid = 1 and proc.pid > 4",
      "proc.is_vpgid_leader = true and proc.is_vpgid_leader = false",
      "proc.name exists and not proc.name exists",
      "evt.type = open and fd.sport = 80 and evt.type = execve",
      "evt.rawres = 0 and evt.rawres < 0",
      "fd.num >= 3 and not fd.num >= 0",
      "evt.type = open and evt.is_io_write = true",
    ]
  ) assert.equal(codes(condition)[0], "never-true", condition);
});

Deno.test("a rule is shadowed when its condition implies that of an earlier one, and only then", () => {
  const shadowed = (first: string, second: string) => {
    const { diagnostics } = loadRules([
      makeSource("x.yaml", RULE(first) + RULE(second).replace("rule: R", "rule: S")),
    ]);
    return diagnostics.some(({ code }) => code === "shadowed-rule");
  };
  const pairs: [first: string, second: string, holds: boolean][] = [
    ["evt.type in (open, openat)", "evt.type = open", true],
    ["evt.type = open", "evt.type in (open, openat)", false],
    ["evt.type = open", "evt.type = open and proc.name = a", true],
    ["evt.type = open and proc.name = a", "evt.type = open", false],
    ["evt.type = open and proc.name in (a, b)", "evt.type = open and proc.name = a and fd.name = x", true],
    ["evt.type = open and fd.name startswith /etc", "evt.type = open and fd.name startswith /etc/ssl", true],
    ["evt.type = open and fd.name startswith /etc", "evt.type = open and fd.name in (/etc/a, /etc/b)", true],
    ["evt.type = open and fd.name startswith /etc", "evt.type = open and fd.name in (/etc/a, /b)", false],
    ["evt.type = open and fd.name contains etc", "evt.type = open and fd.name startswith /etc/", true],
    ["evt.type = open and fd.name endswith c", "evt.type = open and fd.name startswith abc", false],
    ["evt.type = open and fd.name exists", "evt.type = open and fd.name contains x", true],
    ["evt.type = open and fd.name exists", "evt.type = open and not fd.name contains x", false],
    ["evt.type = open and proc.name != a", "evt.type = open and proc.name = b", true],
    ["evt.type = open and not proc.name in (a, c)", "evt.type = open and proc.name = b", true],
    ["evt.type = open and not proc.name = a", "evt.type = open and not proc.name in (a, b)", true],
    ["evt.type = open and not proc.name in (a, b)", "evt.type = open and not proc.name = a", false],
    ["evt.type = open and proc.aname != a", "evt.type = open and proc.aname = b", false],
    ["evt.type = open and (proc.name = a or proc.pname = b)", "evt.type = open and proc.pname = b", true],
    ["evt.type = open and proc.name = a", "evt.type = open and (proc.name = a or proc.pname = b)", false],
    ["evt.type = connect and fd.net = 10.0.0.0/8", "evt.type = connect and fd.net = 10.1.0.0/16", false],
    ["fd.types in (file, pipe)", "fd.types intersects (file)", false],
  ];
  for (const [first, second, holds] of pairs) {
    assert.equal(shadowed(first, second), holds, `${first} / ${second}`);
  }
});

Deno.test("hostile: long chains and large lists are looked at in bounded time", () => {
  const chain = Array.from({ length: 5000 }, (_, at) => `proc.env[A${at}] = x`).join(" and ");
  const values = Array.from({ length: 20_000 }, (_, at) => `v${at}`).join(", ");
  const many = Array.from({ length: 500 }, (_, at) => `proc.name in (a${at}, b${at})`).join(" or ");
  for (const condition of [chain, `proc.name in (${values}) and proc.name in (${values})`, many]) {
    assert.ok(codes(condition).length <= 1);
  }
});
