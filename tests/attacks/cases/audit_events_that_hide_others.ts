// Audit events that cannot be evaluated, in one request with others, and events made long by an annotation.

import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { post, privilegedPod, startAudited } from "../audited.ts";

const RULE = "Create Privileged Pod";
const deep = `{"stageTimestamp":"2026-01-31T08:15:30Z","a":${"[".repeat(10_000)}${"]".repeat(10_000)}}`;
const HIDING = [
  deep,
  '{"stageTimestamp":"2026-01-31T08:15:30Z","a":"\u0001"}',
  '{"kind":"Event"}',
  "7",
  "{]",
];

const attack: Attack = {
  aim: "blind",
  tries:
    "audit events nested 10,000 deep, with raw control characters, of 3 and 9 MB, in a request with others",
  isQuick: true,
  async run(target) {
    const { falco, url, stop } = await startAudited(target);
    try {
      const items = [...HIDING, `"${"x".repeat(9_000_000)}"`].flatMap((hiding, i) => [
        JSON.stringify(privilegedPod(`good-${i}`)),
        hiding,
      ]);
      items.push(JSON.stringify(privilegedPod("large", { annotations: { a: "x".repeat(1_500_000) } })));
      assert.equal(await post(url, `{"kind":"EventList","items":[${items}]}`), 200);
      await falco.alert(RULE, ({ output }) => output.includes("pod=large"));
      await falco.alert("Falco internal: event not evaluated");
      const outputs = falco.alerts.filter(({ rule }) => rule === RULE).map(({ output }) => output);
      for (let i = 0; i <= HIDING.length; i++) {
        assert.equal(outputs.filter((output) => output.includes(`pod=good-${i} `)).length, 1, `good-${i}`);
      }
      assert.ok(falco.log.some((line) => /an event is not evaluated: event 2: .*nested deeper/.test(line)));
      return `${outputs.length} alerts of ${outputs.length} good events, answer 200, one internal alert`;
    } finally {
      await stop();
    }
  },
};

export default attack;
