// A monitor starts, whatever is wrong in its configuration: what is wrong costs itself, and is told in the log, by an alert,
// in /healthz and in the metrics. Settings and rules files are such as introductions to Falco and its operator give.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import { join } from "node:path";
import { FalcoProcess, liveRefusal } from "../live/falco_process.ts";

const refusal = await liveRefusal();
const hasInstalledRules = ["falco_rules.yaml", "falco.yaml"].some((name) => exists(`/etc/falco/${name}`));

function live(name: string, fn: () => Promise<void>): void {
  const why = refusal ?? (hasInstalledRules ? "there is an installed /etc/falco" : null);
  Deno.test({ name: why === null ? name : `${name}: skipped, ${why}`, ignore: why !== null, fn });
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path) !== undefined;
  } catch {
    return false;
  }
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The one that the run has taken. */
async function webServer(falco: FalcoProcess): Promise<string> {
  const line = () => falco.log.find((each) => each.includes("web server: http"));
  await falco.logged(() => line() !== undefined);
  return /web server: (http\S+)/.exec(line()!)![1]!;
}

async function health(falco: FalcoProcess): Promise<{ code: number; status: string; problems: string[] }> {
  const answer = await fetch(`${await webServer(falco)}/healthz`);
  return { code: answer.status, ...await answer.json() };
}

function touchShadow(): void {
  new Deno.Command("cat", { args: ["/etc/shadow"], stdout: "null" }).outputSync();
}

const OWN_RULE = `- rule: Shadow read
  desc: a rule of the user
  condition: open_read and fd.name = /etc/shadow and proc.name = cat
  output: shadow read by %proc.name
  priority: WARNING
`;
const DEGRADED = "Falco internal: degraded";
const BASE = ["-o", "webserver.listen_port=0", "-o", "log_syslog=false"];

live(
  "an introduction's ConfigMap: a setting that never was, bundled rules that it hides, outputs without a receiver",
  () =>
    inFolder(async (folder) => {
      const alerts = join(folder, "var/log/falco_events.log");
      await Deno.writeTextFile(join(folder, "custom_rules.yaml"), OWN_RULE);
      await Deno.writeTextFile(
        join(folder, "falco.yaml"),
        `rules_files: [/etc/falco/falco_rules.yaml, ${folder}/custom_rules.yaml]
json_output: true
json_include_output_property: true
json_include_tags: true
rule_matching: all
metrics: {enabled: true}
webserver: {enabled: true, prometheus_metrics_enabled: true}
file_output: {enabled: true, keep_alive: false, filename: ${alerts}}
http_output: {enabled: true, url: "http://127.0.0.1:9/falco"}
program_output: {enabled: true, program: "no-such-jq '{text: .output}' | cat > /dev/null"}
k8s_audit_endpoint: "http://127.0.0.1:0/audit"
`,
      );
      const falco = await FalcoProcess.start(["-c", join(folder, "falco.yaml"), ...BASE]);
      try {
        touchShadow();
        await falco.alert("Shadow read");
        await falco.alert("Read sensitive file untrusted");
        const setting = "unknown setting json_include_tags; did you mean `json_include_tags_property`?";
        ok(
          falco.log.some((line) => line.includes(`Error ${folder}/falco.yaml:4:1: ${setting}`)),
          falco.log.join("\n"),
        );
        ok(falco.log.some((line) =>
          line.includes("/etc/falco/falco_rules.yaml does not exist: the bundled file is used")
        ));
        const alert = await falco.alert(DEGRADED, ({ output }) =>
          output.includes("json_include_tags"));
        deepEqual([alert.priority, alert.output_fields["faults"]], ["Critical", 1]);
        await falco.alert(DEGRADED, ({ output }) => output.includes("there is no program no-such-jq"));
        const { code, status, problems } = await health(falco);
        deepEqual([code, status], [200, "degraded"]);
        ok(problems.some((problem) => problem.includes(setting)), problems.join("\n"));
        const metrics = await (await fetch(`${await webServer(falco)}/metrics`)).text();
        match(metrics, /^falcosecurity_falco_faults\{kind="setting"\} 1$/m);
        match(metrics, /^falcosecurity_falco_faults\{kind="output"\} 1$/m);
        match(metrics, /^falcosecurity_falco_faults\{kind="rule"\} 0$/m);
      } finally {
        equal(await falco.stop(), 0);
      }
      match(await Deno.readTextFile(alerts), /"rule":"Shadow read"/);
    }),
);

