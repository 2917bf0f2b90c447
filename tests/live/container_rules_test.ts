// Upstream's rules about containers, of all three files, fire live in real containers and say which one it is. A pod's
// container says what the API server knows of its pod.
//
// The container is no pod, but lies in a cgroup as the kubelet names it, which is all that tells them apart. The name
// that the rule about the API server asks for is found as in a cluster without a name server: in /etc/hosts, of a
// mount namespace of falco's own.
// Alone: it starts containers on this host.

import assert from "node:assert/strict";
import { FakeApi } from "../metadata/kubernetes/fake_api.ts";
import { PATHS, POD_UID, populate } from "../metadata/kubernetes/cluster_lab.ts";
import { NETWORK } from "./detections.ts";
import { FalcoProcess, liveRefusal } from "./falco_process.ts";
import { containerRefusal, Lab } from "./lab.ts";
import { upstreamMissing, upstreamRules } from "../support/upstream.ts";

const FILES = ["falco_rules", "falco-incubating_rules", "falco-sandbox_rules"].map((name) =>
  upstreamRules(`${name}.yaml`)
);
const refusal = await liveRefusal() ?? await containerRefusal() ??
  upstreamMissing ?? null;

/** Whatever else happens on this host is not to be told. */
const FIRED = [
  "Launch Privileged Container",
  "Launch Sensitive Mount Container",
  "Terminal shell in container",
  "Contact K8S API Server From Container",
  "Container Run as Root User",
  "Program in a pod",
];

const OWN = `
- rule: Program in a pod
  desc: all that is known of it
  condition: evt.type = execve and evt.rawres = 0 and k8smeta.pod.name exists and k8smeta.svc.name intersects (web)
  output: >
    %k8smeta.pod.name %k8smeta.pod.uid %k8smeta.pod.ip %k8smeta.pod.label[app] %k8smeta.ns.name %k8smeta.ns.label[team]
    %k8smeta.deployment.name %k8smeta.rs.name %k8smeta.rc.name %k8smeta.svc.name %k8smeta.pod.labels
  priority: INFO
`;

Deno.test({
  name: `live: upstream's rules about containers fire in containers${
    refusal === null ? "" : `: skipped, ${refusal}`
  }`,
  ignore: refusal !== null,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const lab = await Lab.open();
    const api = new FakeApi();
    populate(api);
    let falco: FalcoProcess | undefined;
    try {
      const own = await lab.file("own.yaml", OWN);
      const hosts = await lab.file(
        "hosts",
        `127.0.0.1 localhost\n${NETWORK} kubernetes.default.svc.cluster.local\n`,
      );
      const called = `falco-rules-${crypto.randomUUID().slice(0, 8)}`;
      falco = await FalcoProcess.start(
        [
          ...[...FILES, own].flatMap((file) => ["-r", file]),
          ...["-o", "rule_matching=all", "-o", "rules[0].disable.rule=*"],
          ...FIRED.flatMap((rule, at) => ["-o", `rules[${at + 1}].enable.rule=${rule}`]),
          // what is known is asked here, not how soon on a machine that does much else
          ...["-o", "append_output[0].suggested_output=true", "-o", "metadata.wait_ms=2000"],
          ...["-o", "metadata.kubernetes.enabled=true"],
          ...["-o", `metadata.kubernetes.url=${api.url}`, "-o", "metadata.kubernetes.node_name=node-1"],
          ...["-o", "metadata.kubernetes.token_file=", "-o", "metadata.kubernetes.ca_file="],
        ],
        20_000,
        ["unshare", "-m", "sh", "-c", `mount --bind ${hosts} /etc/hosts && exec "$@"`, "sh"],
      );
      let privileged = "";
      const alertOf = async (rule: string, id: string, also: Readonly<Record<string, unknown>>) => {
        const { output_fields: fields } = await falco!.alert(
          rule,
          ({ output_fields }) => output_fields["container.id"] === id,
        );
        const said = {
          "container.name": fields["container.name"],
          "container.image.repository": fields["container.image.repository"],
          "container.image.tag": fields["container.image.tag"],
        };
        assert.deepEqual(said, {
          "container.name": `${called}-${id === privileged ? 1 : 2}`,
          "container.image.repository": `localhost/${lab.image}`,
          "container.image.tag": "latest",
        }, rule);
        for (const [name, value] of Object.entries(also)) {
          assert.equal(fields[name], value, `${rule}: ${name}`);
        }
      };

      privileged = await lab.container("--name", `${called}-1`, "--privileged");
      await alertOf("Launch Privileged Container", privileged, { "user.name": "root", "proc.name": "sleep" });
      await alertOf("Container Run as Root User", privileged, { "user.uid": 0, "proc.name": "sleep" });
      const connect = ["trigger", "in-network", NETWORK, "/bin/trigger", "connect", NETWORK, "6443"];
      await lab.inContainer(privileged, [], ...connect);
      await alertOf("Contact K8S API Server From Container", privileged, {
        "proc.name": "trigger",
      });

      const mounting = await lab.container(
        "--name",
        `${called}-2`,
        "-v",
        "/proc:/host/proc",
        "--user",
        "1000:50",
      );
      await alertOf("Launch Sensitive Mount Container", mounting, {
        "container.mounts": "/proc:/host/proc::true:rprivate",
        "user.name": "ann",
        "proc.name": "sleep",
      });
      await lab.inContainer(mounting, ["-t"], "sh", "-c", "true");
      await alertOf("Terminal shell in container", mounting, { "user.name": "ann", "proc.name": "sh" });
      const ofRoot = falco.alerts.filter(({ rule, output_fields }) =>
        /Root User|Privileged/.test(rule) && output_fields["container.id"] === mounting
      );
      assert.deepEqual(ofRoot, [], "an ordinary container of an ordinary user");

      await lab.container("--cgroup-parent", `/kubepods/besteffort/pod${POD_UID}`);
      const inPod = await falco.alert("Program in a pod");
      assert.deepEqual(inPod.output_fields, {
        ...inPod.output_fields,
        "k8smeta.pod.name": "web-7c-x2",
        "k8smeta.pod.uid": POD_UID,
        "k8smeta.pod.ip": "10.1.2.3",
        "k8smeta.pod.label[app]": "web",
        "k8smeta.ns.name": "shop",
        "k8smeta.ns.label[team]": "a",
        "k8smeta.deployment.name": "web",
        "k8smeta.rs.name": "web-7c",
        "k8smeta.rc.name": null,
        "k8smeta.svc.name": ["web", "all"],
        "k8smeta.pod.labels": ["app:web", "tier:front"],
      });
      assert.equal(await falco.stop(), 0);
      assert.ok(api.requests.some(({ pathname }) => pathname === PATHS.pods));
    } finally {
      await falco?.stop().catch(() => {});
      await lab.close();
      await api.close();
      await removeCgroups();
    }
  },
});

/** The pod's cgroup stays when its container has gone, in each hierarchy that there is. */
async function removeCgroups(): Promise<void> {
  const pod = `kubepods/besteffort/pod${POD_UID}`;
  const mounts = (await Array.fromAsync(Deno.readDir("/sys/fs/cgroup"))).map(({ name }) => `${name}/`);
  for (const mount of ["", ...mounts]) {
    for (const path of [`${pod}/conmon`, pod, "kubepods/besteffort", "kubepods"]) {
      await Deno.remove(`/sys/fs/cgroup/${mount}${path}`).catch(() => {});
    }
  }
}
