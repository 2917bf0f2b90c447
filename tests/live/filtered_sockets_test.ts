// Sockets over IP that no rule asks about but by what connects and copies of them say: with the kernel's filter, which leaves out
// their beginnings, data and ends, alerts have the same fields as without it.

import assert from "node:assert/strict";
import { FalcoProcess, liveRefusal } from "./falco_process.ts";
import { must } from "./lab.ts";
import { PROJECT } from "../support/program.ts";

const refusal = await liveRefusal();
const NAME = "fsockets";

const FIELDS = [
  ...["evt.type", "evt.rawres", "fd.num", "fd.name", "fd.type", "fd.typechar", "fd.l4proto", "fd.sockfamily"],
  ...["fd.cip", "fd.sip", "fd.lip", "fd.rip", "fd.cport", "fd.sport", "fd.lport", "fd.rport", "fd.is_server"],
];
const OUTPUT = FIELDS.map((field) => `%${field}`).join(" ");

const RULES = `
- rule: Connects
  desc: every one of the program
  condition: evt.type = connect and proc.name = ${NAME} and fd.typechar in (4, 6)
  output: "${OUTPUT}"
  priority: info
- rule: Copies
  desc: to standard input and output
  condition: evt.type in (dup, dup2, dup3) and evt.rawres in (0, 1, 2) and fd.type in (ipv4, ipv6) and proc.name = ${NAME}
  output: "${OUTPUT}"
  priority: info
- rule: End
  desc: of what is to be seen
  condition: evt.type = chdir and proc.name = ${NAME}_end
  output: "%evt.type"
  priority: info
`;

Deno.test({
  name: `alerts about sockets over IP are the same with the kernel's filter as without it${
    refusal ? ` (skipped: ${refusal})` : ""
  }`,
  ignore: refusal !== null,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "falco_sockets_" });
    try {
      const program = `${folder}/${NAME}`;
      await must("cc", "-O1", "-static", "-o", program, `${PROJECT}tests/live/filtered_sockets.c`);
      await Deno.copyFile("/bin/sh", `${folder}/${NAME}_end`);
      await Deno.writeTextFile(`${folder}/rules.yaml`, RULES);
      const start = (mode: string) =>
        FalcoProcess.start([
          "-r",
          `${folder}/rules.yaml`,
          "-o",
          `engine.kernel_filter=${mode}`,
          "-o",
          "rule_matching=all",
        ]);
      const falcos = [await start("off"), await start("auto")];
      await must(program);
      await must(`${folder}/${NAME}_end`, "-c", "cd /");
      for (const falco of falcos) await falco.alert("End");
      for (const falco of falcos) await falco.stop();
      const [whole, filtered] = falcos.map(({ alerts }) =>
        alerts.filter(({ rule }) => rule === "Connects" || rule === "Copies").map(({ rule, output_fields }) =>
          [rule, ...FIELDS.map((field) => output_fields[field])].join(" ")
        )
      );
      assert.ok(whole!.length > 60, `${whole!.length} alerts`);
      assert.deepEqual(filtered, whole);
      assert.ok(falcos.every(({ log }) => !log.some((line) => line.includes("is without effect"))));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
