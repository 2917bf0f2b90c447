// A container in which systemd is process 1, as on a host: units, the journal, package managers.
// In: a root (system_root.ts). Out: commands run in it, files, alerts of its journal. `close` removes it with all that was
// written.

import { until } from "../../outputs/outgoing_alerts.ts";
import { must, run } from "../../live/lab.ts";

const PODMAN = ["--log-level=error", "--runtime", "runc", "--cgroup-manager=cgroupfs"];
const OPTIONS = [
  ...["--privileged", "--network=none", "--systemd=always", "--tmpfs", "/run", "--tmpfs", "/tmp"],
  ...["--ulimit", "nofile=4096:4096", "--ulimit", "nproc=4096:4096"],
  ...["-v", "/sys/fs/cgroup:/sys/fs/cgroup:rw", "-e", "container=podman"],
];

export interface JournalEntry {
  readonly MESSAGE: string;
  readonly PRIORITY: string;
}

export class SystemdContainer {
  private constructor(readonly name: string) {}

  /** Until systemd has started everything. */
  static async start(root: string): Promise<SystemdContainer> {
    const name = `falco-proof-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
    await must(
      "podman",
      ...PODMAN,
      "run",
      "-d",
      "--name",
      name,
      ...OPTIONS,
      "--rootfs",
      `${root}:O`,
      "/sbin/init",
    );
    const container = new SystemdContainer(name);
    await until("systemd runs", async () => {
      return /running|degraded/.test((await container.sh("systemctl is-system-running")).text);
    });
    return container;
  }

  /** Nobody answers questions. */
  sh(script: string): Promise<{ code: number; text: string }> {
    return run("podman", ...PODMAN, "exec", this.name, "sh", "-c", `exec </dev/null; ${script}`);
  }

  async must(script: string): Promise<string> {
    const { code, text } = await this.sh(script);
    if (code !== 0) throw new Error(`${script} ended with ${code}:\n${text}`);
    return text;
  }

  async write(path: string, text: string): Promise<void> {
    const file = await Deno.makeTempFile();
    await Deno.writeTextFile(file, text);
    await this.must(`mkdir -p '${path.slice(0, path.lastIndexOf("/"))}'`);
    await this.copy(file, path);
    await Deno.remove(file);
  }

  async copy(from: string, to: string): Promise<void> {
    await must("podman", ...PODMAN, "cp", from, `${this.name}:${to}`);
  }

  /** What falco has written to the journal. */
  async journal(): Promise<JournalEntry[]> {
    const text = await this.must("journalctl -t falco -o json --no-pager");
    return text.split("\n").filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  }

  async close(): Promise<void> {
    await run("podman", ...PODMAN, "rm", "-f", "-t", "0", this.name);
  }
}
