// A root directory that packages are installed into: glibc, a shell, and a systemctl that only writes down what it is
// asked. In: nothing but the machine. Out: dpkg and rpm working on it, commands run in it, what systemctl was told.

import assert from "node:assert/strict";
import { join } from "node:path";
import type { Outcome } from "../executable/bare_root.ts";

const LIBRARY_FOLDER = `/lib/${Deno.build.arch}-linux-gnu`;
const LIBRARIES = ["libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0"];
const LOADER = "/lib64/ld-linux-x86-64.so.2";

/** What dpkg needs to believe that glibc is installed. */
const STATUS = `Package: libc6
Status: install ok installed
Maintainer: nobody <nobody@localhost>
Architecture: ${Deno.build.arch === "x86_64" ? "amd64" : "arm64"}
Version: 2.28-1
Description: C library
`;

const SYSTEMCTL = `#!/bin/sh
case $1 in is-*) ;; *) echo "$@" >> /systemctl.log ;; esac
`;
const APPLETS = [
  "cat",
  "chmod",
  "cp",
  "cut",
  "find",
  "grep",
  "head",
  "mkdir",
  "mv",
  "rm",
  "rmdir",
  "sed",
  "sh",
];

export class InstallRoot implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "falco-install-" });

  constructor() {
    for (
      const folder of ["bin", "dev", "proc", "tmp", "usr/bin", "lib64", LIBRARY_FOLDER, "run/systemd/system"]
    ) {
      Deno.mkdirSync(this.at(folder), { recursive: true });
    }
    for (const folder of ["info", "updates", "triggers"]) {
      Deno.mkdirSync(this.at(`var/lib/dpkg/${folder}`), { recursive: true });
    }
    for (const name of LIBRARIES) {
      Deno.copyFileSync(join(LIBRARY_FOLDER, name), this.at(join(LIBRARY_FOLDER, name)));
    }
    Deno.copyFileSync(LOADER, this.at(LOADER));
    Deno.copyFileSync("/bin/busybox", this.at("bin/busybox"));
    for (const name of [...APPLETS, "sha256sum"]) Deno.symlinkSync("busybox", this.at(`bin/${name}`));
    this.write("var/lib/dpkg/status", STATUS);
    this.write("var/lib/dpkg/available", "");
    this.write("usr/bin/systemctl", SYSTEMCTL);
    Deno.chmodSync(this.at("usr/bin/systemctl"), 0o755);
  }

  at(path: string): string {
    return join(this.path, path);
  }

  read(path: string): string {
    return Deno.readTextFileSync(this.at(path));
  }

  write(path: string, text: string): void {
    Deno.writeTextFileSync(this.at(path), text);
  }

  has(path: string): boolean {
    try {
      Deno.lstatSync(this.at(path));
      return true;
    } catch {
      return false;
    }
  }

  /** Nobody is asked anything: what was changed is kept, as in an unattended upgrade. */
  dpkg(...args: string[]): Promise<Outcome> {
    return succeed("dpkg", ["--root", this.path, "--force-confdef", "--force-confold", ...args]);
  }

  rpm(...args: string[]): Promise<Outcome> {
    return succeed("rpm", ["--root", this.path, "--nodeps", ...args]);
  }

  /** In a mount namespace of its own, with /proc. */
  falco(...args: string[]): Promise<Outcome> {
    const inside = 'mount -t proc proc "$0/proc" && exec /usr/sbin/chroot "$0" /usr/bin/falco "$@"';
    return call("unshare", ["--mount", "sh", "-c", inside, this.path, ...args]);
  }

  /** Since the last time that was asked. */
  systemctlCalls(): string[] {
    if (!this.has("systemctl.log")) return [];
    const lines = this.read("systemctl.log").trim().split("\n");
    Deno.removeSync(this.at("systemctl.log"));
    return lines;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}

async function succeed(command: string, args: string[]): Promise<Outcome> {
  const outcome = await call(command, args);
  assert.equal(outcome.code, 0, `${command} ${args.join(" ")}\n${outcome.stdout}${outcome.stderr}`);
  return outcome;
}

export async function call(
  command: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const { code, stdout, stderr } = await new Deno.Command(command, { args, env, stdin: "null" }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
