// Settings of pods and nodes that are seldom thought of: taints, files mounted by subPath, users of a namespace of their own.

import assert from "node:assert/strict";
import { NODE } from "../../../scripts/cluster/place.ts";
import type { ClusterCase } from "../case.ts";
import { type ClusterLab, NAMESPACE, SELECTOR } from "../cluster_lab.ts";
import { configMap, pod, PROGRAM_RULE, PROGRAM_RULES, ruleAbout } from "../objects.ts";

const JSON_OUTPUT = { json_output: true };
const TAINT = "dedicated=testing:NoExecute";
const OWN_RULE = "Program named by a file";
const own = (program: string) => ruleAbout(program, OWN_RULE);
const PATH = "/etc/falco/rules.d/by_sub_path.yaml";
const OWN_USERS = "own-users";
/** Pods that start at the same time. */
const CROWD = 12;
const USER_RULE = "Program of a user";
const USER_RULES = `
- rule: ${USER_RULE}
  desc: programs that start in a container, and whose they are
  condition: evt.type in (execve, execveat) and container
  output: program (user=%user.uid %user.name pod=%k8s.pod.name container=%container.name process=%proc.name)
  priority: NOTICE
`;

export const POD_SETTINGS: readonly ClusterCase[] = [
  {
    name: "taints",
    aim:
      "on a tainted control plane falco runs by default; on a node with another taint once its values tolerate it",
    run: async (lab) => {
      const taint = (...taints: string[]) => lab.kubectl("taint", "node", NODE.name, ...taints);
      const isThere = async () => {
        const path = "jsonpath={.items[*].status.containerStatuses[0].ready}";
        return await lab.kubectl("get", "pods", "-n", NAMESPACE, "-l", SELECTOR, "-o", path) === "true";
      };
      await taint("node-role.kubernetes.io/control-plane=:NoSchedule");
      try {
        await lab.install({ falco: JSON_OUTPUT });
        assert.ok(await isThere(), "on a control plane");
        await taint(TAINT);
        await lab.until("falco is gone from the node", async () => !await isThere());
        await lab.install({ falco: JSON_OUTPUT, tolerations: [{ operator: "Exists" }] });
        await lab.until("falco is back", isThere);
      } finally {
        for (const key of ["dedicated", "node-role.kubernetes.io/control-plane"]) {
          await taint(`${key}-`).catch(() => {});
        }
      }
      return "control plane: there by default; another taint: gone, and there with tolerations";
    },
  },
  {
    name: "sub-path",
    aim:
      "a rules file that is mounted by subPath is loaded; its changes need a new pod, since the kubelet never brings them",
    run: async (lab) => {
      const map = (program: string) => configMap("single-file", NAMESPACE, { "one.yaml": own(program) });
      await lab.tryKubectl("create", "namespace", NAMESPACE);
      await lab.apply(map("first"), pod({ name: "victim" }));
      try {
        await lab.install({
          falco: JSON_OUTPUT,
          mounts: {
            volumes: [{ name: "single", configMap: { name: "single-file" } }],
            volumeMounts: [{ name: "single", mountPath: PATH, subPath: "one.yaml", readOnly: true }],
          },
        });
        await lab.kubectl("wait", "pod/victim", "--for=condition=Ready", "--timeout=60s");
        await untilFires(lab, "first");
        await lab.apply(map("second"));
        await lab.kubectl("rollout", "restart", "-n", NAMESPACE, "ds/falco");
        await lab.isRolledOut();
        await untilFires(lab, "second");
      } finally {
        await lab.delete("configmap", "single-file", "-n", NAMESPACE);
      }
      return "loaded at the start; a change counts after `kubectl rollout restart`";
    },
  },
  {
    name: "host-users",
    aim:
      "a pod with hostUsers: false: where the runtime can do it, its programs are told with pod, container and the node's number of the user; else the kubelet says why not",
    run: async (lab) => {
      await lab.install({ falco: JSON_OUTPUT, customRules: { "programs.yaml": USER_RULES } });
      await lab.apply(ofOwnUsers(OWN_USERS));
      let refusal = "";
      await lab.until("it runs, or is refused", async () => {
        const path = "jsonpath={.status.phase}";
        if (await lab.kubectl("get", "pod", OWN_USERS, "-o", path) === "Running") return true;
        const events = await lab.kubectl(
          ...["events", "--for", `pod/${OWN_USERS}`, "--types=Warning", "-o", "jsonpath={.items[*].message}"],
        );
        refusal = /[^:,`]*user namespaces?.*/i.exec(events)?.[0].trim() ?? "";
        return refusal !== "";
      });
      if (refusal !== "") return `this runtime cannot: ${refusal.slice(0, 200)}`;
      const map = await lab.kubectl("exec", OWN_USERS, "--", "cat", "/proc/self/uid_map");
      const [inside, outside] = map.trim().split(/\s+/).map(Number);
      assert.ok(inside === 0 && outside! > 0, map);
      const { "user.uid": uid, "user.name": name, "container.name": container } = await untilUserIsNamed(
        lab,
        OWN_USERS,
      );
      assert.deepEqual([uid, container], [outside, "main"]);
      const crowd = Array.from({ length: CROWD }, (_, i) => `${OWN_USERS}-${i}`);
      await lab.apply(...crowd.map(ofOwnUsers));
      const uids = new Set<unknown>();
      for (const one of crowd) {
        await lab.kubectl("wait", "--for=condition=Ready", `pod/${one}`, "--timeout=120s");
        uids.add((await untilUserIsNamed(lab, one))["user.uid"]);
      }
      assert.equal(uids.size, CROWD, "each has numbers of its own");
      return `its root is user ${outside} of the node; told as ${uid} (${name}), with pod and container; so are ${CROWD} that start at once`;
    },
  },
  {
    name: "static-pod",
    aim: "a pod of a file on the node is told with its name, namespace and container",
    run: async (lab) => {
      await lab.install({ falco: JSON_OUTPUT, customRules: { "programs.yaml": PROGRAM_RULES } });
      const file = `${lab.place.state}/manifests/static.yaml`;
      await Deno.writeTextFile(file, JSON.stringify(pod({ name: "static", namespace: "default" })));
      try {
        const own = `static-${NODE.name}`;
        await lab.until(
          "its program is told",
          async () =>
            (await lab.alerts(PROGRAM_RULE)).some(({ output_fields: fields }) =>
              fields["k8s.pod.name"] === own && fields["k8s.ns.name"] === "default" &&
              fields["container.name"] === "main"
            ),
        );
        return own;
      } finally {
        await Deno.remove(file);
      }
    },
  },
];

function ofOwnUsers(name: string): object {
  const { spec, ...rest } = pod({ name }) as { spec: object };
  return { ...rest, spec: { ...spec, hostUsers: false } };
}

/** The fields of the alert; until the pod's own files have been read, the host's names count. */
async function untilUserIsNamed(lab: ClusterLab, name: string): Promise<Readonly<Record<string, unknown>>> {
  let fields: Readonly<Record<string, unknown>> = {};
  await lab.until(`the program of ${name} is told, with the name of its user`, async () => {
    await lab.kubectl("exec", name, "--", "id");
    fields = (await lab.alerts(USER_RULE)).map(({ output_fields }) => output_fields)
      .findLast((one) => one["k8s.pod.name"] === name && one["proc.name"] === "id") ?? {};
    return fields["user.name"] === "root";
  }, 30_000);
  return fields;
}

async function untilFires(lab: ClusterLab, program: string): Promise<void> {
  await lab.until(`an alert about ${program}`, async () => {
    await lab.kubectl("exec", "victim", "--", "echo", program);
    return (await lab.alerts(OWN_RULE)).some(({ output }) => output.includes(program));
  });
}
