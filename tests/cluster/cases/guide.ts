// Commands of the pages about Kubernetes, as they stand there, on the cluster and its registry.
// In: docs/kubernetes.md, docs/k8s-audit.md. Out: every command ends well, and alerts come.

import assert from "node:assert/strict";
import { parse, stringify } from "yaml";
import { VERSION } from "../../../base/versions.ts";
import { REGISTRY } from "../../../scripts/cluster/place.ts";
import { must } from "../../live/lab.ts";
import { AUDIT_ADDRESS } from "../audit_settings.ts";
import type { ClusterCase } from "../case.ts";
import { type ClusterLab, NAMESPACE } from "../cluster_lab.ts";
import { PROJECT } from "../../support/program.ts";

const EXAMPLES = ["custom_rules", "k8smeta"];

export const GUIDE: readonly ClusterCase[] = [
  {
    name: "guide",
    aim:
      "the commands of docs/kubernetes.md for Helm and Kustomize, with the image in a registry, and the examples' values",
    run: (lab) =>
      inCopy(lab, async (folder) => {
        await pushed(lab);
        const commands = await commandsOf("kubernetes.md", ["## Helm", "## kubectl and Kustomize"]);
        const [helm, kustomize] = commands;
        await lab.kubectl("delete", "namespace", NAMESPACE, "--ignore-not-found", "--timeout=60s");
        await lab.shell(folder, helm!);
        for (const name of EXAMPLES) {
          await lab.shell(
            folder,
            `helm upgrade falco deploy/helm/falco -n ${NAMESPACE} --reset-then-reuse-values ` +
              `-f deploy/helm/examples/${name}.yaml`,
          );
          await lab.isRolledOut();
          assert.equal((await lab.health()).status, "ok", name);
        }
        await lab.uninstall();
        await lab.shell(folder, kustomize!);
        await lab.isRolledOut();
        await lab.shell(folder, "kubectl delete -k deploy/kubernetes/overlays/mine --wait=true");
        return `${commands.join("").trim().split("\n").length} lines of commands, examples ${
          EXAMPLES.join(" and ")
        }`;
      }),
  },
  {
    name: "audit-guide",
    aim:
      "docs/k8s-audit.md: certificates, receiver and webhook as the page says; the API server's events come by TLS",
    run: (lab) =>
      inCopy(lab, async (folder) => {
        await pushed(lab);
        await lab.tryKubectl("create", "namespace", NAMESPACE);
        const [certificates] = await commandsOf("k8s-audit.md", ["## Switching it on"]);
        await lab.shell(folder, certificates!);
        const image = `--set image.registry=${REGISTRY} --set image.repository=team/falco`;
        await lab.shell(
          folder,
          `helm install falco-audit deploy/helm/falco -n ${NAMESPACE} ${image} ` +
            `-f deploy/helm/examples/audit_receiver.yaml --set services[0].clusterIP=${AUDIT_ADDRESS}`,
        );
        await lab.kubectl("rollout", "status", "-n", NAMESPACE, "deployment/falco-audit", "--timeout=120s");
        const file = `${lab.place.state}/webhook-config.yaml`;
        const before = await Deno.readTextFile(file);
        try {
          await Deno.writeTextFile(file, await webhookOf(folder));
          await restarted(lab);
          const selector = "app.kubernetes.io/instance=falco-audit";
          await lab.until("an alert of the webhook", async () => {
            await lab.tryKubectl("create", "namespace", "told-by-tls");
            await lab.delete("namespace", "told-by-tls");
            return (await lab.alerts("Create Disallowed Namespace", selector)).length > 0;
          });
        } finally {
          await Deno.writeTextFile(file, before);
          await lab.helm("uninstall", "falco-audit", "--wait");
          await lab.delete("secret", "-n", NAMESPACE, "falco-audit-certificates");
          await restarted(lab);
        }
        return "both sides with certificates, an alert of a real request";
      }),
  },
];

/** The webhook's file of deploy/, with the receiver's address and what the page's commands have made. */
async function webhookOf(folder: string): Promise<string> {
  const webhook = parse(await Deno.readTextFile(`${folder}/deploy/kubernetes/audit/webhook-config.yaml`));
  const data = async (name: string) => btoa(await Deno.readTextFile(`${folder}/${name}`));
  webhook.clusters[0].cluster = {
    server: `https://${AUDIT_ADDRESS}:9765/k8s-audit`,
    "certificate-authority-data": await data("ca.pem"),
  };
  webhook.users[0].user = {
    "client-certificate-data": await data("client.pem"),
    "client-key-data": await data("client.key"),
  };
  return stringify(webhook);
}

async function restarted(lab: ClusterLab): Promise<void> {
  await lab.restart("apiserver", 500);
  await lab.until("it answers", async () => (await lab.tryKubectl("get", "--raw", "/readyz")).code === 0);
}

/** A copy of deploy/ in which the example's registry is the cluster's. */
async function inCopy(lab: ClusterLab, use: (folder: string) => Promise<string>): Promise<string> {
  return await lab.withFolder(async (folder) => {
    await must("cp", "-r", `${PROJECT}deploy`, folder);
    await must(
      ...["find", folder, "-name", "kustomization.yaml", "-exec"],
      ...["sed", "-i", `s|registry[.]example|${REGISTRY}|`, "{}", "+"],
    );
    try {
      return await use(folder);
    } finally {
      await lab.helm("uninstall", "falco-audit", "--ignore-not-found").catch(() => {});
    }
  });
}

/** Shell blocks of these sections, made to end by themselves. */
async function commandsOf(page: string, sections: readonly string[]): Promise<string[]> {
  const text = await Deno.readTextFile(`${PROJECT}docs/${page}`);
  return sections.map((title) => {
    const section = text.slice(text.indexOf(`\n${title}\n`) + title.length);
    const block = /\n( *)```sh\n([\s\S]*?)\n *```/.exec(section)![2]!;
    return block.replaceAll("registry.example", REGISTRY)
      .replace(/^(kubectl logs .*) -f\b/m, "timeout 3 $1 -f || true;")
      .replace("$EDITOR", "true");
  });
}

async function pushed(lab: ClusterLab): Promise<void> {
  const name = `${REGISTRY}/team/falco:${VERSION}`;
  const { repository, tag } = lab.image;
  const images = (...args: string[]) => lab.ctr("-n", "k8s.io", "images", ...args);
  await images("tag", "--force", `${repository}:${tag}`, name);
  await images("push", "--plain-http", name);
}
