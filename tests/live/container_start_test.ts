// Containers that live for a moment: their first alerts name them, and their users by their own lists.
// Alone: it starts containers on this host.

import assert from "node:assert/strict";
import { FalcoProcess, liveRefusal } from "./falco_process.ts";
import { containerRefusal, Lab } from "./lab.ts";

const refusal = await liveRefusal() ?? await containerRefusal();
const RUNS = 6;

const RULES = `
- rule: program in a container
  desc: the first program, and those that it starts
  condition: >
    evt.type in (execve, execveat) and evt.rawres = 0 and container.id != host
    and container.image.repository endswith $IMAGE
  output: >
    %container.id %container.name %container.image %container.image.repository %container.image.tag %container.type
    %user.name %user.homedir %user.shell %group.name
  priority: INFO
`;

Deno.test({
  name: `live: alerts of short-lived containers have all facts and their own users${
    refusal === null ? "" : `: skipped, ${refusal}`
  }`,
  ignore: refusal !== null,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const lab = await Lab.open();
    let falco: FalcoProcess | undefined;
    try {
      await lab.runOnce([], "true");
      const rules = await lab.file("rules.yaml", RULES.replace("$IMAGE", lab.image));
      falco = await FalcoProcess.start(["-r", rules]);
      for (let i = 0; i < RUNS; i++) {
        if (i % 2 === 0) await lab.runOnce(["--user", "1000:50"], "true");
        else await lab.runOnce(["--user", "1000:50"], "sh", "-c", "cat /etc/passwd");
      }
      await falco.stop();
      const programs = falco.alerts.filter(({ output_fields: fields }) => fields["user.name"] !== "root");
      const ids = new Set(programs.map(({ output_fields: fields }) => fields["container.id"]));
      assert.equal(ids.size, RUNS);
      for (const { output_fields: fields } of programs) {
        for (const [name, value] of Object.entries(fields)) assert.ok(value, `${name} is ${value}`);
        assert.equal(fields["container.type"], "podman");
        assert.equal(fields["user.name"], "ann");
        assert.equal(fields["user.homedir"], "/home/ann");
        assert.equal(fields["user.shell"], "/bin/ash");
        assert.equal(fields["group.name"], "staff");
      }
    } finally {
      await falco?.stop().catch(() => {});
      await lab.close();
    }
  },
});
