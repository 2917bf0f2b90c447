// falco in a container made from the image, as a user of podman starts it.
// In: options of `podman run`. Out: parsed alerts, the log, requests to its web server from inside its network namespace.
// The container is removed by `close`.

import { must, run } from "../live/lab.ts";

const PODMAN = ["--runtime", "runc", "--cgroup-manager=cgroupfs"];
const LIMITS = ["--network=none", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"];

/** What users of Falco mount, so that a process of the host is seen as it is there. */
export const HOST_MOUNTS = [
  ...["-e", "HOST_ROOT=/host"],
  ...["-v", "/proc:/host/proc:ro", "-v", "/etc:/host/etc:ro"],
  ...["-v", "/var/lib/containers:/host/var/lib/containers:ro"],
];

export interface ContainerAlert {
  readonly hostname: string;
  readonly rule: string;
  readonly output_fields: Readonly<Record<string, unknown>>;
}

export class FalcoContainer {
  readonly #child: Deno.ChildProcess;
  readonly #name: string;
  readonly #ends: Promise<void>[];
  #out = "";
  #log = "";

  private constructor(image: string, options: readonly string[], args: readonly string[]) {
    this.#name = `falco-test-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
    this.#child = new Deno.Command("podman", {
      args: [...PODMAN, "run", "--rm", "--name", this.#name, ...LIMITS, ...options, image, "falco", ...args],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#ends = [
      collect(this.#child.stdout, (text) => this.#out += text),
      collect(this.#child.stderr, (text) => this.#log += text),
    ];
  }

  /** Until it evaluates events. */
  static async start(
    image: string,
    options: readonly string[],
    args: readonly string[] = [],
  ): Promise<FalcoContainer> {
    const container = new FalcoContainer(image, options, args);
    try {
      await container.until((_, log) => log.includes("watching system calls"));
      return container;
    } catch (error) {
      await container.close();
      throw error;
    }
  }

  get log(): string {
    return this.#log;
  }

  get alerts(): ContainerAlert[] {
    return this.#out.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  }

  /** Polls, because output comes in chunks; the limit is only for a test that has failed. */
  async until(
    isDone: (alerts: readonly ContainerAlert[], log: string) => boolean,
    timeoutMs = 90_000,
  ): Promise<void> {
    const endMs = performance.now() + timeoutMs;
    while (!isDone(this.alerts, this.#log)) {
      if (performance.now() > endMs) {
        throw new Error(`not seen in time; the log:\n${this.#log}\nalerts:\n${this.#out}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The answer of its web server at one of its addresses, which nobody outside its network can ask. */
  async get(path: string, address = "127.0.0.1"): Promise<string> {
    const pid = (await must("podman", ...PODMAN, "inspect", "--format", "{{.State.Pid}}", this.#name)).trim();
    const ask = `console.log(await (await fetch("http://${address}:8765${path}")).text())`;
    return await must("nsenter", "--target", pid, "--net", Deno.execPath(), "eval", ask);
  }

  /** As `kubectl exec` runs a command in it. */
  exec(...command: string[]): Promise<{ code: number; text: string }> {
    return run("podman", ...PODMAN, "exec", this.#name, ...command);
  }

  /** As an orchestrator stops it; gives the exit code. */
  async stop(): Promise<number> {
    await must("podman", ...PODMAN, "kill", "--signal", "TERM", this.#name);
    const { code } = await this.#child.status;
    await Promise.all(this.#ends);
    return code;
  }

  async close(): Promise<void> {
    await run("podman", ...PODMAN, "rm", "-f", "-t", "0", this.#name);
    await this.#child.status;
    await Promise.all(this.#ends);
  }
}

async function collect(stream: ReadableStream<Uint8Array>, take: (text: string) => void): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) take(text);
}

/** A folder laid out as the kubelet lays out a ConfigMap; `swap` changes it as the kubelet does. */
export class ConfigMapFolder {
  #version = 0;

  constructor(readonly path: string, files: Readonly<Record<string, string>>) {
    Deno.mkdirSync(path);
    this.swap(files);
    for (const name of Object.keys(files)) Deno.symlinkSync(`..data/${name}`, `${path}/${name}`);
  }

  swap(files: Readonly<Record<string, string>>): void {
    const version = `..v${++this.#version}`;
    Deno.mkdirSync(`${this.path}/${version}`);
    for (const [name, text] of Object.entries(files)) {
      Deno.writeTextFileSync(`${this.path}/${version}/${name}`, text);
    }
    Deno.symlinkSync(version, `${this.path}/..data_tmp`);
    Deno.renameSync(`${this.path}/..data_tmp`, `${this.path}/..data`);
    if (this.#version > 1) Deno.removeSync(`${this.path}/..v${this.#version - 1}`, { recursive: true });
  }
}
