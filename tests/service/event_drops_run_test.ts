// syscall_event_drops in a live run. Needs root and BTF.
// Alone: it counts what the host does.

import { equal, match } from "node:assert/strict";
import { falco, GOOD_RULE, withRules } from "../cli/falco_command.ts";
import { liveRefusal } from "../live/falco_process.ts";

const refusal = await liveRefusal();
const NAME = "simulated drops: the alert is written, then the action exit ends the run with exit code 1";

Deno.test({
  name: refusal === null ? NAME : `${NAME}: skipped, ${refusal}`,
  ignore: refusal !== null,
  fn: () =>
    withRules(GOOD_RULE, async (path) => {
      const { code, stdout, stderr } = await falco(
        ...["-r", path, "-M", "60", "-o", "json_output=true"],
        ...["-o", "syscall_event_drops={simulate_drops: true, actions: [alert, exit]}"],
      );
      equal(code, 1, stderr);
      const alert = JSON.parse(stdout.trim().split("\n").at(-1)!);
      equal(alert.rule, "Falco internal: syscall event drop");
      equal(alert.source, "internal");
      equal(alert.output_fields.n_drops, "1");
      match(stderr, /stopping: Falco internal: syscall event drop/);
    }),
});
