// What is seen of a pod's first 100 ms: of the moments after its containers' first program has started.

import assert from "node:assert/strict";
import type { ClusterCase } from "../case.ts";
import type { Alert } from "../cluster_lab.ts";
import { pod, PROGRAM_RULE, PROGRAM_RULES } from "../objects.ts";

const VALUES = { falco: { json_output: true }, customRules: { "programs.yaml": PROGRAM_RULES } };
const PODS = 10;
const PROGRAMS = 20;
/** The shell itself is the first one. */
const COMMAND = ["sh", "-c", `for i in $(seq ${PROGRAMS - 1}); do /bin/id $i; done; sleep 100000`];

export const FIRST_MOMENTS: readonly ClusterCase[] = [
  {
    name: "first-moments",
    aim:
      `${PODS} pods at once that start ${PROGRAMS} programs at once: each is told, with pod, image and labels`,
    run: async (lab) => {
      await lab.install(VALUES);
      const names = Array.from({ length: PODS }, (_, i) => `moment${i}`);
      await lab.apply(...names.map((name) => pod({ name, command: COMMAND, labels: { of: "moments" } })));
      let spansMs: number[] = [];
      const isTold = async () => {
        const alerts = await lab.alerts(PROGRAM_RULE);
        const whole = (name: string, program: RegExp) =>
          alerts.filter(({ output_fields: fields }) =>
            fields["k8s.pod.name"] === name && program.test(String(fields["proc.cmdline"])) &&
            /^localhost\/(busybox|pause)$/.test(String(fields["container.image.repository"])) &&
            /of:moments/.test(String(fields["k8s.pod.labels"]))
          );
        spansMs = names.map((name) => span(whole(name, /^(sh -c|id \d)/)));
        return names.every((name) =>
          whole(name, /^id \d/).length === PROGRAMS - 1 && whole(name, /pause/).length > 0
        );
      };
      await lab.until("all programs, with all facts", isTold, 60_000);
      spansMs.sort((a, b) => a - b);
      assert.equal(spansMs.length, PODS);
      return `${PODS} of ${PODS} pods whole: the sandbox's program and ${PROGRAMS} of ${PROGRAMS} of the container, ` +
        `all started within ${spansMs[0]!.toFixed(0)} to ${spansMs.at(-1)!.toFixed(0)} ms`;
    },
  },
];

/** Between the first and the last, in ms. */
function span(alerts: readonly Alert[]): number {
  const times = alerts.map(({ time }) => Date.parse(time));
  return Math.max(...times) - Math.min(...times);
}
