// What container engines say on a node of a cluster: names of images, containers of nobody's pods, engines that are silent.

import assert from "node:assert/strict";
import { BUSYBOX } from "../../../scripts/cluster/images.ts";
import type { ClusterCase } from "../case.ts";
import type { Alert, ClusterLab } from "../cluster_lab.ts";
import { pod, PROGRAM_RULE, PROGRAM_RULES } from "../objects.ts";

const VALUES = { falco: { json_output: true }, customRules: { "programs.yaml": PROGRAM_RULES } };
const ASKED = "registry.example:5000/team/sub/busybox:v1.2";
const OTHER = "localhost/busybox:1.36";
const LONELY = "ab".repeat(32);

export const CONTAINERS: readonly ClusterCase[] = [
  {
    name: "image-names",
    aim:
      "an image under several names has the one that the pod asked for; a pause container has the labels of its pod",
    run: async (lab) => {
      for (const name of [ASKED, OTHER]) {
        await lab.ctr("-n", "k8s.io", "images", "tag", "--force", BUSYBOX, name);
      }
      await lab.install(VALUES);
      await lab.apply(pod({ name: "named", image: ASKED, labels: { app: "named" } }));
      const [main] = await waitFor(
        lab,
        (fields) => fields["k8s.pod.name"] === "named" && fields["container.name"] === "main",
      );
      const { output_fields: fields } = main!;
      const told = `${fields["container.image.repository"]}:${fields["container.image.tag"]}`;
      // a runtime from before Kubernetes 1.29 knows nothing but the image: any of its names, as long as it is a whole one
      const knowsAsked = !/^containerd 1\.[0-6]\./.test(await runtime(lab));
      assert.ok(
        knowsAsked
          ? told === ASKED
          : (await lab.ctr("-n", "k8s.io", "images", "ls", "-q")).split("\n").includes(told),
        told,
      );
      const pause = (await lab.alerts(PROGRAM_RULE)).filter(({ output_fields }) =>
        output_fields["k8s.pod.name"] === "named" && output_fields["proc.name"] === "pause"
      );
      assert.ok(pause.length > 0, "the pause container's program");
      assert.match(String(pause[0]!.output_fields["k8s.pod.labels"]), /app:named/, JSON.stringify(pause[0]));
      await lab.delete("pod", "named");
      await lab.ctr("-n", "k8s.io", "images", "rm", ASKED, OTHER);
      return `${told} of ${ASKED}, which the node also has as ${OTHER}; pause: ${
        pause[0]!.output_fields["k8s.pod.labels"]
      }`;
    },
  },
  {
    name: "without-cri",
    aim: "a container that was started by containerd without the CRI has a name under the chart's values",
    run: async (lab) => {
      await lab.install(VALUES);
      const namespace = lab.place.name;
      await lab.ctr("-n", namespace, "images", "import", `${lab.place.images}/busybox.tar`);
      await lab.ctr("-n", namespace, "run", "-d", "--net-host", BUSYBOX, LONELY, "sleep", "100000");
      try {
        const [alert] = await waitFor(lab, (fields) => fields["container.id"] === LONELY.slice(0, 12));
        assert.equal(
          alert!.output_fields["container.image.repository"],
          "localhost/busybox",
          JSON.stringify(alert),
        );
        assert.equal(alert!.output_fields["container.name"], LONELY.slice(0, 12));
      } finally {
        await lab.ctr("-n", namespace, "task", "kill", "-s", "9", LONELY).catch(() => {});
        await lab.until(
          "its end",
          async () => await lab.ctr("-n", namespace, "task", "rm", LONELY).then(() => true, () => false),
        );
        await lab.ctr("-n", namespace, "container", "rm", LONELY);
      }
      return "name and image from its first alert on";
    },
  },
  {
    name: "wrong-cri-socket",
    aim: "a CRI socket that is not there is told by log, health and doctor, with what was looked for",
    run: async (lab) => {
      const engines = { cri: { enabled: true, sockets: ["/run/nowhere/cri.sock"] } };
      await lab.install({ ...VALUES, collectors: { containerEngine: { engines } } });
      const place = /cri at \/host\/run\/nowhere\/cri\.sock: there is nothing/;
      await lab.until("a line in the log", async () => (await lab.log()).some((line) => place.test(line)));
      const { status, problems } = await lab.health();
      assert.equal(status, "degraded");
      assert.ok(problems.some((problem) => place.test(problem)), JSON.stringify(problems));
      const { text } = await lab.falco("doctor", "--no-self-test", "-c", "/etc/falco/configmap/falco.yaml");
      assert.match(text, place);
      return "told three times, health is degraded";
    },
  },
];

/** Such as `containerd 1.6.20`. */
async function runtime(lab: ClusterLab): Promise<string> {
  const path = "jsonpath={.items[0].status.nodeInfo.containerRuntimeVersion}";
  return (await lab.kubectl("get", "nodes", "-o", path)).replace("://", " ");
}

async function waitFor(lab: ClusterLab, fits: (fields: Alert["output_fields"]) => boolean): Promise<Alert[]> {
  let found: Alert[] = [];
  await lab.until("an alert of the container", async () => {
    found = (await lab.alerts(PROGRAM_RULE)).filter(({ output_fields }) => fits(output_fields));
    return found.length > 0;
  });
  return found;
}
