// Rules about shells and what they start, in an image that has real ones: bash, sh, curl.

import type { ClusterCase } from "../case.ts";
import type { ClusterLab } from "../cluster_lab.ts";
import { REGISTRY } from "../../../scripts/cluster/place.ts";
import { TOOLS } from "../../../scripts/cluster/images.ts";
import { pod } from "../objects.ts";

const POD = "tools";
const SWITCHED_ON = `
- rule: Launch Ingress Remote File Copy Tools in Container
  enabled: true
  override: {enabled: replace}
`;

interface Attempt {
  readonly rule: string;
  readonly command: readonly string[];
  /** as somebody at a keyboard */
  readonly hasTerminal?: true;
  /** in the alert's output */
  readonly told: readonly string[];
}

const ATTEMPTS: readonly Attempt[] = [
  ...["bash", "sh"].map((shell): Attempt => ({
    rule: "Terminal shell in container",
    command: [shell, "-c", "exit"],
    hasTerminal: true,
    told: [`process=${shell} `],
  })),
  {
    rule: "Run shell untrusted",
    command: ["bash", "-c", "cp /bin/bash /tmp/nginx; /tmp/nginx -c 'sh -c id; true'"],
    told: ["process=sh ", "parent=nginx "],
  },
  {
    rule: "Drop and execute new binary in container",
    command: ["bash", "-c", "cp /bin/ls /tmp/dropped; /tmp/dropped"],
    told: ["process=dropped "],
  },
  {
    rule: "Redirect STDOUT/STDIN to Network Connection in Container",
    command: ["bash", "-c", `exec 0<>/dev/tcp/${REGISTRY.replace(":", "/")}; cat /dev/null`],
    told: ["process=bash "],
  },
  {
    rule: "Launch Ingress Remote File Copy Tools in Container",
    command: ["curl", "-s", "-o", "/tmp/got", `http://${REGISTRY}/v2/`],
    told: ["process=curl "],
  },
  {
    rule: "Read sensitive file untrusted",
    command: ["sh", "-c", "cat /etc/shadow"],
    told: ["process=cat "],
  },
  {
    rule: "Search Private Keys or Passwords",
    command: ["bash", "-c", "find / -name id_rsa -maxdepth 2"],
    told: ["process=find "],
  },
];

export const SHELLS: readonly ClusterCase[] = [
  {
    name: "shells",
    aim: "bash, sh and curl in a larger image: the rules about them answer, with pod and image",
    run: async (lab) => {
      await lab.install({ falco: { json_output: true }, customRules: { "switched_on.yaml": SWITCHED_ON } });
      await lab.apply(pod({ name: POD, image: TOOLS }));
      await lab.kubectl("wait", `pod/${POD}`, "--for=condition=Ready", "--timeout=60s");
      for (const { rule, command, hasTerminal, told } of ATTEMPTS) {
        await (hasTerminal === true
          ? lab.atTerminal("kubectl", "exec", "-it", POD, "--", ...command)
          : lab.tryKubectl("exec", POD, "--", ...command));
        await lab.until(`${rule} for ${command.join(" ")}`, () => isTold(lab, rule, told), 30_000);
      }
      return ATTEMPTS.map(({ rule, command }) => `${rule} (${command[0]})`).join(", ");
    },
  },
];

async function isTold(lab: ClusterLab, rule: string, told: readonly string[]): Promise<boolean> {
  return (await lab.alerts(rule)).some(({ output, output_fields: fields }) =>
    told.every((word) => output.includes(word)) && fields["k8s.pod.name"] === POD &&
    `${fields["container.image.repository"]}:${fields["container.image.tag"] ?? "1"}` === TOOLS
  );
}
