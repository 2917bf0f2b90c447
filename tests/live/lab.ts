// A scratch folder for live tests: the trigger program under the names that it plays, files to touch, a container.
// Everything that is made here is removed by `close`.

import { PROJECT } from "../support/program.ts";

/** Flags with which podman runs on machines without systemd or raised limits. */
const PODMAN = ["--runtime", "runc", "--cgroup-manager=cgroupfs"];
const LIMITS = ["--network=none", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"];

/** Runs a command to its end; its output is for failures only. */
export async function run(command: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args, stdin: "null" }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** The same for a command that has to succeed; gives its output. */
export async function must(command: string, ...args: string[]): Promise<string> {
  const { code, text } = await run(command, ...args);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${text}`);
  return text;
}

/** The reason why containers cannot be started here, or null. */
export async function containerRefusal(): Promise<string | null> {
  for (const tool of ["podman", "runc", "busybox"]) {
    const found = await run(tool, tool === "busybox" ? "true" : "--version").catch(() => ({ code: 1 }));
    if (found.code !== 0) return `${tool} is not installed`;
  }
  return null;
}

/** The scratch folder with the trigger program in it. */
export class Lab {
  readonly trigger: string;
  #containers: string[] = [];
  #image = "";

  private constructor(readonly folder: string) {
    this.trigger = `${folder}/trigger`;
  }

  static async open(): Promise<Lab> {
    const lab = new Lab(await Deno.makeTempDir({ prefix: "falco-lab-", dir: "/var/tmp" }));
    await Deno.chmod(lab.folder, 0o755);
    await must("cc", "-O1", "-static", "-o", lab.trigger, PROJECT + "tests/live/trigger.c");
    return lab;
  }

  /** The trigger program under another name; gives its path. */
  async named(name: string, mode = 0o755): Promise<string> {
    const path = `${this.folder}/${name}`;
    await Deno.copyFile(this.trigger, path);
    await Deno.chmod(path, mode);
    return path;
  }

  /** A file of the lab; gives its path. */
  async file(name: string, text = ""): Promise<string> {
    const path = `${this.folder}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text);
    return path;
  }

  /** Starts a container of busybox and the trigger program (also as apk and psql) that sleeps; gives its 12-character id. */
  async container(...options: string[]): Promise<string> {
    if (this.#image === "") await this.#makeImage();
    const id = await must(
      "podman",
      ...PODMAN,
      "run",
      "-d",
      ...LIMITS,
      ...options,
      this.#image,
      "/bin/sleep",
      "600",
    );
    const short = id.trim().slice(0, 12);
    this.#containers.push(short);
    return short;
  }

  /** A container that runs one command and is removed at once. */
  async runOnce(options: readonly string[], ...command: string[]): Promise<void> {
    if (this.#image === "") await this.#makeImage();
    await must("podman", ...PODMAN, "run", "--rm", ...LIMITS, ...options, this.#image, ...command);
  }

  /** The image of all containers here, as podman names it without its host and tag. */
  get image(): string {
    return this.#image;
  }

  /** Runs a command in a container; options such as `-t` come before it. */
  inContainer(
    id: string,
    options: readonly string[],
    ...command: string[]
  ): Promise<{ code: number; text: string }> {
    return run("podman", ...PODMAN, "exec", ...options, id, ...command);
  }

  /** Ends a container and removes it. */
  async remove(id: string): Promise<void> {
    await must("podman", ...PODMAN, "rm", "-f", "-t", "0", id);
    this.#containers = this.#containers.filter((other) => other !== id);
  }

  async close(): Promise<void> {
    for (const id of this.#containers) await run("podman", ...PODMAN, "rm", "-f", "-t", "0", id);
    if (this.#image !== "") await run("podman", ...PODMAN, "rmi", "-f", this.#image);
    await Deno.remove(this.folder, { recursive: true });
  }

  async #makeImage(): Promise<void> {
    const root = `${this.folder}/image`;
    for (const folder of ["bin", "tmp", "etc", "dev/shm"]) {
      await Deno.mkdir(`${root}/${folder}`, { recursive: true });
    }
    await Deno.copyFile("/bin/busybox", `${root}/bin/busybox`);
    for (const name of ["trigger", "apk", "psql"]) await Deno.copyFile(this.trigger, `${root}/bin/${name}`);
    for (
      const applet of ["sh", "sleep", "cat", "cp", "nc", "ln", "id", "true", "chmod", "mkdir", "grep", "ls"]
    ) {
      await Deno.symlink("busybox", `${root}/bin/${applet}`);
    }
    await Deno.writeTextFile(
      `${root}/etc/passwd`,
      "root:x:0:0:root:/:/bin/sh\nann:x:1000:50::/home/ann:/bin/ash\n",
    );
    await Deno.writeTextFile(`${root}/etc/group`, "root:x:0:\nstaff:x:50:ann\n");
    await Deno.writeTextFile(`${root}/etc/shadow`, "root:*:19000:0:99999:7:::\n");
    await must("tar", "-C", root, "-cf", `${this.folder}/image.tar`, ".");
    this.#image = `falco-live-test-${crypto.randomUUID().slice(0, 8)}`;
    await must("podman", ...PODMAN, "import", `${this.folder}/image.tar`, this.#image);
  }
}
