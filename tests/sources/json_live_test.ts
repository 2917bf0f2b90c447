// One rules file about system calls and audit events: both sources run at once, on the real kernel.

import { equal, match } from "node:assert/strict";
import { FalcoProcess, liveRefusal } from "../live/falco_process.ts";

const RULES = `
- rule: Marked file read
  desc: d
  condition: evt.type in (open, openat) and fd.name endswith /json_live_marker
  output: read %fd.name
  priority: NOTICE
- rule: Marked pod made
  desc: d
  condition: ka.verb = create and ka.target.name = marker
  output: made %ka.target.name in %evt.source
  priority: NOTICE
  source: k8s_audit
`;
const EVENT = {
  kind: "Event",
  auditID: "a",
  verb: "create",
  objectRef: { resource: "pods", name: "marker" },
  stageTimestamp: "2026-01-31T08:15:30.5Z",
};

const refusal = await liveRefusal();

Deno.test({
  name: `system calls and audit events are evaluated at once by one rules file${
    refusal === null ? "" : `: ${refusal}`
  }`,
  ignore: refusal !== null,
  async fn() {
    const folder = await Deno.makeTempDir();
    const rules = `${folder}/rules.yaml`, marker = `${folder}/json_live_marker`;
    await Deno.writeTextFile(rules, RULES);
    await Deno.writeTextFile(marker, "");
    const falco = await FalcoProcess.start([
      "-r",
      rules,
      "-o",
      "plugins[]={name: k8saudit, library_path: x, open_params: 'http://127.0.0.1:0/k8s-audit'}",
    ]);
    try {
      const url = await (async () => {
        for (let i = 0; i < 100; i++) {
          const found = falco.log.join("\n").match(/k8s_audit come from (http:\S+)/);
          if (found !== null) return found[1]!;
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
        throw new Error(`no webhook: ${falco.log.join("\n")}`);
      })();
      const headers = { "Content-Type": "application/json" };
      const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(EVENT) });
      equal(answer.status, 200);
      await answer.body?.cancel();
      await new Deno.Command("cat", { args: [marker] }).output();
      match((await falco.alert("Marked pod made")).output, /made marker in k8s_audit/);
      match((await falco.alert("Marked file read")).output, /json_live_marker/);
    } finally {
      await falco.stop();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
