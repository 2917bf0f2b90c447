import { deepEqual, doesNotMatch, equal, notDeepEqual } from "node:assert/strict";
import { INTERNAL_ALERTS } from "../../../service/internal_alerts/internal_alert_kinds.ts";
import {
  type InternalAlert,
  outgoingInternalAlert,
} from "../../../service/internal_alerts/internal_alerts.ts";

const STAMP = {
  sequence: 3n,
  timeNs: 1_781_092_931_123_456_789n,
  isoTime: true,
  hostname: "node1",
};
const outgoing = (alert: InternalAlert) => outgoingInternalAlert(alert, STAMP);

Deno.test("an internal alert has Falco's JSON: no tags, the bare message, fields sorted", () => {
  const { json, source, tags } = outgoing(INTERNAL_ALERTS.captureSizeLimit(5, 5_300_000));
  equal(
    json,
    '{"hostname":"node1","output":"Falco internal: capture size limit reached. Configured limit: 5 MB.",' +
      '"output_fields":{"max_file_size_mb":5,"written_bytes":5300000},"priority":"Informational",' +
      '"rule":"Falco internal: capture size limit reached","source":"internal",' +
      '"time":"2026-06-10T12:02:11.123456789Z"}',
  );
  deepEqual([source, tags], ["internal", []]);
});

Deno.test("an internal alert has Falco's text: its fields as JSON values in parentheses", () => {
  equal(
    outgoing(INTERNAL_ALERTS.syscallEventDrop(12n, { n_evts: "100", ebpf_enabled: "1" })).text,
    "2026-06-10T12:02:11.123456789+0000: Debug Falco internal: syscall event drop. 12 system calls dropped in last " +
      'second. (ebpf_enabled="1" n_evts="100")',
  );
  equal(
    outgoing(INTERNAL_ALERTS.reloadFailure("no such file")).text,
    "2026-06-10T12:02:11.123456789+0000: Critical Falco internal: hot restart failure: no such file " +
      '(reason="no such file")',
  );
});

Deno.test("names, priorities and fields are Falco's", () => {
  const kinds = [
    INTERNAL_ALERTS.syscallEventDrop(1n, {}),
    INTERNAL_ALERTS.timeouts(1000, undefined),
    INTERNAL_ALERTS.metricsSnapshot({ "falco.version": "0.1" }),
    INTERNAL_ALERTS.reloadFailure(""),
  ];
  deepEqual(kinds.map(({ rule, priority }) => [rule, priority]), [
    ["Falco internal: syscall event drop", "Debug"],
    ["Falco internal: timeouts notification", "Debug"],
    ["Falco internal: metrics snapshot", "Informational"],
    ["Falco internal: hot restart failure", "Critical"],
  ]);
  deepEqual(kinds[1]!.fields, { "last_event_time": "none" });
  equal(kinds[1]!.message, "Falco internal: timeouts notification. 1000 consecutive timeouts without event.");
});

Deno.test("every internal alert has fields: falcosidekick refuses those without", () => {
  const given: Readonly<Record<string, readonly unknown[]>> = {
    syscallEventDrop: [1n, { n_evts: "1" }],
    timeouts: [1, undefined],
    metricsSnapshot: [{ "falco.version": "1" }],
    degraded: [["a reason", "another"]],
  };
  for (const [name, make] of Object.entries(INTERNAL_ALERTS)) {
    const alert = (make as (...args: unknown[]) => InternalAlert)(...given[name] ?? ["a reason", "another"]);
    notDeepEqual(alert.fields, {}, name);
  }
});

Deno.test("a reason with line breaks and escape sequences stays one harmless line", () => {
  const { text, message, json } = outgoing(INTERNAL_ALERTS.reloadFailure("a\nb\x1b[31m\r\n\u0085"));
  for (const line of [text, message, json]) doesNotMatch(line, /\p{Cc}/u);
});
