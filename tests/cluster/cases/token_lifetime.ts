// Tokens that end by themselves, after the ten minutes that are the shortest that an API server gives.
// In: two releases of falco: the kubelet renews the token of one, nobody renews that of the other. Out: what they say of it.
//
// It takes a quarter of an hour, in which the machine has next to nothing to do.
// Elsewhere: a token that is taken back at once (tokens.ts).

import assert from "node:assert/strict";
import { stringify } from "yaml";
import { inside, mustInside } from "../../../scripts/cluster/host.ts";
import type { ClusterCase } from "../case.ts";
import { CHART, type ClusterLab, NAMESPACE } from "../cluster_lab.ts";
import { deployment, PROGRAM_RULE, PROGRAM_RULES } from "../objects.ts";

const SHORTEST_S = 600;
const SLACK_S = 15;
const FOLDER = "/var/run/short-token";
const HELD = "held-token";
const ACCOUNT = "asks-for-ten-minutes";
/** An API server takes the last ones for a moment longer than they say. */
const PATIENCE_MS = 420_000;

const KINDS = {
  renewed: {
    name: "token",
    projected: { sources: [{ serviceAccountToken: { path: "token", expirationSeconds: SHORTEST_S } }] },
  },
  held: { name: "token", secret: { secretName: HELD } },
} as const;
type Kind = keyof typeof KINDS;

export const TOKEN_LIFETIME: readonly ClusterCase[] = [
  {
    name: "token-lifetime",
    aim:
      "a token that the kubelet renews in the running pod is never missed; one that has ended is told once, and its successor counts",
    run: async (lab) => {
      await lab.tryKubectl("create", "namespace", NAMESPACE);
      await lab.kubectl("create", "serviceaccount", ACCOUNT, "-n", NAMESPACE);
      try {
        await install(lab, "renewed");
        await hand(lab);
        // the role comes with the release
        const binding = ["create", "clusterrolebinding", ACCOUNT, "--clusterrole=falco-held"];
        await lab.kubectl(...binding, `--serviceaccount=${NAMESPACE}:${ACCOUNT}`);
        await install(lab, "held");
        const endS = Date.now() / 1000 + SHORTEST_S;
        for (const kind of ["renewed", "held"] as const) {
          await lab.until(`k8smeta of ${kind}`, () => isKnown(lab, kind, "before"));
        }
        const first = await tokenOf(lab);
        const renewedMs = await lab.until(
          "the kubelet renews the token",
          async () => await tokenOf(lab) !== first,
          (SHORTEST_S + 60) * 1000,
        );
        await lab.until(
          "the first tokens have ended",
          () => Date.now() / 1000 > endS + SLACK_S,
          (SHORTEST_S + 60) * 1000,
        );

        assert.ok(await isKnown(lab, "renewed", "later"), "with a token that was renewed");
        assert.deepEqual(await troubles(lab, "renewed"), []);
        await isKnown(lab, "held", "later");
        await lab.until(
          "an end that is told",
          async () => (await troubles(lab, "held")).length > 0,
          PATIENCE_MS,
        );
        assert.ok(await isKnown(lab, "held", "before"), "what was known stays");
        // each kind of request finds it out by itself, when its watch ends
        const kinds = ["pods", "namespaces", "services"];
        await lab.until("each watch has found it out", async () => {
          const lines = await troubles(lab, "held");
          return kinds.every((kind) => lines.some((line) => line.includes(` ${kind} cannot be read`)));
        }, PATIENCE_MS);
        const told = await troubles(lab, "held");
        assert.ok(told.every((line) => /status 401/.test(line)), told.join("\n"));
        assert.equal(
          told.length,
          new Set(told.map((line) => /kubernetes: (.*) cannot/.exec(line)?.[1])).size,
          told.join("\n"),
        );

        await hand(lab);
        const backMs = await lab.until("k8smeta of a new pod", () => isKnown(lab, "held", "new"), 240_000);
        await lab.until("all is said to be read again", async () => {
          const lines = await logOf(lab, "held");
          return kinds.every((kind) =>
            / are read from /.test(lines.findLast((line) => line.includes(`kubernetes: ${kind}`)) ?? "")
          );
        }, 240_000);
        assert.equal(await restarts(lab), "0 0");
        return `renewed after ${
          (renewedMs / 1000).toFixed(0)
        } s, nothing missed; ended: told in ${told.length} lines, ` +
          `one for each kind of request; all as before ${(backMs / 1000).toFixed(0)} s after a new one`;
      } finally {
        await inside(
          lab.place,
          "helm",
          "uninstall",
          "falco-held",
          "-n",
          NAMESPACE,
          "--wait",
          "--timeout",
          "60s",
        );
        await inside(
          lab.place,
          "helm",
          "uninstall",
          "falco-renewed",
          "-n",
          NAMESPACE,
          "--wait",
          "--timeout",
          "60s",
        );
        await lab.delete("clusterrolebinding", ACCOUNT);
        await lab.delete(`secret/${HELD}`, `serviceaccount/${ACCOUNT}`, "-n", NAMESPACE);
      }
    },
  },
];
async function install(lab: ClusterLab, kind: Kind): Promise<void> {
  const release = `falco-${kind}`;
  const { repository, tag } = lab.image;
  const values = {
    image: { registry: "", repository, tag, pullPolicy: "Never" },
    falco: { json_output: true, metadata: { kubernetes: { enabled: true, token_file: `${FOLDER}/token` } } },
    collectors: { kubernetes: { enabled: true } },
    customRules: { "programs.yaml": PROGRAM_RULES },
    mounts: {
      volumes: [KINDS[kind]],
      volumeMounts: [{ name: "token", mountPath: FOLDER, readOnly: true }],
    },
  };
  await lab.withFile(
    stringify(values),
    (file) => lab.helm("upgrade", "--install", release, CHART, "-f", file, "--create-namespace"),
  );
  await lab.kubectl("rollout", "status", "-n", NAMESPACE, `daemonset/${release}`, "--timeout=180s");
}

