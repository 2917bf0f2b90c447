// The program with sources of JSON events, as its user runs it.

import { UPSTREAM_FOLDER, upstreamMissing, upstreamRules } from "../support/upstream.ts";
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { falco, falcoReading, STACK_TRACE } from "../cli/falco_command.ts";

const skipped = upstreamMissing === undefined ? "" : ` (skipped: ${upstreamMissing})`;

const CLOUD_RULES = `
- rule: Root signed in
  desc: somebody used the account that may do everything
  condition: json.value[/eventName] = ConsoleLogin and json.value[/userIdentity/type] = Root
  output: root signed in | from=%json.value[/sourceIPAddress] event=%json.value[/eventID]
  priority: CRITICAL
  source: cloudtrail
`;
const CLOUD_EVENT = JSON.stringify({
  eventName: "ConsoleLogin",
  userIdentity: { type: "Root" },
  sourceIPAddress: "203.0.113.9\u001b[31m\nInjected: line",
  eventID: 12345678901234567890n.toString(),
  eventTime: "2026-01-31T08:15:30Z",
});

async function folder(run: (path: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    await run(path);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("lines on standard input are a source of the user's name, to their end, with exit code 0", async () => {
  await folder(async (path) => {
    const rules = join(path, "rules.yaml"), config = join(path, "falco.yaml");
    await Deno.writeTextFile(rules, CLOUD_RULES);
    await Deno.writeTextFile(
      config,
      "engine: {kind: nodriver}\nsources:\n  - {name: cloudtrail, format: json, input: stdin, time: /eventTime}\n",
    );
    const input = `${CLOUD_EVENT}\nno JSON\n${"[".repeat(10_000)}\n{"eventName":"Other"}\n${CLOUD_EVENT}`;
    const { code, stdout, stderr } = await falcoReading(input, "-c", config, "-r", rules);
    equal(code, 0, stderr);
    const line =
      String.raw`08:15:30.000000000: Critical root signed in | from=203.0.113.9\u001b[31m\nInjected: line ` +
      "event=12345678901234567890";
    const [told, ...lines] = stdout.trim().split("\n");
    match(told!, /Falco internal: event not evaluated.*source cloudtrail.*: line 2: not JSON/);
    deepEqual(lines, [line, line]);
    match(stderr, /source cloudtrail: .*evaluated 3.*malformed 2/);
    ok(!STACK_TRACE.test(stderr), stderr);
  });
});

Deno.test({
  name: `Falco's own configuration of the plugin k8saudit evaluates a folder of events to its end${skipped}`,
  ignore: skipped !== "",
  async fn() {
    await folder(async (path) => {
      const config = join(path, "falco.yaml");
      await Deno.writeTextFile(
        config,
        `
plugins:
  - name: k8saudit
    library_path: libk8saudit.so
    init_config:
      maxEventSize: 262144
    open_params: "${UPSTREAM_FOLDER}k8s_audit/traces"
  - name: json
    library_path: libjson.so
    init_config: ""
load_plugins: [k8saudit, json]
json_output: true
`,
      );
      const rules = upstreamRules("k8s_audit_rules.yaml");
      const { code, stdout, stderr } = await falco("-c", config, "-r", rules, "--disable-source", "syscall");
      equal(code, 0, stderr);
      const alerts = stdout.trim().split("\n").map((line) => JSON.parse(line));
      equal(alerts.length, 22);
      ok(alerts.every(({ source }) => source === "k8s_audit"));
    });
  },
});

Deno.test("--strict-start: what is wrong about sources is said at once, with every problem", async () => {
  const wrong = await falco("--enable-source", "nothing", "--disable-source", "syscall");
  equal(wrong.code, 1);
  match(wrong.stderr, /cannot be used together/);
  match(wrong.stderr, /there is no event source nothing: those of this configuration are syscall/);

  const none = await falco("--disable-source", "syscall");
  equal(none.code, 1);
  match(none.stderr, /all event sources are disabled/);

  const entries = '[{"name": "syscall", "input": "stdin"}, {"name": "a", "input": "ftp://x/"}, ' +
    '{"name": "b", "input": "https://:1/"}, {"name": "c", "input": "tail"}, {"name": "d", "input": "x", "time": "t"}]';
  await folder(async (path) => {
    const config = join(path, "falco.yaml");
    await Deno.writeTextFile(config, `k8s_audit_endpoint: /k8s-audit\nsources: ${entries}\n`);
    const { code, stderr } = await falco("--strict-start", "-c", config);
    equal(code, 1);
    for (
      const problem of [
        /k8s_audit_endpoint must be a URL/,
        /sources\[0\]\.name must not be syscall/,
        /sources\[1\]\.input: there are no inputs of the kind ftp/,
        /sources\[2\]\.input: https needs a certificate/,
        /sources\[3\] with input tail must have path/,
        /sources\[4\]\.time must be a pointer/,
      ]
    ) match(stderr, problem);
  });
});

Deno.test("an input that cannot be opened ends the run with a reason", async () => {
  const { code, stderr } = await falco(
    "-o",
    "engine.kind=nodriver",
    "-o",
    "plugins[]={name: k8saudit, library_path: x, open_params: /nowhere/audit.log}",
  );
  equal(code, 1);
  match(stderr, /\/nowhere\/audit\.log/);
  ok(!STACK_TRACE.test(stderr), stderr);
});
