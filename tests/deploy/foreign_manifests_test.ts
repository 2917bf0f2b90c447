// What was written for Falco's image runs with only the image's name exchanged: the `docker run` line of its label, the
// DaemonSet of introductions (a ConfigMap over all of /etc/falco, the host's processes, no /proc below /host), the pod of
// its operator. And the variant with a shell does what program outputs and `kubectl exec` need.
// Alone: it starts containers on this host.

import assert from "node:assert/strict";
import { placeExecutable } from "../support/executable.ts";
import { imageFiles, machineOf } from "../../scripts/image/image_files.ts";
import { makeImage } from "../../scripts/image/oci.ts";
import { liveRefusal } from "../live/falco_process.ts";
import { containerRefusal, Lab, must, run } from "../live/lab.ts";
import { until } from "../outputs/outgoing_alerts.ts";
import { ConfigMapFolder, FalcoContainer } from "./falco_container.ts";
import { PROJECT } from "../support/program.ts";

const TAG = `localhost/falco-foreign-${Deno.pid}:1`;
const TOOLS_TAG = `localhost/falco-foreign-${Deno.pid}:tools`;
const MARKER = "/etc/falco-foreign-marker";
const JSON_ALERTS = ["-o", "json_output=true"];

const OWN_RULE = `- rule: Marker read
  desc: d
  condition: evt.type in (open, openat) and fd.name = ${MARKER}
  output: read by %user.name
  priority: NOTICE
`;

const PROGRAM = "jq -c '{text: .output}' >> /tmp/slack";

/** All of what its reader puts into /etc/falco; the first file of rules is not there, and one setting never was. */
const INTRODUCTION = {
  "falco.yaml": `rules_files: [/etc/falco/falco_rules.yaml, /etc/falco/custom_rules.yaml]
json_output: true
json_include_output_property: true
json_include_tags: true
rule_matching: all
file_output: {enabled: true, keep_alive: false, filename: /var/log/falco_events.log}
syslog_output: {enabled: true}
program_output: {enabled: true, program: "${PROGRAM}"}
k8s_audit_endpoint: "http://localhost:8080/audit"
webserver: {enabled: true}
`,
  "custom_rules.yaml": OWN_RULE,
};

/** The only fault of it; a syslog that is not there is a receiver that does not answer. */
const NEVER_A_SETTING = "json_include_tags; did you mean `json_include_tags_property`?";

/** What the operator writes: no listen_address, rules in rules.d alone. */
const OPERATOR = `append_output:
- suggested_output: true
base_syscalls: {custom_set: [], repair: false}
buffered_outputs: false
config_files: [/etc/falco/config.d]
engine:
  kind: modern_ebpf
  kmod: {buf_size_preset: 4, drop_failed_exit: false}
  modern_ebpf: {buf_size_preset: 4, cpus_for_each_buffer: 2, drop_failed_exit: false}
json_output: false
log_stderr: true
log_syslog: false
metrics: {enabled: true, interval: 1h, output_rule: false, resource_utilization_enabled: true}
rules_files: [/etc/falco/rules.d]
stdout_output: {enabled: true}
time_format_iso_8601: false
watch_config_files: true
webserver:
  enabled: true
  k8s_healthz_endpoint: /healthz
  listen_port: 8765
  prometheus_metrics_enabled: true
  ssl_certificate: /etc/falco/falco.pem
  ssl_enabled: false
  threadiness: 0
`;

const refusal = await liveRefusal() ?? await containerRefusal();