/** In the Secret, a token that lives for as short a time as can be. */
async function hand(lab: ClusterLab): Promise<void> {
  const token = await lab.kubectl("create", "token", ACCOUNT, "-n", NAMESPACE, `--duration=${SHORTEST_S}s`);
  const metadata = { name: HELD, namespace: NAMESPACE };
  await lab.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData: { token: token.trim() } });
}

/** The kubelet's file in the running pod. */
async function tokenOf(lab: ClusterLab): Promise<string> {
  const uid = await lab.kubectl(
    ...["get", "pods", "-n", NAMESPACE, "-l", "app.kubernetes.io/instance=falco-renewed"],
    ...["-o", "jsonpath={.items[0].metadata.uid}"],
  );
  const folder = `${lab.place.state}/kubelet/pods/${uid.trim()}/volumes/kubernetes.io~projected/token`;
  return await mustInside(lab.place, "cat", `${folder}/token`);
}

async function logOf(lab: ClusterLab, kind: Kind): Promise<string[]> {
  return await lab.log(`app.kubernetes.io/instance=falco-${kind}`);
}

async function troubles(lab: ClusterLab, kind: Kind): Promise<string[]> {
  return (await logOf(lab, kind)).filter((line) => /kubernetes: .* cannot be read/.test(line));
}

async function restarts(lab: ClusterLab): Promise<string> {
  const path = "jsonpath={.items[*].status.containerStatuses[0].restartCount}";
  return (await lab.kubectl("get", "pods", "-n", NAMESPACE, "-o", path)).trim();
}

/** Whether a program of a pod of this Deployment is told with what only the API server knows. */
async function isKnown(lab: ClusterLab, kind: Kind, name: string): Promise<boolean> {
  if ((await lab.tryKubectl("get", "deployment", name)).code !== 0) {
    await lab.apply(deployment({ name }, 1));
    await lab.kubectl("rollout", "status", `deployment/${name}`, "--timeout=60s");
  }
  await lab.tryKubectl("exec", `deployment/${name}`, "--", "id");
  let last: Readonly<Record<string, unknown>> | undefined;
  await lab.until("its alert", async () => {
    last = (await lab.alerts(PROGRAM_RULE, `app.kubernetes.io/instance=falco-${kind}`)).map((
      { output_fields },
    ) => output_fields)
      .findLast((fields) =>
        String(fields["k8s.pod.name"]).startsWith(`${name}-`) && fields["proc.name"] === "id"
      );
    return last !== undefined;
  });
  return last!["k8smeta.deployment.name"] === name;
}
