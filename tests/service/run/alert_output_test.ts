import { deepEqual } from "node:assert/strict";
import { defaultSettings } from "../../../config/settings.ts";
import { AlertOutput } from "../../../service/run/alert_output.ts";
import { alert, rule, template, text } from "../../outputs/samples.ts";

Deno.test("alerts are counted per rule, the busiest first", () => {
  const output = new AlertOutput({
    rules: ["A", "B", "C"].map((name) => rule(template("%proc.name"), { name })),
    settings: { ...defaultSettings(), "stdout_output.enabled": false },
    unbuffered: false,
    onClosed: () => {},
  });
  for (const index of [1, 0, 1]) output.take({ ...alert([text("x")]), rule: index });
  deepEqual(output.matches().map(({ rule, count }) => `${count} ${rule}`), ["2 B", "1 A"]);
});
