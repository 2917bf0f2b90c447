// Parts of the cluster that go away: what happens on the node is told all the same.
// In: a pod whose containers are there before; programs that start in it while the part is away. Out: none of them is missing.
//
// kubectl needs the API server, so programs are started by containerd's own tool, which is on the node.

import assert from "node:assert/strict";
import type { Part } from "../../../scripts/cluster/parts.ts";
import { processes, signal } from "../../../scripts/cluster/processes.ts";
import type { ClusterCase } from "../case.ts";
import { type Alert, type ClusterLab } from "../cluster_lab.ts";
import { pod, PROGRAM_RULE, PROGRAM_RULES } from "../objects.ts";

const VALUES = {
  falco: { json_output: true },
  collectors: { kubernetes: { enabled: true } },
  customRules: { "programs.yaml": PROGRAM_RULES },
};
const WITNESS = "witness";
const EVERY_MS = 2000;

export const FAULTS: readonly ClusterCase[] = [
  {
    name: "api-away",
    aim:
      "an API server that is away for a minute: every program of a known pod is told, with all that was known before",
    run: (lab) => withoutPart(lab, "apiserver", 60_000),
  },
  {
    name: "etcd-away",
    aim: "etcd away for 20 s: every program is told, metadata go on",
    run: (lab) => withoutPart(lab, "etcd", 20_000),
  },
  {
    name: "containerd-away",
    aim: "containerd away for 10 s: containers that were known stay so, new ones are known when it is back",
    run: async (lab) => {
      const { mark } = await prepared(lab);
      await lab.restart("containerd", 10_000);
      await lab.until("containerd is back", () => mark("back").then(() => true, () => false));
      await lab.apply(pod({ name: "after" }));
      await lab.until(
        "an alert of a new pod",
        async () =>
          (await told(lab)).some(({ output_fields: fields }) =>
            fields["k8s.pod.name"] === "after" && fields["container.image.repository"] === "localhost/busybox"
          ),
      );
      return `${await complete(lab, ["back"])}; a new pod has name and image`;
    },
  },
  {
    name: "falco-killed",
    aim:
      "falco's process is killed: it is started again by the kubelet, and its first alerts say all that was known before",
    run: async (lab) => {
      const { mark } = await prepared(lab);
      const before = await restarts(lab);
      for (const pid of await falcosProcesses(lab)) signal(pid, "SIGKILL");
      let heard = 0;
      const ms = await lab.until("it tells again", async () => {
        await mark(`again${++heard}`);
        const fresh = (await restarts(lab)) > before ? await told(lab) : [];
        return fresh.some(isWitness);
      });
      assert.equal(await restarts(lab), before + 1);
      await lab.isRolledOut();
      const [alert] = (await told(lab)).filter(isWitness);
      assert.equal(alert!.output_fields["container.image.repository"], "localhost/busybox");
      assert.equal((await lab.health()).status, "ok");
      return `alerts again ${Math.round(ms)} ms after the kill`;
    },
  },
];

async function withoutPart(lab: ClusterLab, part: Part, awayMs: number): Promise<string> {
  const { mark } = await prepared(lab);
  const away = lab.restart(part, awayMs).then(() => true);
  const names: string[] = [];
  const isBack = () => Promise.race([away, new Promise((resolve) => setTimeout(resolve, EVERY_MS))]);
  do {
    names.push(`${part}${names.length}`);
    await mark(names.at(-1)!);
  } while (await isBack() !== true);
  await lab.until("it answers", async () => (await lab.tryKubectl("get", "--raw", "/readyz")).code === 0);
  await lab.apply(pod({ name: "after" }));
  await lab.until(
    "k8smeta of a new pod",
    async () => (await told(lab)).some(({ output_fields: fields }) => fields["k8smeta.pod.name"] === "after"),
  );
  return await complete(lab, names);
}

/** A pod, and a way to start programs in it. */
async function prepared(lab: ClusterLab): Promise<{ mark: (word: string) => Promise<void> }> {
  await lab.install(VALUES);
  await lab.apply(pod({ name: WITNESS }));
  await lab.kubectl("wait", `pod/${WITNESS}`, "--for=condition=Ready", "--timeout=60s");
  await lab.until("k8smeta of the pod", async () => {
    await lab.kubectl("exec", WITNESS, "--", "id");
    return (await told(lab)).some((alert) =>
      isWitness(alert) && alert.output_fields["k8smeta.pod.name"] === WITNESS
    );
  });
  const path = "jsonpath={.status.containerStatuses[0].containerID}";
  const id = (await lab.kubectl("get", "pod", WITNESS, "-o", path)).replace("containerd://", "");
  return {
    mark: async (word) => {
      await lab.ctr("-n", "k8s.io", "tasks", "exec", "--exec-id", `mark-${word}`, id, "echo", `mark-${word}`);
    },
  };
}

/** All marks are told, with the pod's name from containerd and from the API server. */
async function complete(lab: ClusterLab, names: readonly string[]): Promise<string> {
  const line = ({ output_fields: fields }: Alert) => String(fields["proc.cmdline"]);
  const missing = async () => {
    const alerts = (await told(lab)).filter(({ output_fields: fields }) =>
      fields["k8s.pod.name"] === WITNESS && fields["k8smeta.pod.name"] === WITNESS &&
      fields["container.image.repository"] === "localhost/busybox"
    );
    return names.filter((name) => !alerts.some((alert) => line(alert).endsWith(`mark-${name}`)));
  };
  await lab.until("all programs are told", async () => (await missing()).length === 0, 15_000).catch(
    () => {},
  );
  assert.deepEqual(await missing(), []);
  assert.equal((await lab.health()).status, "ok");
  return `${names.length} programs meanwhile, none missing`;
}

async function told(lab: ClusterLab): Promise<Alert[]> {
  return await lab.alerts(PROGRAM_RULE);
}

function isWitness({ output_fields: fields }: Alert): boolean {
  return fields["k8s.pod.name"] === WITNESS;
}

async function restarts(lab: ClusterLab): Promise<number> {
  return Number(await lab.falcosPod("{.status.containerStatuses[0].restartCount}"));
}

/** Processes in falco's pod. */
async function falcosProcesses(lab: ClusterLab): Promise<number[]> {
  const uid = await lab.falcosPod("{.metadata.uid}");
  return processes().filter((pid) => {
    try {
      const command = Deno.readTextFileSync(`/proc/${pid}/cmdline`);
      return /falco/.test(command) && Deno.readTextFileSync(`/proc/${pid}/cgroup`).includes(`pod${uid}`);
    } catch {
      return false;
    }
  });
}
