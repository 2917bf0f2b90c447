// What a pod's connections say of both ends: the rule about connections that leave the pod's own networks.
// In: an address of the node that no private network has. Out: alerts about it, and none about pods and the node.

import assert from "node:assert/strict";
import { inside, mustInside } from "../../../scripts/cluster/host.ts";
import { TOOLS } from "../../../scripts/cluster/images.ts";
import { NODE } from "../../../scripts/cluster/place.ts";
import type { ClusterCase } from "../case.ts";
import { type Alert, type ClusterLab } from "../cluster_lab.ts";
import { pod } from "../objects.ts";

const RULE = "Network Connection outside Local Subnet";
/** Of a net that is for documentation. */
const OUTSIDE = "203.0.113.7";
const PORT = 8099;
const ASK = `
- list: namespace_scope_network_only_subnet
  items: [default]
  override: {items: append}
- rule: ${RULE}
  enabled: true
  override: {enabled: replace}
- rule: ${RULE}
  output: "own ends local=%fd.lip remote=%fd.rip %fd.lport %fd.rport %container.id %k8s.pod.name"
  override: {output: append}
`;
const LISTEN = ["sh", "-c", `while true; do echo hello | nc -l -p ${PORT}; done`];

export const ADDRESSES: readonly ClusterCase[] = [
  {
    name: "own-address",
    aim: `${RULE}: for an address outside, whichever side begins; not for another pod, a Service or the node`,
    run: async (lab) => {
      await lab.install({ falco: { json_output: true }, customRules: { "ask.yaml": ASK } });
      const { spec, ...rest } = pod({ name: "of-the-node", command: LISTEN }) as { spec: object };
      await lab.apply(
        pod({ name: "asks", image: TOOLS }),
        pod({ name: "answers", labels: { app: "answers" }, command: LISTEN }),
        { ...rest, spec: { ...spec, hostNetwork: true } },
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "answers", namespace: "default" },
          spec: { selector: { app: "answers" }, ports: [{ port: 80, targetPort: PORT }] },
        },
      );
      await mustInside(lab.place, "ip", "addr", "add", `${OUTSIDE}/32`, "dev", "lo");
      try {
        for (const name of ["asks", "answers", "of-the-node"]) {
          await lab.kubectl("wait", `pod/${name}`, "--for=condition=Ready", "--timeout=60s");
        }
        const addressOf = async (name: string) =>
          (await lab.kubectl("get", "pod", name, "-o", "jsonpath={.status.podIP}")).trim();
        const [own, other] = [await addressOf("asks"), await addressOf("answers")];
        const service = (await lab.kubectl("get", "service", "answers", "-o", "jsonpath={.spec.clusterIP}"))
          .trim();
        for (
          const [host, port] of [[other, PORT], [service, 80], [NODE.ip, PORT], [OUTSIDE, PORT]] as const
        ) {
          await connects(lab, host, port);
        }
        await lab.until("an alert about the address outside", async () => (await of(lab, "asks")).length > 0);
        await lab.until("a connection from outside", async () => {
          await inside(
            lab.place,
            "curl",
            "-s",
            "-m",
            "2",
            "--http0.9",
            "--interface",
            OUTSIDE,
            `http://${other}:${PORT}/`,
          );
          return (await of(lab, "answers")).length > 0;
        });
        const [out, come] = [await of(lab, "asks"), await of(lab, "answers")];
        assert.ok(out.every((alert) => ends(alert) === `${own} ${OUTSIDE}`), out.map(ends).join(", "));
        assert.ok(come.every((alert) => ends(alert) === `${other} ${OUTSIDE}`), come.map(ends).join(", "));
        return `alerts ${ends(out[0]!)} and, from outside, ${
          ends(come[0]!)
        }; none about ${other}, ${service}, ${NODE.ip}`;
      } finally {
        await inside(lab.place, "ip", "addr", "del", `${OUTSIDE}/32`, "dev", "lo");
        await lab.delete("service", "answers");
      }
    },
  },
];

async function connects(lab: ClusterLab, host: string, port: number): Promise<void> {
  await lab.until(`${host}:${port} answers`, async () => {
    const read = `exec 3<>/dev/tcp/${host}/${port}; head -n1 <&3`;
    return (await lab.tryKubectl("exec", "asks", "--", "bash", "-c", read)).text.includes("hello");
  }, 30_000);
}

async function of(lab: ClusterLab, name: string): Promise<Alert[]> {
  return (await lab.alerts(RULE)).filter(({ output_fields: fields }) => fields["k8s.pod.name"] === name);
}

/** Local and remote address. */
function ends({ output_fields: fields }: Alert): string {
  return `${fields["fd.lip"]} ${fields["fd.rip"]}`;
}
