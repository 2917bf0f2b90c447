// Whatever comes from outside, in whatever place of an alert: no output in any format holds a character that breaks a
// line, steers a terminal or turns the direction of text. Of values nothing is lost: who reads JSON has them as they were.

import { deepEqual, doesNotMatch, equal } from "node:assert/strict";
import fc from "fast-check";
import type { AlertValue } from "../../alerts/alert.ts";
import { ALERT_FORMATS } from "../../alerts/formats/index.ts";
import { createOutgoingAlerts, type Remark } from "../../alerts/outgoing_alert.ts";
import type { OutgoingAlert } from "../../alerts/alert_facts.ts";
import { localMessage, remoteMessage } from "../../outputs/local_syslog/syslog_message.ts";
import { outgoingInternalAlert } from "../../service/internal_alerts/internal_alerts.ts";
import { healthBody } from "../../service/web/health.ts";
import { sampleFacts } from "../service/sample_facts.ts";
import { alert, outputField, rule, STYLE } from "./samples.ts";

const HARMFUL =
  /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0001}\u{e0020}-\u{e007f}]/u;

const HOSTILE = fc.string({
  unit: fc.constantFrom(
    ..."\n\r\t\v\f\0\x1b\x7f\x85\x9b\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\ufff9\ufffe\u{e0041}",
    "\ud800",
    "\udfff",
    ..."ab =|\\\"'%{}<>é😀",
  ),
  maxLength: 12,
});
const VALUE: fc.Arbitrary<AlertValue> = fc.oneof(
  HOSTILE.map((value): AlertValue => ({ kind: "text", value })),
  fc.uint8Array({ maxLength: 8 }).map((value): AlertValue => ({
    kind: "bytes",
    value: value as Uint8Array<ArrayBuffer>,
  })),
  fc.array(HOSTILE, { maxLength: 3 }).map((items): AlertValue => ({
    kind: "list",
    value: items.map((value) => ({ kind: "text", value })),
  })),
);

const ruleAlert: fc.Arbitrary<OutgoingAlert> = fc.record({
  name: HOSTILE,
  source: HOSTILE,
  tags: fc.array(HOSTILE, { maxLength: 3 }),
  hostname: HOSTILE,
  literal: HOSTILE,
  key: HOSTILE,
  value: VALUE,
  remark: fc.option(HOSTILE),
}).map(({ name, source, tags, hostname, literal, key, value, remark }) => {
  const field = { ...outputField("proc.name"), key: `x${key}` };
  const output = {
    parts: [literal, field, literal],
    fields: [field],
    extra: [{ key, parts: [literal, field] }],
  };
  const style = { ...STYLE, hostname, includeMessage: true };
  const made = createOutgoingAlerts([rule(output, { name, source, tags })], style)(alert([value]), 1n);
  if (remark === null) return made;
  const said: Remark = { text: "(3 more)", fields: [["repeats", "3"]] };
  return made.remarked(said);
});

const internalAlert: fc.Arbitrary<OutgoingAlert> = fc.record({
  message: HOSTILE,
  key: HOSTILE,
  value: HOSTILE,
  hostname: HOSTILE,
}).map(({ message, key, value, hostname }) =>
  outgoingInternalAlert(
    { rule: "Falco internal: test", priority: "Critical", message, fields: { [key]: value } },
    { sequence: 1n, timeNs: 1n, isoTime: true, hostname },
  )
);

for (const [name, format] of Object.entries(ALERT_FORMATS)) {
  Deno.test(`${name}: no harmful character comes out, whatever names, tags, fields, templates and hosts hold`, () => {
    fc.assert(
      fc.property(fc.oneof(ruleAlert, internalAlert), (outgoing) => {
        const line = format(outgoing);
        doesNotMatch(line, HARMFUL);
        if (name !== "text" && name !== "cef") JSON.parse(line);
      }),
      { numRuns: 300 },
    );
  });
}

Deno.test("what sinks take besides the body (names, tags, hosts, fields, the message) is harmless too", () => {
  fc.assert(fc.property(fc.oneof(ruleAlert, internalAlert), (outgoing) => {
    const { rule, source, tags, hostname, message, fields } = outgoing;
    assertHarmless([rule, source, tags, hostname, message]);
    for (const [key, json] of fields) assertHarmless([key, json]);
  }));
});

Deno.test("a value is in JSON what it was, but for halves of surrogate pairs", () => {
  const field = outputField("proc.name");
  const outputs = createOutgoingAlerts([rule({ parts: [field], fields: [field] })], {
    ...STYLE,
    includeMessage: true,
  });
  fc.assert(fc.property(HOSTILE, (value) => {
    const outgoing = outputs(alert([{ kind: "text", value }]), 1n);
    const read = JSON.parse(outgoing.json), text = value.toWellFormed();
    deepEqual([read.output_fields["proc.name"], read.message], [text, text]);
    equal(JSON.parse(`"${outgoing.message}"`), text);
  }));
});

Deno.test("syslog, local and remote: whatever the text is, it is one harmless message", () => {
  fc.assert(fc.property(HOSTILE, HOSTILE, (text, hostname) => {
    const identity = { facility: 1, ident: "falco" };
    doesNotMatch(localMessage(identity, 1, new Date(0), text), HARMFUL);
    const facts = { severity: 1, timeNs: 1n, hostname, processId: 1 };
    doesNotMatch(remoteMessage(identity, facts, text), HARMFUL);
  }));
});

Deno.test("/healthz: whatever a refused reload says, the body is harmless", () => {
  fc.assert(fc.property(HOSTILE, (problem) => {
    const reload = { succeeded: 0, failed: 1, lastNs: undefined, problem };
    const body = healthBody(sampleFacts({ reload }));
    doesNotMatch(body, HARMFUL);
    JSON.parse(body);
  }));
});

function assertHarmless(value: unknown): void {
  if (typeof value === "string") doesNotMatch(value, HARMFUL);
  else if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      doesNotMatch(key, HARMFUL);
      assertHarmless(part);
    }
  }
}
