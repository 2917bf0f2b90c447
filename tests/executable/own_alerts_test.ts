// falco's own commands are no incident: the executable, as it ships, is run while another one watches with all bundled rules.

import assert from "node:assert/strict";
import { placeExecutable } from "../support/executable.ts";
import { FalcoProcess, liveRefusal } from "../live/falco_process.ts";

const refusal = await liveRefusal();

Deno.test({
  name: `the executable's commands raise no alert of the bundled rules, disabled ones included${
    refusal === null ? "" : ` (skipped: ${refusal})`
  }`,
  ignore: refusal !== null,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "falco-own-", dir: "/var/tmp" });
    const path = `${folder}/falco`;
    let watcher: FalcoProcess | undefined;
    try {
      await placeExecutable(path);
      const rules = `${folder}/rules.yaml`;
      await Deno.writeTextFile(rules, "- macro: own\n  condition: (proc.name = x)\n");
      watcher = await FalcoProcess.start(
        ["-o", "rule_matching=all", "-o", 'rules[]={"enable":{"rule":"*"}}'],
        undefined,
        [],
        [path],
      );
      const commands = [
        ["--version"],
        ["--help"],
        ["--list"],
        ["-L"],
        ["--support"],
        ["--dry-run"],
        ["-V", rules],
        ["check", rules],
        ["list", "rules"],
        ["events", "--max", "1"],
        ["record", "-w", `${folder}/x.scap`, "--duration", "1"],
        ["replay", `${folder}/x.scap`],
        ["doctor"],
        ["-M", "1", "-o", "program_output.enabled=true", "-o", "program_output.program=cat > /dev/null"],
      ];
      for (const args of commands) {
        const { code, stderr } = await new Deno.Command(path, { args, stdin: "null" }).output();
        assert.equal(code, 0, `${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
      }
      // what comes last is known to have been seen
      await new Deno.Command("cat", { args: ["/etc/shadow"], stdout: "null" }).output();
      await watcher.alert("Read sensitive file untrusted");
      assert.equal(await watcher.stop(), 0);
      const own = watcher.alerts.filter(({ output_fields: of }) =>
        of["proc.exepath"] === path || of["proc.pexepath"] === path
      );
      assert.deepEqual(own.map(({ rule, output }) => `${rule}: ${output}`), []);
    } finally {
      await watcher?.stop().catch(() => {});
      await Deno.remove(folder, { recursive: true });
    }
  },
});
