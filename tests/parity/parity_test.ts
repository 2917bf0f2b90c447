// What we say about the recorded traces agrees with what Falco said: every alert of every variant, every line of an
// event, and the fields of the sampled events but for the differences that are made on purpose.

import assert from "node:assert/strict";
import { matcherMissing } from "../engine/matcher_artefact.ts";
import { compareAlerts, VARIANTS } from "./alerts.ts";
import { compareEventLines } from "./event_lines.ts";
import { compareFields } from "./fields.ts";
import { RECORDINGS } from "../support/recordings.ts";
import { upstreamMissing } from "../support/upstream.ts";
import { listTraces } from "./recordings.ts";
import type { Tally } from "./tally.ts";

const SHARE = 0.999;

const skip = matcherMissing;
if (skip !== undefined) {
  Deno.test({ name: `parity with Falco: skipped, ${skip}`, ignore: true, fn: () => {} });
}

function assertExplained(tally: Tally, trace: string): void {
  assert.ok(tally.compared > 0, "nothing was compared");
  if (tally.unexplained > 0) assert.fail([`${trace}: ${tally.summary}`, ...tally.report(3)].join("\n"));
}

for (const trace of skip === undefined ? listTraces() : []) {
  for (const variant of VARIANTS) {
    Deno.test({
      name: `alerts of ${trace} are Falco's, ${variant.name}${
        upstreamMissing === undefined ? "" : `: skipped, ${upstreamMissing}`
      }`,
      ignore: upstreamMissing !== undefined,
      async fn() {
        const tally = await compareAlerts(RECORDINGS, trace, variant);
        assert.equal(tally.differing, 0, tally.report(3).join("\n"));
      },
    });
  }
  Deno.test(`fields of ${trace} are Falco's but for known differences`, async () => {
    const tally = await compareFields(RECORDINGS, trace);
    assertExplained(tally, trace);
    assert.ok(tally.share >= SHARE, `${tally.summary} agree`);
  });
  Deno.test(`event lines of ${trace} are Falco's`, async () => {
    const tally = await compareEventLines(RECORDINGS, trace);
    assertExplained(tally, trace);
    assert.equal(tally.differing, 0);
  });
}
