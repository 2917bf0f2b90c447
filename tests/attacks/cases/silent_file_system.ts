// A file system that never answers, as a user can mount one where `user_allow_other` is set, or as a dead server leaves it:
// under a user's container storage, and over a folder of rules while falco runs.

import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { must, run } from "../../live/lab.ts";

const RULE = `
- rule: Marked command
  desc: a command with a mark among its arguments
  condition: evt.type in (execve, execveat) and proc.args contains silent-mark
  output: "command %proc.cmdline"
  priority: WARNING
`;
const UID = 65534;

/** Mounts at its arguments file systems of its own and answers nothing; they end with it. */
const SILENT = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
for path in sys.argv[1:]:
    fd = os.open("/dev/fuse", os.O_RDWR)
    options = "fd=%d,rootmode=40000,user_id=${UID},group_id=${UID},allow_other" % fd
    if libc.mount(b"silent", path.encode(), b"fuse", 6, options.encode()) != 0:
        sys.exit(os.strerror(ctypes.get_errno()))
print("mounted", flush=True)
sys.stdin.read()
`;

class SilentMounts {
  readonly #child: Deno.ChildProcess;
  readonly #paths: readonly string[];

  private constructor(child: Deno.ChildProcess, paths: readonly string[]) {
    this.#child = child;
    this.#paths = paths;
  }

  static async mount(...paths: readonly string[]): Promise<SilentMounts> {
    const child = new Deno.Command("/usr/bin/python3", {
      args: ["-c", SILENT, ...paths],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    const { value } = await reader.read();
    assert.match(new TextDecoder().decode(value), /mounted/);
    reader.releaseLock();
    return new SilentMounts(child, paths);
  }

  async end(): Promise<void> {
    for (const path of this.#paths) await run("umount", "--lazy", path);
    await this.#child.stdout.cancel();
    await this.#child.stdin.close();
    await this.#child.status;
  }
}

const attack: Attack = {
  aim: "blind",
  tries: "a file system that never answers, under a user's container storage and over the rules",
  isQuick: false,
  refusal: () =>
    Promise.resolve(
      Deno.readTextFileSync("/proc/filesystems").includes("\tfuse\n") ? null : "the kernel has no FUSE",
    ),
  async run(target) {
    const folder = Deno.makeTempDirSync();
    const storage = `${folder}/home/.local/share/containers/storage/overlay-containers`;
    const rules = `${folder}/rules.d`;
    const runtime = `/run/user/${UID}`;
    const isOurs = await run("mkdir", runtime).then(({ code }) => code === 0);
    const mounts: SilentMounts[] = [];
    try {
      // shared, so that what is mounted there later is seen in falco's mount namespace too
      await must("mount", "--bind", folder, folder);
      await must("mount", "--make-shared", folder);
      for (const path of [storage, rules, `${runtime}/podman`]) Deno.mkdirSync(path, { recursive: true });
      Deno.writeTextFileSync(`${rules}/10.yaml`, RULE);
      const others = Deno.readTextFileSync("/etc/passwd").split("\n")
        .filter((line) => line.split(":")[2] !== String(UID));
      const passwd = [...others, `mallory:x:${UID}:${UID}::${folder}/home:/bin/sh`, ""].join("\n");
      Deno.writeTextFileSync(`${folder}/passwd`, passwd);
      mounts.push(await SilentMounts.mount(storage, `${runtime}/podman`));
      const bound = [
        ...["unshare", "--mount", "--propagation", "slave", "sh", "-c"],
        'mount --bind "$0/passwd" /etc/passwd && exec "$@"',
        folder,
      ];
      const falco = await target.start(["-r", rules, "-o", "engine.kind=modern_ebpf"], bound);
      const evaluated = async (mark: string) => {
        await run("/bin/true", `silent-mark-${mark}`);
        const { arrivedAtMs, output_fields } = await falco.alert(
          "Marked command",
          ({ output }) => output.includes(`silent-mark-${mark} `) || output.endsWith(`silent-mark-${mark}`),
        );
        return arrivedAtMs - Number(BigInt(String(output_fields["evt.time"])) / 1_000_000n);
      };
      try {
        const late: number[] = [await evaluated("storage")];
        mounts.push(await SilentMounts.mount(rules));
        Deno.kill(falco.pid, "SIGHUP");
        const limitMs = performance.now() + 20_000;
        for (let i = 0; !falco.log.some((line) => /has not answered for/.test(line)); i++) {
          assert.ok(performance.now() < limitMs, `no word of it:\n${falco.log.slice(-10).join("\n")}`);
          late.push(await evaluated(String(i)));
          await new Promise((next) => setTimeout(next, 200));
        }
        late.push(await evaluated("end"));
        const worstMs = Math.max(...late);
        assert.ok(worstMs < 1000, `an alert came ${worstMs} ms late`);
        return `${late.length} alerts, the latest ${
          Math.round(worstMs)
        } ms after its event; the reload refused in words`;
      } finally {
        assert.equal(await falco.stop("SIGTERM"), 0);
      }
    } finally {
      for (const mount of mounts) await mount.end();
      await run("umount", "--lazy", folder);
      if (isOurs) await must("rm", "-rf", runtime);
      Deno.removeSync(folder, { recursive: true });
    }
  },
};

export default attack;
