// Floods: nothing may be lost with the default rings, and the tables must return to their size.
// Alone: it loads the host.

import assert from "node:assert/strict";
import { FalcoProcess, liveRefusal } from "./falco_process.ts";
import { Lab, run } from "./lab.ts";

const refusal = await liveRefusal();

/** Value of a counter in the report that falco prints at its end. */
function counter(log: readonly string[], name: string): number {
  for (const line of log) {
    const match = new RegExp(`\\b${name}[=: ]+(\\d+)`).exec(line);
    if (match) return Number(match[1]);
  }
  throw new Error(`The final report has no counter "${name}":\n${log.join("\n")}`);
}

Deno.test({
  name: `floods of reads, forks and connections lose nothing and leave no state${
    refusal ? ` (skipped: ${refusal})` : ""
  }`,
  ignore: refusal !== null,
  sanitizeResources: false,
  sanitizeOps: false,
}, async () => {
  const lab = await Lab.open();
  const falco = await FalcoProcess.start([]);
  try {
    await run("dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=2000000");
    await run(lab.trigger, "flood-forks", "2000");
    await run(lab.trigger, "flood-connections", "17312", "10000");
    await run(lab.trigger, "attach");
    await falco.alert("PTRACE attached to process");
    assert.equal(await falco.stop(), 0);
    assert.equal(counter(falco.log, "drops"), 0, "no event was dropped");
    const added = counter(falco.log, "threads_added");
    const now = counter(falco.log, "threads");
    assert.ok(added > 2000, `the forked processes were seen: ${added}`);
    assert.ok(now < 600, `the thread table is back to the threads that live: ${now}`);
    assert.ok(counter(falco.log, "fds") < 60 * now, "the fd tables are back to the files that are open");
  } finally {
    await lab.close();
  }
});
