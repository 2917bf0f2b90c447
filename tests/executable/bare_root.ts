// A root directory that holds the executable and glibc and nothing else: the poorest host that it must run on.
// In: the executable. Out: commands run inside, with /proc and /sys; what lies in it afterwards.

import { join } from "node:path";

const LIBRARIES = ["libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0"];
const LIBRARY_FOLDER = `/lib/${Deno.build.arch}-linux-gnu`;
const LOADER = "/lib64/ld-linux-x86-64.so.2";

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface BareRootOptions {
  /** default: true */
  readonly withProc?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export class BareRoot implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "falco-root-" });

  constructor(executable: string) {
    for (const folder of ["bin", "proc", "sys", "tmp", "lib64", LIBRARY_FOLDER]) this.#makeFolder(folder);
    for (const name of LIBRARIES) {
      Deno.copyFileSync(join(LIBRARY_FOLDER, name), this.at(join(LIBRARY_FOLDER, name)));
    }
    Deno.copyFileSync(LOADER, this.at(LOADER));
    Deno.copyFileSync(executable, this.at("bin/falco"));
  }

  at(path: string): string {
    return join(this.path, path);
  }

  #makeFolder(path: string): void {
    Deno.mkdirSync(this.at(path), { recursive: true });
  }

  /** In a mount namespace of its own, which ends with the command. */
  command(args: readonly string[], { withProc = true, env = {} }: BareRootOptions = {}): Deno.Command {
    const mounts = withProc
      ? `mount -t proc proc ${this.at("proc")} && mount --rbind /sys ${this.at("sys")} && `
      : "";
    const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    return new Deno.Command("unshare", {
      args: [
        ...[
          "--mount",
          "sh",
          "-c",
          `${mounts}exec env -i ${words.join(" ")} /usr/sbin/chroot "$0" /bin/falco "$@"`,
        ],
        ...[this.path, ...args],
      ],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    });
  }

  async falco(args: readonly string[], options: BareRootOptions = {}): Promise<Outcome> {
    const { code, stdout, stderr } = await this.command(args, options).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr) };
  }

  /** All files and folders with their sizes, outside of /proc and /sys. */
  contents(folder = ""): string[] {
    return [...Deno.readDirSync(this.at(folder))].flatMap(({ name, isDirectory }) => {
      const path = `${folder}/${name}`;
      if (path === "/proc" || path === "/sys") return [];
      return isDirectory ? [path, ...this.contents(path)] : [`${path} ${Deno.statSync(this.at(path)).size}`];
    }).sort();
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
