// Outputs as introductions to Falco set them up, against the running program and receivers on loopback: Slack by jq and
// curl, Elasticsearch by curl, a file, syslog, HTTP; audit events at k8s_audit_endpoint; rules from a ConfigMap that is
// exchanged while falco runs. The settings are written as readers of introductions write them.

import { deepEqual, equal, match } from "node:assert/strict";
import { ConfigMapFolder } from "../deploy/falco_container.ts";
import { until } from "../outputs/outgoing_alerts.ts";
import { HttpReceiver, type Request, status } from "../outputs/sinks/http_receiver.ts";
import { FalcoProcess, liveRefusal } from "./falco_process.ts";

const refusal = await liveRefusal() ?? await toolRefusal();

async function toolRefusal(): Promise<string | null> {
  for (const tool of ["jq", "curl", "python3"]) {
    const found = await new Deno.Command(tool, { args: ["--version"] }).output().catch(() => null);
    if (found === null) return `${tool} is not installed`;
  }
  return null;
}

function live(name: string, fn: (folder: string) => Promise<void>): void {
  Deno.test({
    name: refusal === null ? name : `${name} (skipped: ${refusal})`,
    ignore: refusal !== null,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "falco-introduced-" });
      try {
        await Deno.writeTextFile(`${folder}/marker "1" \u00e9`, "");
        await fn(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** The name of the file holds what a shell, JSON and HTTP each have to leave alone. */
const readRule = (name: string) =>
  `- rule: ${name}
  desc: a file that nobody else reads
  condition: evt.type in (open, openat) and fd.name contains falco-introduced- and fd.name contains 'marker "1"'
  output: Marker read (user=%user.name file=%fd.name)
  priority: WARNING
  tags: [introduction]
`;

async function readMarker(folder: string): Promise<void> {
  await new Deno.Command("cat", { args: [`${folder}/marker "1" \u00e9`] }).output();
}

async function start(
  folder: string,
  settings: string,
  wrapper: readonly string[] = [],
): Promise<FalcoProcess> {
  await Deno.writeTextFile(`${folder}/rules.yaml`, readRule("Marker read"));
  const rules = settings.includes("rules_files:") ? "" : `rules_files: [${folder}/rules.yaml]\n`;
  await Deno.writeTextFile(
    `${folder}/falco.yaml`,
    `log_syslog: false\njson_output: true\n${rules}${settings}`,
  );
  return await FalcoProcess.start(["-c", `${folder}/falco.yaml`], undefined, wrapper);
}

/** Starts falco with the settings, reads the marker, and gives what the receiver has got of it. */
async function received(
  folder: string,
  receiver: HttpReceiver,
  settings: string,
): Promise<{ request: Request; output: string }> {
  const falco = await start(folder, settings);
  try {
    await readMarker(folder);
    const { output } = await falco.alert("Marker read");
    await until("the receiver has it", () => receiver.requests.length > 0);
    return { request: receiver.last, output };
  } finally {
    equal(await falco.stop(), 0);
    equal(receiver.requests.length, 1);
    deepEqual(falco.log.filter((line) => / (Error|Critical) /.test(line)), []);
  }
}

live("Slack by jq and curl: the message is the alert's text", async (folder) => {
  await using slack = new HttpReceiver(status(200, "ok"));
  const { request, output } = await received(
    folder,
    slack,
    `json_include_output_property: true
program_output:
  enabled: true
  keep_alive: false
  program: "jq '{text: .output}' | curl -s -d @- -X POST -H 'Content-Type: application/json' ${slack.url}/services/T0/B0"
`,
  );
  equal(request.path, "/services/T0/B0");
  equal(request.headers.get("content-type"), "application/json");
  deepEqual(JSON.parse(request.body), { text: output });
  match(output, /Marker read \(user=root file=.*marker "1" \u00e9\)/);
});

live("Elasticsearch by curl: each alert is a document", async (folder) => {
  await using index = new HttpReceiver(status(201, '{"result":"created"}'));
  const { request } = await received(
    folder,
    index,
    `program_output:
  enabled: true
  keep_alive: false
  program: "curl -s -H 'Content-Type: application/json' -d @- -X POST ${index.url}/falco/_doc"
`,
  );
  equal(request.path, "/falco/_doc");
  const { rule, priority, tags, output_fields } = JSON.parse(request.body);
  deepEqual([rule, priority, tags], ["Marker read", "Warning", ["introduction"]]);
  equal(output_fields["fd.name"], `${folder}/marker "1" \u00e9`);
});

live("http_output, as falcosidekick listens", async (folder) => {
  await using sidekick = new HttpReceiver();
  const { request } = await received(
    folder,
    sidekick,
    `http_output:\n  enabled: true\n  url: "${sidekick.url}"\n`,
  );
  equal(request.path, "/");
  equal(request.headers.get("content-type"), "application/json");
  equal(JSON.parse(request.body).rule, "Marker read");
});

live("file_output with and without keep_alive: its folder is made, alerts are appended", async (folder) => {
  for (const keepAlive of [false, true]) {
    const path = `${folder}/log/falco_events.log`;
    const falco = await start(
      folder,
      `file_output:\n  enabled: true\n  keep_alive: ${keepAlive}\n  filename: ${path}\n`,
    );
    try {
      await readMarker(folder);
      const { output } = await falco.alert("Marker read");
      // at the end falco has written what waited
      equal(await falco.stop(), 0);
      const lines = Deno.readTextFileSync(path).split("\n");
      equal(lines.length, keepAlive ? 3 : 2);
      deepEqual([JSON.parse(lines.at(-2)!).output, lines.at(-1)], [output, ""]);
    } finally {
      await falco.stop().catch(() => {});
    }
  }
});

/** A /dev of its own, in which /dev/log is a socket of the folder: that of the host belongs to the host. */
const OWN_SYSLOG =
  'mkdir "$0/dev" && mount -t tmpfs none "$0/dev" && cp -a /dev/null /dev/zero /dev/urandom "$0/dev" ' +
  '&& ln -s "$0/log" "$0/dev/log" && mount --rbind "$0/dev" /dev && exec "$@"';

const SYSLOG_DAEMON = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print("ready", flush=True)
while True:
    print(s.recv(100000).decode(), flush=True)
`;

live("syslog_output: the local syslog gets the alert with its severity", async (folder) => {
  const daemon = new Deno.Command("python3", {
    args: ["-c", SYSLOG_DAEMON, `${folder}/log`],
    stdout: "piped",
  })
    .spawn();
  let text = "";
  const read = (async () => {
    for await (const chunk of daemon.stdout.pipeThrough(new TextDecoderStream())) text += chunk;
  })();
  try {
    await until("it listens", () => text === "ready\n");
    const wrapper = ["unshare", "--mount", "--propagation", "private", "sh", "-c", OWN_SYSLOG, folder];
    const falco = await start(folder, "syslog_output:\n  enabled: true\n", wrapper);
    try {
      await readMarker(folder);
      await until("it has the alert", () => text.includes("Marker read"));
    } finally {
      equal(await falco.stop(), 0);
    }
    // facility user (1), severity warning (4)
    match(text, /^<12>.*falco.*: .*Warning.*Marker read \(user=root file=/m);
  } finally {
    daemon.kill("SIGKILL");
    await daemon.status;
    await read;
  }
});

const AUDIT_RULE = `- rule: Pod made
  desc: d
  condition: ka.verb = create and ka.target.resource = pods
  output: Pod made (user=%ka.user.name pod=%ka.target.name ns=%ka.target.namespace)
  priority: NOTICE
  source: k8s_audit
`;
const AUDIT_EVENT = {
  kind: "Event",
  auditID: "a",
  verb: "create",
  user: { username: "ann" },
  objectRef: { resource: "pods", name: "web", namespace: "shop" },
  stageTimestamp: "2026-01-31T08:15:30.5Z",
};

/** The address that a line of the log ends with. */
async function urlIn(falco: FalcoProcess, words: string): Promise<string> {
  const line = () => falco.log.find((each) => each.includes(words));
  await falco.logged(() => line() !== undefined);
  return line()!.slice(line()!.indexOf(words) + words.length);
}

live(
  "k8s_audit_endpoint receives audit events while the web server answers at its own port",
  async (folder) => {
    await Deno.writeTextFile(`${folder}/audit_rules.yaml`, AUDIT_RULE);
    const falco = await start(
      folder,
      `rules_files: [${folder}/rules.yaml, ${folder}/audit_rules.yaml]
k8s_audit_endpoint: "http://localhost:0/audit"
webserver: {enabled: true, listen_address: 127.0.0.1, listen_port: 0}
`,
    );
    try {
      const answer = await fetch(await urlIn(falco, "events of the source k8s_audit come from "), {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ kind: "EventList", items: [AUDIT_EVENT] }),
      });
      deepEqual([answer.status, await answer.text()], [200, "ok\n"]);
      match((await falco.alert("Pod made")).output, /Pod made \(user=ann pod=web ns=shop\)/);
      await readMarker(folder);
      await falco.alert("Marker read");
      const health = await fetch(`${await urlIn(falco, "web server: ")}/healthz`);
      deepEqual([health.status, (await health.json()).status], [200, "ok"]);
    } finally {
      equal(await falco.stop(), 0);
    }
  },
);

live("rules from a ConfigMap: what the kubelet exchanges is in force without a restart", async (folder) => {
  const rules = new ConfigMapFolder(`${folder}/rules.d`, { "custom_rules.yaml": readRule("First version") });
  await Deno.writeTextFile(
    `${folder}/falco.yaml`,
    `rules_files: [${folder}/rules.d]\nlog_syslog: false\nwatch_config_files: true\n`,
  );
  const falco = await FalcoProcess.start(["-c", `${folder}/falco.yaml`]);
  try {
    await readMarker(folder);
    await falco.alert("First version");
    for (const version of ["Second version", "Third version"]) {
      const reloads = falco.log.filter((line) => line.includes("reloaded after")).length;
      rules.swap({ "custom_rules.yaml": readRule(version) });
      await falco.logged((log) => log.filter((line) => line.includes("reloaded after")).length > reloads);
      await readMarker(folder);
      await falco.alert(version);
    }
  } finally {
    equal(await falco.stop(), 0);
  }
  deepEqual(falco.alerts.map(({ rule }) => rule), ["First version", "Second version", "Third version"]);
});