Deno.test({
  name: `what was written for Falco's image runs with ours${
    refusal === null ? "" : ` (skipped: ${refusal})`
  }`,
  ignore: refusal !== null,
  async fn(t) {
    const lab = await Lab.open();
    await Deno.writeTextFile(MARKER, "x\n");
    try {
      await loadImages(lab.folder);
      await t.step(
        "the docker run line, without a flag or a setting: it reports, and is healthy on all addresses",
        async () => {
          await using stack = new AsyncDisposableStack();
          const mounts = ["-v", "/proc:/host/proc:ro", "-v", "/etc:/host/etc:ro"];
          const falco = await FalcoContainer.start(TAG, ["--privileged", ...mounts], JSON_ALERTS);
          stack.defer(() => falco.close());
          await must("cat", "/etc/shadow");
          await falco.until((alerts) =>
            alerts.some(({ output_fields }) => output_fields["user.name"] === "root")
          );
          await isHealthy(falco);
          assert.doesNotMatch(falco.log, /Error|Critical/);
        },
      );
      await t.step(
        "the DaemonSet of introductions: alerts, its file in /var/log, its program; tail and cat",
        async () => {
          await using stack = new AsyncDisposableStack();
          new ConfigMapFolder(`${lab.folder}/introduction`, INTRODUCTION);
          const falco = await FalcoContainer.start(TOOLS_TAG, [
            ...["--pid=host", "--privileged", "-v", "/sys:/host/sys:ro"],
            ...["-v", `${lab.folder}/introduction:/etc/falco:ro`],
          ]);
          stack.defer(() => falco.close());
          await must("cat", MARKER);
          await falco.until((alerts) => alerts.some(({ rule }) => rule === "Marker read"));
          await until("its file and its program have it", async () => {
            const { text } = await falco.exec("sh", "-c", "tail /var/log/falco_events.log; cat /tmp/slack");
            return /"rule":"Marker read"/.test(text) && /^\{"text":".*read by /m.test(text);
          });
          // the ConfigMap hides the file that the image has there
          await must("cat", "/etc/shadow");
          await falco.until((alerts) => alerts.some(({ rule }) => rule === "Read sensitive file untrusted"));
          assert.match(falco.log, /\/etc\/falco\/falco_rules\.yaml does not exist: the bundled file is used/);
          const { status, problems } = JSON.parse(await falco.get("/healthz", "127.0.0.2"));
          assert.deepEqual([status, problems], [
            "degraded",
            [`/etc/falco/falco.yaml:4:1: unknown setting ${NEVER_A_SETTING}`],
          ]);
          const { text } = await falco.exec(
            "sh",
            "-c",
            "curl -s http://127.0.0.1:8765/healthz | jq -r .status",
          );
          assert.match(text, /^degraded$/m);
        },
      );
      await t.step("the operator's settings: ready on all addresses", async () => {
        await using stack = new AsyncDisposableStack();
        await Deno.writeTextFile(`${lab.folder}/operator.yaml`, OPERATOR);
        await Deno.mkdir(`${lab.folder}/rules.d`);
        await Deno.writeTextFile(`${lab.folder}/rules.d/50-rules.yaml`, OWN_RULE);
        const falco = await FalcoContainer.start(TAG, [
          ...[
            "--privileged",
            "-v",
            "/proc:/host/proc:ro",
            "-v",
            "/etc:/host/etc:ro",
            "-v",
            "/sys:/host/sys:ro",
          ],
          ...["-v", `${lab.folder}/operator.yaml:/etc/falco/falco.yaml:ro`],
          ...["-v", `${lab.folder}/rules.d:/etc/falco/rules.d:ro`],
        ], JSON_ALERTS);
        stack.defer(() => falco.close());
        await must("cat", MARKER);
        await falco.until((alerts) => alerts.some(({ rule }) => rule === "Marker read"));
        await isHealthy(falco);
      });
    } finally {
      for (const tag of [TAG, TOOLS_TAG]) await run("podman", "rmi", "-f", tag);
      await Deno.remove(MARKER);
      await lab.close();
    }
  },
});

/** As a kubelet asks, which comes from outside of the pod. */
async function isHealthy(falco: FalcoContainer): Promise<void> {
  await until("healthy", async () => /"status": "ok"/.test(await falco.get("/healthz", "127.0.0.2")));
}

async function loadImages(folder: string): Promise<void> {
  const executable = `${folder}/falco`;
  await placeExecutable(executable);
  for (const [reference, withTools] of [[TAG, false], [TOOLS_TAG, true]] as const) {
    const archive = `${folder}/image.tar`;
    const options = { reference, architecture: machineOf().architecture, isCompressed: false };
    await Deno.writeFile(archive, makeImage(imageFiles(PROJECT, executable, { withTools }), options));
    await must("podman", "load", "-q", "-i", archive);
    await Deno.remove(archive);
  }
}
