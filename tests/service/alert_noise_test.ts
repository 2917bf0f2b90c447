// Noise control as part of the output: a reload and the end tell what was held back, before anything else.

import { deepEqual, equal } from "node:assert/strict";
import { defaultSettings, type Settings } from "../../config/settings.ts";
import { AlertOutput } from "../../service/run/alert_output.ts";
import { alert, rule, template, text } from "../outputs/samples.ts";

Deno.test("what was held back is told before new settings and rules are in force, and at the end", async () => {
  const filename = await Deno.makeTempFile();
  const settings = {
    ...defaultSettings(),
    "stdout_output.enabled": false,
    "file_output.enabled": true,
    "file_output.filename": filename,
    "noise_control.grouping.enabled": true,
  } satisfies Settings;
  const rules = [rule(template("%proc.name old"), { name: "Old" })];
  const output = new AlertOutput({ rules, settings, unbuffered: false, onClosed: () => {} });
  try {
    for (let i = 0; i < 3; i++) output.take(alert([text("cat")]));
    await output.configure(settings, [rule(template("%proc.name new"), { name: "New" })], 1);
    for (let i = 0; i < 3; i++) output.take(alert([text("cat")]), 1);
    output.emit((sequence) => ({ ...INTERNAL, sequence }));
    await output.close(5000);

    const lines = (await Deno.readTextFile(filename)).trim().split("\n")
      .map((line) => line.replace(/^\S+ \S+ /, "").replace(/ in \d+\.\d s/, ""));
    deepEqual(lines, ["cat old", "cat old (2 repeats)", "cat new", "internal", "cat new (2 repeats)"]);
    equal(output.noise().followUps, 2n);
    deepEqual(output.noise().heldBack.map(({ rule, count }) => [rule, count]), [["Old", 2n], ["New", 2n]]);
    deepEqual(output.matches().map(({ count }) => count), [3n, 3n]);
  } finally {
    await output.close();
    await Deno.remove(filename);
  }
});

const INTERNAL = {
  timeNs: 0n,
  rule: "Falco internal: test",
  priority: "Debug",
  source: "internal",
  tags: [],
  hostname: "node1",
  message: "internal",
  text: "00:00:00.000000000: Debug internal",
  json: "{}",
  fields: [],
} as const;
