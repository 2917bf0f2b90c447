// Real containerd with its CRI plugin: a pod with two containers, a restart in between, and a container of nobody's.
// Alone: it starts containers on this host.

import assert from "node:assert/strict";
import { join } from "node:path";
import { CONTAINER_TYPE } from "../../../schema/wire.ts";
import { CriClient } from "./cri_client.ts";
import { hasTools, writeOciArchive } from "./oci_archive.ts";
import { WatchedDirectory } from "./watched_directory.ts";

const IMAGE = "docker.io/lab/web:2.0";
const POD = { name: "shop-1", namespace: "prod", uid: "uid-1", labels: { app: "shop", tier: "front" } };

class Containerd implements AsyncDisposable {
  readonly #folder: string;
  #process: Deno.ChildProcess | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get socket(): string {
    return join(this.#folder, "c.sock");
  }

  async start(): Promise<void> {
    const config = join(this.#folder, "config.toml");
    await Deno.writeTextFile(
      config,
      `version = 2
root = "${this.#folder}/root"
state = "${this.#folder}/state"
[grpc]
  address = "${this.socket}"
[ttrpc]
  address = "${this.#folder}/t.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${IMAGE}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  disable_hugetlb_controller = true
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "${this.#folder}"
    conf_dir = "${this.#folder}"
`,
    );
    this.#process = new Deno.Command("containerd", {
      args: ["-c", config],
      stdout: "null",
      stderr: "null",
    }).spawn();
    while (!(await this.ctr("version")).success) await new Promise((resolve) => setTimeout(resolve, 50));
  }

  async stop(): Promise<void> {
    this.#process?.kill("SIGTERM");
    await this.#process?.status;
  }

  async ctr(...args: string[]): Promise<Deno.CommandOutput> {
    return await new Deno.Command("ctr", { args: ["-a", this.socket, ...args] }).output();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** What containerd leaves: the empty cgroup above those of its containers. */
async function removeCgroups(): Promise<void> {
  const root = "/sys/fs/cgroup";
  const hierarchies = [root, ...[...Deno.readDirSync(root)].map(({ name }) => join(root, name))];
  // one that is in use cannot be removed
  for (const hierarchy of hierarchies) await Deno.remove(join(hierarchy, "k8s.io")).catch(() => {});
}

Deno.test({
  name: "containerd: pods through the CRI, a restart, and containers of its own API",
  ignore: Deno.uid() !== 0 || !hasTools("containerd", "ctr", "runc"),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    {
      await using engine = new Containerd(folder);
      await engine.start();
      const archive = await writeOciArchive(folder, IMAGE);
      for (const namespace of ["k8s.io", "default"]) {
        const { success, stderr } = await engine.ctr("-n", namespace, "images", "import", archive);
        assert.ok(success, new TextDecoder().decode(stderr));
      }
      using seen = new WatchedDirectory([
        { engine: "cri", path: engine.socket },
        { engine: "containerd", path: engine.socket },
      ]);
      await seen.directory.start();
      let cri = new CriClient(engine.socket);
      const sandbox = await cri.runPod(POD);
      const create = async (name: string) =>
        await cri.createContainer(sandbox, POD, {
          name,
          image: IMAGE,
          command: ["/bin/sleep", "1000"],
          labels: { team: "blue" },
          mounts: [{ container_path: "/host-etc", host_path: "/etc", readonly: true }],
        });
      const web = await create("web");
      await seen.until(() => (seen.facts(web)?.imageid ?? "") !== "");
      const first = seen.records.find(({ facts: { full_id } }) => full_id === web)!.facts;
      assert.deepEqual(
        [
          first.name,
          first.image,
          first.imagedigest.slice(0, 7),
          first.pod_sandbox_labels?.["app"],
          first.host_network,
        ],
        ["web", IMAGE, "sha256:", "shop", true],
        "what is told first is enough",
      );
      const facts = seen.facts(web)!;
      assert.deepEqual(
        [facts.type, facts.name, facts.image, facts.imagerepo, facts.imagetag, facts.host_network],
        [CONTAINER_TYPE.containerd, "web", IMAGE, "docker.io/lab/web", "2.0", true],
        "known before it is started",
      );
      assert.match(facts.imagedigest, /^sha256:/);
      assert.deepEqual(facts.labels, {
        team: "blue",
        "io.kubernetes.sandbox.id": sandbox,
        "io.kubernetes.pod.name": "shop-1",
        "io.kubernetes.pod.namespace": "prod",
        "io.kubernetes.pod.uid": "uid-1",
      });
      assert.deepEqual(facts.pod_sandbox_labels, POD.labels);
      assert.equal(facts.pod_sandbox_id, sandbox);
      assert.deepEqual(facts.Mounts, [
        { Source: "/etc", Destination: "/host-etc", Mode: "", RW: false, Propagation: "private" },
      ]);
      await cri.start(web);
      assert.equal(await seen.lookup(sandbox.slice(0, 12)), true);
      assert.deepEqual([seen.facts(sandbox)?.is_pod_sandbox, seen.facts(sandbox)?.name], [true, "shop-1"]);

      cri.close();
      await engine.stop();
      await seen.until(() => seen.log.some((line) => line.startsWith("warning")));
      await engine.start();
      cri = new CriClient(engine.socket);
      await seen.until(() => seen.log.filter((line) => line.startsWith("info containers: cri")).length === 2);
      const side = await create("side");
      await seen.until(() =>
        seen.facts(side)?.name === "side" && seen.facts(side)?.labels["team"] === "blue"
      );
      assert.equal(seen.facts(side)?.labels["io.kubernetes.pod.name"], "shop-1");

      const { success, stderr } = await engine.ctr("-n", "default", "containers", "create", IMAGE, "mine");
      assert.ok(success, new TextDecoder().decode(stderr));
      await seen.until(() => seen.facts("mine")?.imagedigest.startsWith("sha256:") === true);
      assert.deepEqual([seen.facts("mine")?.imagerepo, seen.facts("mine")?.imagetag], [
        "docker.io/lab/web",
        "2.0",
      ]);

      await cri.remove(side);
      await cri.remove(web);
      await cri.removePod(sandbox);
      cri.close();
    }
    await Deno.remove(folder, { recursive: true });
    await removeCgroups();
  },
});
