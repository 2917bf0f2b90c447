// Our chart on a real API server: installed, changed, rolled back, removed; and with each usual kind of values.

import assert from "node:assert/strict";
import { parse } from "yaml";
import type { ClusterCase } from "../case.ts";
import { type ClusterLab, NAMESPACE } from "../cluster_lab.ts";
import { pod, ruleAbout } from "../objects.ts";
import { podMemory } from "../pod_memory.ts";
import { PROJECT } from "../../support/program.ts";

const SENSITIVE = "Read sensitive file untrusted";
const OWN_RULE = "Program named by a change";
const own = (program: string) => ruleAbout(program, OWN_RULE);
const KINDS: Readonly<Record<string, object>> = {
  privileged: { driver: { modernEbpf: { leastPrivileged: false } } },
  metrics: { metrics: { enabled: true } },
  "small rings": { driver: { modernEbpf: { bufSizePreset: 1, cpusForEachBuffer: 2 } } },
  "without engines": { collectors: { enabled: false } },
  "k8smeta as Falco names it": {
    falco: {
      load_plugins: ["k8smeta"],
      plugins: [{ name: "k8smeta", library_path: "libk8smeta.so", init_config: {} }],
    },
  },
};

export const CHART_CASES: readonly ClusterCase[] = [
  {
    name: "chart",
    aim:
      "helm install with default values, upgrade, rollback and uninstall: alerts name the pod, rules change live, nothing is left",
    run: async (lab) => {
      const beginMs = performance.now();
      await lab.install({ falco: { json_output: true } });
      const readyMs = performance.now() - beginMs;
      await lab.apply(pod({ name: "victim" }));
      await lab.kubectl("wait", "pod/victim", "--for=condition=Ready", "--timeout=60s");
      await lab.kubectl("exec", "victim", "--", "cat", "/etc/shadow");
      await lab.until("an alert of a bundled rule", async () => (await lab.alerts(SENSITIVE)).length > 0);
      const { output_fields: fields } = (await lab.alerts(SENSITIVE))[0]!;
      assert.deepEqual([fields["k8s.pod.name"], fields["k8s.ns.name"]], ["victim", "default"]);

      await lab.install({ falco: { json_output: true }, customRules: { "own.yaml": own("first") } });
      const restarts = await podOf(lab);
      const liveMs = await untilFires(lab, "first");
      assert.deepEqual(await podOf(lab), restarts, "a change of rules exchanges no pod");
      await lab.helm("rollback", "falco", "1");
      await lab.isRolledOut();
      assert.equal(await lab.health().then(({ status }) => status), "ok");
      await lab.uninstall();
      const left = await lab.kubectl(
        ...["get", "all,configmap,secret,serviceaccount,clusterrole,clusterrolebinding", "-A"],
        ...["-l", "app.kubernetes.io/instance=falco", "--no-headers", "--ignore-not-found"],
      );
      assert.equal(left.trim(), "");
      await lab.delete("pod", "victim");
      return `ready after ${seconds(readyMs)}, a changed rule after ${seconds(liveMs)}`;
    },
  },
  {
    name: "chart-options",
    aim: `pods become ready and healthy with values for: ${Object.keys(KINDS).join(", ")}`,
    run: async (lab) => {
      for (const [what, values] of Object.entries(KINDS)) {
        await lab.install(values).catch((error) => {
          throw new Error(`${what}: ${error}`);
        });
        const { status, problems } = await lab.health();
        assert.equal(status, "ok", `${what}: ${problems}`);
        await lab.uninstall();
      }
      return `${Object.keys(KINDS).length} kinds`;
    },
  },
  {
    name: "cpu-limit",
    aim:
      "with a CPU limit of 100m it becomes ready without a restart; memory stays below half of the chart's limit",
    run: async (lab) => {
      await lab.install({ resources: { limits: { cpu: "100m", memory: "1024Mi" } } });
      const ready = /ready after ([\d.]+) s/.exec((await lab.log()).join("\n"))?.[1];
      assert.match(await podOf(lab), / 0$/, "no restart");
      const { limits } = parse(await Deno.readTextFile(`${PROJECT}deploy/helm/falco/values.yaml`)).resources;
      const { nowMiB } = await podMemory(lab);
      assert.ok(nowMiB < parseInt(limits.memory) / 2, `${nowMiB} MiB of ${limits.memory}`);
      return `ready after ${ready} s at 100m; ${nowMiB} MiB of ${limits.memory}`;
    },
  },
];

/** Its name and how often it was started again. */
async function podOf(lab: ClusterLab): Promise<string> {
  const path = "{.items[0].metadata.name} {.items[0].status.containerStatuses[0].restartCount}";
  return await lab.kubectl("get", "pods", "-n", NAMESPACE, "-o", `jsonpath=${path}`);
}

async function untilFires(lab: ClusterLab, program: string): Promise<number> {
  return await lab.until(`an alert of ${OWN_RULE}`, async () => {
    await lab.kubectl("exec", "victim", "--", "echo", program);
    return (await lab.alerts(OWN_RULE)).length > 0;
  }, 180_000);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