live(
  "an operator's settings: rules_files names a folder that is not there, keys that change nothing here: no fault",
  () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(
        join(folder, "falco.yaml"),
        `append_output: [{suggested_output: true}]
config_files: [/etc/falco/config.d]
engine: {kind: modern_ebpf, kmod: {buf_size_preset: 4}, modern_ebpf: {cpus_for_each_buffer: 2}}
http_output: {enabled: false, ca_path: /etc/falco/certs/, client_cert: /etc/falco/certs/client/client.crt, url: ""}
libs_logger: {enabled: false, severity: debug}
load_plugins: []
plugins: []
program_output: {enabled: false, program: "no-such-jq | no-such-curl"}
rules_files: [/etc/falco/rules.d]
webserver: {enabled: true, k8s_healthz_endpoint: /healthz, ssl_certificate: /etc/falco/falco.pem, threadiness: 0}
`,
      );
      const falco = await FalcoProcess.start(["-c", join(folder, "falco.yaml"), ...BASE]);
      try {
        touchShadow();
        await falco.alert("Read sensitive file untrusted");
        const { code, status, problems } = await health(falco);
        deepEqual([code, status, problems], [200, "ok", []]);
        deepEqual(falco.log.filter((line) => / Error /.test(line)), []);
        deepEqual(falco.alerts.filter(({ rule }) => rule === DEGRADED), []);
      } finally {
        equal(await falco.stop(), 0);
      }
    }),
);

live(
  "rules that cannot run cost themselves; a reload with a new fault keeps the old rules, one that mends is taken",
  () =>
    inFolder(async (folder) => {
      const path = join(folder, "rules.yaml");
      const opens =
        "- macro: open_read\n  condition: evt.type in (open, openat, openat2) and evt.is_open_read = true\n";
      const bad =
        "- rule: Bad\n  desc: d\n  condition: open_read and fd.nam = x\n  output: o\n  priority: NOTICE\n";
      const foreign =
        "- rule: Cloud\n  desc: d\n  source: aws_cloudtrail\n  condition: ct.name = (\n  output: o %ct.name\n  priority: NOTICE\n";
      await Deno.writeTextFile(path, opens + bad + foreign + OWN_RULE);
      const falco = await FalcoProcess.start(["-r", path, "-r", join(folder, "none.yaml"), ...BASE]);
      const reloads = (word: string) => falco.log.filter((line) => line.includes(word)).length;
      try {
        touchShadow();
        await falco.alert("Shadow read");
        const first = await falco.alert(DEGRADED);
        match(first.output, /the rule `Bad` is left out: there is no field `fd\.nam`/);
        match(first.output, /none\.yaml: there is no such file/);
        const unknown = falco.log.filter((line) => line.includes("LOAD_UNKNOWN_SOURCE"));
        deepEqual([unknown.length, / Warning .*the rule `Cloud` is left out/.test(unknown[0]!)], [1, true]);

        // a fault that was there before does not stand in the way of a change
        const renamed = OWN_RULE.replace("Shadow read", "Shadow seen");
        await Deno.writeTextFile(path, opens + bad + foreign + renamed);
        await falco.logged(() => reloads("reloaded after") === 1);
        touchShadow();
        await falco.alert("Shadow seen");

        await Deno.writeTextFile(
          path,
          opens + bad + foreign + renamed.replace("open_read and", "open_raed and"),
        );
        await falco.logged(() => reloads("not reloaded: rules and settings stay as they were") === 1);
        const before = falco.alerts.length;
        touchShadow();
        await falco.alert("Shadow seen", (alert) => falco.alerts.indexOf(alert) >= before);

        await Deno.writeTextFile(join(folder, "none.yaml"), "[]\n");
        await Deno.writeTextFile(path, opens + renamed);
        await falco.logged(() =>
          falco.log.some((line) => line.includes("all parts of the configuration are in use"))
        );
      } finally {
        equal(await falco.stop(), 0);
      }
    }),
);

