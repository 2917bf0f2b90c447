import { doesNotMatch, ok } from "node:assert/strict";
import fc from "fast-check";
import { ALERT_FORMATS } from "../../../alerts/formats/index.ts";
import { hostileAlert } from "./alerts.ts";

const { ecs, ocsf, cef, otlp } = ALERT_FORMATS;

for (const [name, format] of Object.entries({ ecs, ocsf, otlp })) {
  Deno.test(`${name}: whatever an alert holds, the message is one line of JSON without control characters`, () => {
    fc.assert(fc.property(hostileAlert, (alert) => {
      const line = format(alert);
      doesNotMatch(line, /\p{Cc}/u);
      ok(typeof JSON.parse(line) === "object");
    }));
  });
}

Deno.test("cef: whatever an alert holds, the message is one line with seven parts before the extension", () => {
  fc.assert(fc.property(hostileAlert, (alert) => {
    const line = cef(alert);
    doesNotMatch(line, /\p{Cc}/u);
    const parts = line.split(/(?<=^|[^\\](?:\\\\)*)\|/);
    ok(parts.length >= 8 && parts[0] === "CEF:0", line);
    ok(/^(10|[0-9])$/.test(parts[6]!), line);
  }));
});

Deno.test("cef: in the extension every bare = ends a key, so that no value can add one", () => {
  fc.assert(fc.property(hostileAlert, (alert) => {
    const extension = cef(alert).split(/(?<=[^\\](?:\\\\)*)\|/).slice(7).join("|");
    for (const match of extension.matchAll(/(?<!\\)(?:\\\\)*=/g)) {
      const key = /(?:^| )([A-Za-z0-9_]+)$/.exec(extension.slice(0, match.index))?.[1];
      ok(key !== undefined, extension);
    }
    const keys = [...extension.matchAll(/(?:^| )([A-Za-z0-9_]+)=/g)].map(([, key]) => key!);
    ok(new Set(keys).size === keys.length, `a key is twice: ${extension}`);
  }));
});
