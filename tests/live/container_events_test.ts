// A container that starts is an event of its own, with all that its engine says of it; one that was there before is none.
// Alone: it starts containers on this host.

import assert from "node:assert/strict";
import { FalcoProcess, liveRefusal } from "./falco_process.ts";
import { containerRefusal, Lab } from "./lab.ts";

const refusal = await liveRefusal() ?? await containerRefusal();

const RULES = `
- rule: container came
  desc: an event of the container's own
  condition: evt.type = container and evt.is_async = true and container.image.repository endswith $IMAGE
  output: "%evt.asynctype %container.id %container.name %container.image.repository %container.image.tag %container.type"
  priority: INFO
- rule: container went
  desc: the same of its end
  condition: evt.asynctype = container_removed and container.image.repository endswith $IMAGE
  output: "%container.id %container.name"
  priority: INFO
`;

Deno.test({
  name: `live: a container that comes or goes is an event that rules see${
    refusal === null ? "" : `: skipped, ${refusal}`
  }`,
  ignore: refusal !== null,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const lab = await Lab.open();
    let falco: FalcoProcess | undefined;
    try {
      const old = await lab.container();
      const rules = await lab.file("rules.yaml", RULES.replaceAll("$IMAGE", lab.image));
      falco = await FalcoProcess.start(["-r", rules]);
      const name = `came-${crypto.randomUUID().slice(0, 8)}`;
      const id = await lab.container("--name", name);
      const came = await falco.alert("container came", ({ output_fields: of }) => of["container.id"] === id);
      assert.deepEqual(came.output_fields, {
        ...came.output_fields,
        "evt.asynctype": "container",
        "container.name": name,
        "container.image.repository": `localhost/${lab.image}`,
        "container.image.tag": "latest",
        "container.type": "podman",
      });
      // what happens in it, and asks its engine again, is no such event
      for (const _ of [1, 2]) await lab.inContainer(id, [], "/bin/true");
      await lab.inContainer(old, [], "/bin/true");
      await lab.remove(id);
      await falco.alert("container went", ({ output_fields: of }) => of["container.id"] === id);
      assert.equal(await falco.stop(), 0);
      assert.deepEqual(falco.alerts.map(({ rule, output_fields: of }) => [rule, of["container.name"]]), [
        ["container came", name],
        ["container went", name],
      ]);
    } finally {
      await falco?.stop().catch(() => {});
      await lab.close();
    }
  },
});
