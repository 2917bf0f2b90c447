import { deepEqual, equal } from "node:assert/strict";
import { AlertmanagerSink } from "../../../outputs/sinks/alertmanager.ts";
import { HttpReceiver, status } from "./http_receiver.ts";
import { deliver, HTTP_DEFAULTS, message, messages, TIME_NS } from "./network_messages.ts";
import { isMissing, ServerProcess } from "./server_process.ts";

type Keys = ConstructorParameters<typeof AlertmanagerSink>[1];

function sinkOf(url: string, more: Partial<Keys> = {}): AlertmanagerSink {
  return new AlertmanagerSink("alertmanager", {
    ...HTTP_DEFAULTS,
    url,
    labels: {},
    expires_after: 0,
    ...more,
  });
}

const CONFIGURATION = "route: {receiver: none}\nreceivers: [{name: none}]\n";
const NOW_NS = BigInt(Date.now()) * 1_000_000n;

Deno.test({
  name: "Alertmanager: the real one shows the alerts with their labels and annotations; repeating adds none",
  ignore: isMissing("prometheus-alertmanager"),
  async fn() {
    await using server = await new ServerProcess("prometheus-alertmanager", (port, folder) => {
      Deno.writeTextFileSync(`${folder}/config.yml`, CONFIGURATION);
      const options = [`config.file=${folder}/config.yml`, `storage.path=${folder}`];
      const places = [`web.listen-address=127.0.0.1:${port}`, "cluster.listen-address="];
      return [...options, ...places].map((option) => `--${option}`);
    }).start();
    const url = `http://127.0.0.1:${server.port}`;
    const sink = sinkOf(url, { labels: { "the-team": "soc" }, expires_after: 3_600_000 });
    const now = { timeNs: NOW_NS };
    const batch = [
      message(1, "", now),
      message(2, "", { ...now, rule: 'Other "rule"\n', tags: [], fields: [] }),
    ];
    await deliver(sink, batch);
    await deliver(sink, batch);
    await sink.close();
    const shown = await (await fetch(`${url}/api/v2/alerts`)).json();
    equal(shown.length, 2);
    const first = shown.find(({ labels }: { labels: { rule: string } }) =>
      labels.rule === "Shell in a container"
    );
    deepEqual(first.labels, {
      alertname: "Shell in a container",
      rule: "Shell in a container",
      priority: "Warning",
      source: "syscall",
      hostname: "host-1",
      tags: "container,shell",
      the_team: "soc",
    });
    deepEqual(first.annotations, {
      output: "alert 1",
      proc_name: "sh",
      proc_pid: "42",
      evt_time: "1750000000123456789",
    });
    equal(Date.parse(first.endsAt) - Date.parse(first.startsAt), 3_600_000);
  },
});

Deno.test("Alertmanager: one request for a batch; without expires_after the end is left to it", async () => {
  await using receiver = new HttpReceiver(status(200));
  const sink = sinkOf(`${receiver.url}/am`);
  await deliver(sink, messages(1, 3));
  await sink.close();
  equal(receiver.last.path, "/am/api/v2/alerts");
  const alerts = JSON.parse(receiver.last.body);
  equal(alerts.length, 3);
  deepEqual([alerts[0].startsAt, "endsAt" in alerts[0]], ["2025-06-15T15:06:40.123456790Z", false]);
  equal(TIME_NS + 1n, 1_750_000_000_123_456_790n);
});