live(
  "settings that are not YAML, and settings that are not there: the defaults run, and the fault is told",
  () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(join(folder, "falco.yaml"), "rules_files: [\n");
      for (const name of ["falco.yaml", "none.yaml"]) {
        const falco = await FalcoProcess.start(["-c", join(folder, name), "-o", "log_syslog=false"]);
        try {
          touchShadow();
          await falco.alert("Read sensitive file untrusted");
          match((await falco.alert(DEGRADED)).output, new RegExp(name.replace(".", "\\.")));
        } finally {
          equal(await falco.stop(), 0);
        }
      }
    }),
);

live("with no rule enabled it runs and says so", async () => {
  const falco = await FalcoProcess.start(["-o", "rules[].disable.rule=*", "-o", "log_syslog=false"]);
  ok(falco.log.some((line) => line.includes("Warning no rule is enabled: falco runs and reports nothing")));
  equal(await falco.stop(), 0);
});

live(
  "an event source that cannot be opened, and a plugin that is none of ours, cost themselves",
  () =>
    inFolder(async (folder) => {
      await Deno.writeTextFile(
        join(folder, "falco.yaml"),
        `log_syslog: false
load_plugins: [k8saudit, cloudtrail]
plugins:
- {name: k8saudit, library_path: libk8saudit.so, open_params: "https://:0/x", init_config: {sslCertificate: /none.pem}}
- {name: cloudtrail, library_path: libcloudtrail.so}
`,
      );
      const falco = await FalcoProcess.start(["-c", join(folder, "falco.yaml")]);
      try {
        touchShadow();
        await falco.alert("Read sensitive file untrusted");
        await falco.alert(DEGRADED, ({ output }) => output.includes("plugin cloudtrail is left out"));
        await falco.alert(
          DEGRADED,
          ({ output }) => output.includes("Cannot open the event source k8s_audit"),
        );
      } finally {
        equal(await falco.stop(), 0);
      }
    }),
);

live(
  "container sockets that are named and not there are no news; one line says which runtimes were found",
  () =>
    inFolder(async (folder) => {
      const stale = join(folder, "stale.sock");
      Deno.listen({ transport: "unix", path: stale }).close();
      await Deno.mkdir(join(folder, "folder.sock"));
      const sockets = JSON.stringify(
        ["none.sock", "folder.sock", "stale.sock"].map((name) => join(folder, name)),
      );
      await Deno.writeTextFile(
        join(folder, "falco.yaml"),
        `log_syslog: false
plugins:
- name: container
  library_path: libcontainer.so
  init_config: {engines: {docker: {enabled: true, sockets: ${sockets}}, podman: {enabled: true, sockets: ${sockets}},
    cri: {enabled: true, sockets: ${sockets}}, containerd: {enabled: true, sockets: ${sockets}}}}
`,
      );
      const falco = await FalcoProcess.start(["-c", join(folder, "falco.yaml")]);
      equal(await falco.stop(), 0);
      // other engines and containers of this host are none of this test's
      const isAboutHost = (line: string) =>
        line.includes("no container engine answers where the settings say");
      deepEqual(falco.log.filter((line) => line.includes(`${folder}/`) && !isAboutHost(line)), []);
      const runtimes = falco.log.filter((line) =>
        /Informational (no container runtime is found|container runtimes found: )/.test(line)
      );
      equal(runtimes.length, 1, falco.log.join("\n"));
    }),
);
