// Rules that introductions to Falco give their readers, with the bundled file and nothing else: each loads and fires live
// in a real container. One of them names `write`, which Falco leaves out.

import assert from "node:assert/strict";
import { detect, type Detection, NETWORK } from "./detections.ts";
import { FalcoProcess, liveRefusal } from "./falco_process.ts";
import { containerRefusal, Lab } from "./lab.ts";
import { PROJECT } from "../support/program.ts";

const RULES = [
  "-r",
  `${PROJECT}rules/bundled/falco_rules.yaml`,
  "-r",
  `${PROJECT}tests/live/introduction_rules.yaml`,
];
const refusal = await liveRefusal() ?? await containerRefusal();

const inContainer = (id: string, name: string): readonly Detection[] => [
  {
    rule: "Shell with a terminal below another program",
    trigger: (lab) => lab.inContainer(id, ["-t"], "trigger", "run", "/bin/sh", "-c", "exit 3"),
    fields: { "proc.name": "sh", "proc.pname": "trigger", "user.name": "root" },
  },
  {
    rule: "Shell with a terminal",
    trigger: (lab) => lab.inContainer(id, ["-t"], "sh", "-c", "true"),
    fields: { "proc.name": "sh", "container.name": name },
  },
  {
    rule: "Data written below a binary directory",
    trigger: (lab) => lab.inContainer(id, [], "sh", "-c", "echo data > /bin/new"),
    fields: { "fd.name": "/bin/new", "proc.cmdline": "sh -c echo data > /bin/new", "container.name": name },
  },
  {
    rule: "Connection to a suspicious port",
    trigger: (lab) =>
      lab.inContainer(id, [], "trigger", "in-network", NETWORK, "/bin/trigger", "connect", NETWORK, "5555"),
    fields: { "user.name": "root", "container.name": name },
  },
  {
    rule: "Client of a database",
    trigger: (lab) => lab.inContainer(id, [], "psql", "nothing"),
    fields: { "proc.name": "psql", "container.name": name },
  },
];

/** Where the first match takes an event, the bundled rule for a shell with a terminal comes first, as in Falco. */
const NOT_FIRST = "Shell with a terminal";

for (const matching of ["all", "first"]) {
  Deno.test({
    name:
      `live: rules of introductions load with the bundled file alone and fire in a container, rule_matching ${matching}${
        refusal === null ? "" : ` (skipped: ${refusal})`
      }`,
    ignore: refusal !== null,
    sanitizeResources: false,
    sanitizeOps: false,
  }, async (t) => {
    const lab = await Lab.open();
    let falco: FalcoProcess | undefined;
    try {
      const name = `introduced-${crypto.randomUUID().slice(0, 8)}`;
      const id = await lab.container("--privileged", "--name", name);
      falco = await FalcoProcess.start([...RULES, "-o", `rule_matching=${matching}`]);
      const cost = falco.log.filter((line) => /rules name calls of high volume/.test(line));
      assert.equal(cost.length, 1);
      assert.match(cost[0]!, /: Notice .*: write \("Data written below a binary directory"\)/);
      const detections = inContainer(id, name).filter(({ rule }) => matching === "all" || rule !== NOT_FIRST);
      await detect(t, falco, lab, id, detections);
      assert.equal(await falco.stop(), 0);
    } finally {
      await falco?.stop().catch(() => {});
      await lab.close();
    }
  });
}
