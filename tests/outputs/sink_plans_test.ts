// Every key of a sink, in Falco's sections and in entries of `sinks`, reaches the sink: another value makes it another.

import { deepEqual, equal, notEqual } from "node:assert/strict";
import type { Definition } from "../../config/definition.ts";
import { defaultSettings, SETTINGS, type Settings } from "../../config/settings.ts";
import { SINK_KEYS } from "../../config/sinks/common.ts";
import { SINK_TYPES } from "../../config/sinks/types.ts";
import { planSinks, type SinkPlan } from "../../outputs/create_sinks.ts";
import { ALERT_FORMATS } from "../../alerts/formats/index.ts";

const CHANNELS = ["stdout", "syslog", "file", "program", "http"] as const;

function planOf(settings: Partial<Settings>): SinkPlan {
  const around = { unbuffered: false, waits: false, onStdoutClosed: () => {}, onNews: () => {} };
  const [plan] = planSinks({ ...defaultSettings(), "stdout_output.enabled": false, ...settings }, around);
  return plan!;
}

/** Any value of the setting's type that is not its default. */
function otherValue(definition: Definition): unknown {
  switch (definition.type) {
    case "bool":
      return definition.default !== true;
    case "int":
    case "number":
    case "duration":
      return (definition.default ?? definition.min) + 1;
    case "choice":
      return definition.choices.find((choice) => choice !== definition.default);
    case "map":
      return { a: "b" };
    default:
      return "other";
  }
}

for (const type of CHANNELS) {
  Deno.test(`every key of ${type}_output makes another sink when it changes`, () => {
    const on = { [`${type}_output.enabled`]: true };
    const before = planOf(on).key;
    equal(planOf(on).key, before);
    for (const key of Object.keys({ ...SINK_TYPES[type].keys, ...SINK_KEYS })) {
      const name = `${type}_output.${key}`;
      const definition = (SETTINGS as Readonly<Record<string, Definition>>)[name];
      notEqual(planOf({ ...on, [name]: otherValue(definition!) }).key, before, name);
    }
  });
}

for (const [type, { keys }] of Object.entries(SINK_TYPES)) {
  Deno.test(`every key of an entry of type ${type} makes another sink when it changes`, () => {
    const definitions: Readonly<Record<string, Definition>> = { ...keys, ...SINK_KEYS };
    const entry = Object.fromEntries(
      Object.entries(definitions).map(([key, definition]) => [key, definition.default ?? "some"]),
    );
    const plan = (more: object) => planOf({ sinks: [{ type, ...entry, ...more }] as never }).key;
    for (const [key, definition] of Object.entries(definitions)) {
      notEqual(plan({ [key]: otherValue(definition) }), plan({}), key);
    }
  });
}

Deno.test("format, priority, spool and queue_capacity are the plan's; outputs_queue.capacity comes before the latter", () => {
  const plan = planOf({
    "file_output.enabled": true,
    "file_output.format": "ecs",
    "file_output.priority": "error",
    "file_output.spool": true,
    "file_output.queue_capacity": 7,
  });
  equal(plan.format, ALERT_FORMATS.ecs);
  deepEqual([plan.leastPriority, plan.isSpooled, plan.bounds.maxMessages], ["Error", true, 7]);
  const queue = { "outputs_queue.capacity": 5, "spool.enabled": true, "json_output": true };
  const other = planOf({ "file_output.enabled": true, "file_output.queue_capacity": 7, ...queue });
  deepEqual([other.format, other.isSpooled, other.bounds.maxMessages], [ALERT_FORMATS.json, true, 5]);
});

Deno.test("buffered_outputs and output_timeout are the sinks' too: a reload makes them again", () => {
  const on = { "program_output.enabled": true };
  notEqual(planOf({ ...on, buffered_outputs: true }).key, planOf(on).key);
  notEqual(planOf({ ...on, output_timeout: 9 }).key, planOf(on).key);
});
