// Real Podman: its service through Docker's API and its own, and its files without any service.
// Alone: it starts containers on this host.

import assert from "node:assert/strict";
import { join } from "node:path";
import type { ContainerFacts } from "../../../metadata/containers/container_facts.ts";
import { CONTAINER_TYPE } from "../../../schema/wire.ts";
import type { EngineKind } from "../../../metadata/containers/engine_description.ts";
import { hasTools, writeOciArchive } from "./oci_archive.ts";
import { WatchedDirectory } from "./watched_directory.ts";

const IMAGE = "localhost/lab/web:1.0";
const NETAVARK = ["/usr/lib/podman/netavark", "/usr/libexec/podman/netavark"];

function isUsable(): boolean {
  if (Deno.uid() !== 0 || !hasTools("podman", "runc")) return false;
  return NETAVARK.some((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** Podman with images and containers of its own. */
class Podman {
  readonly folder: string;
  readonly #service: Deno.ChildProcess;

  constructor(folder: string) {
    this.folder = folder;
    this.#service = this.#command("system", "service", "--time=0", `unix://${this.socket}`).spawn();
  }

  get socket(): string {
    return join(this.folder, "p.sock");
  }

  async run(...args: string[]): Promise<string> {
    const { success, stdout, stderr } = await this.#command(...args).output();
    if (!success) throw new Error(`podman ${args[0]}: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout).trim();
  }

  async stop(): Promise<void> {
    this.#service.kill("SIGTERM");
    await this.#service.status;
    // the storage mounts itself
    await new Deno.Command("umount", { args: ["-q", join(this.folder, "root/overlay")] }).output();
  }

  #command(...args: string[]): Deno.Command {
    const places = ["root", "runroot", "tmpdir"].flatMap((name) => [`--${name}`, join(this.folder, name)]);
    return new Deno.Command("podman", {
      args: [...places, "--runtime", "runc", "--cgroup-manager=cgroupfs", "--events-backend=file", ...args],
      stdout: "piped",
      stderr: "piped",
      stdin: "null",
    });
  }
}

Deno.test({
  name: "podman: the same container by Docker's API, by its own and by its files",
  ignore: !isUsable(),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const podman = new Podman(folder);
    const directories: WatchedDirectory[] = [];
    try {
      await podman.run("load", "-i", await writeOciArchive(folder, IMAGE));
      const paths: Partial<Record<EngineKind, string>> = {
        docker: podman.socket,
        podman: podman.socket,
        podman_storage: join(folder, "root/overlay-containers"),
      };
      const seen = Object.entries(paths).map(([engine, path]) =>
        new WatchedDirectory([{ engine: engine as EngineKind, path }], 100)
      );
      directories.push(...seen);
      await Promise.all(seen.map(({ directory }) => directory.start()));
      await Promise.all(seen.map((one) => one.until(() => one.log.some((line) => line.startsWith("info")))));
      const limits = ["--network=none", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"];
      const id = await podman.run(
        ...["run", "-d", ...limits, "--name", "web1", "--label", "app=shop", "--privileged", "--pid=host"],
        ...["-v", "/etc:/host-etc:ro", IMAGE],
      );
      const isWhole = (facts: ContainerFacts | undefined) => facts?.privileged === true;
      await Promise.all(seen.map((one) => one.until(() => isWhole(one.facts(id)))));
      for (const one of seen) {
        const facts = one.facts(id)!;
        assert.deepEqual([facts.type, facts.id, facts.name], [
          CONTAINER_TYPE.podman,
          id.slice(0, 12),
          "web1",
        ]);
        assert.deepEqual([facts.image, facts.imagerepo, facts.imagetag], [IMAGE, "localhost/lab/web", "1.0"]);
        assert.match(facts.imagedigest, /^sha256:/);
        assert.deepEqual([facts.host_pid, facts.host_network], [true, false]);
        assert.deepEqual(facts.Mounts.map(({ Source, Destination, RW }) => [Source, Destination, RW]), [
          ["/etc", "/host-etc", false],
        ]);
        assert.equal(await one.lookup(id.slice(0, 12), CONTAINER_TYPE.podman), true);
      }
      const [docker, own, files] = seen;
      assert.deepEqual([docker, own].map((one) => one?.facts(id)?.labels), [{ app: "shop" }, {
        app: "shop",
      }]);
      assert.equal(
        files?.records[0]?.facts.privileged,
        true,
        "nothing is told before the configuration is there",
      );
      await podman.run("rm", "-f", "-t", "0", "web1");
      await Promise.all(
        seen.map((one) => one.until(() => one.records.some(({ name }) => name === "container_removed"))),
      );
    } finally {
      for (const one of directories) one.directory.close();
      await podman.stop();
      await Deno.remove(folder, { recursive: true });
    }
  },
});
