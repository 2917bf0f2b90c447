// A container in a user namespace: its root is another user on the host, and its passwd holds its own numbers. A host
// user's number in that file gives nobody a name.

import assert from "node:assert/strict";
import { must } from "../../live/lab.ts";
import type { Attack } from "../attack.ts";
import { ScratchCgroups } from "../scratch_cgroups.ts";
import { PROJECT } from "../../support/program.ts";

const RULE = `
- rule: In the container
  desc: what the container's program does
  condition: evt.type in (execve, execveat) and proc.name = trigger and container.id != host
  output: "%user.name %user.uid %container.id"
  priority: WARNING
`;
const ID = "5eed".repeat(16);
const FIRST_ID = 231_072;
/** Lies: on the host 231072 is the container's root. */
const PASSWD = `inner-root:x:0:0::/:/bin/sh\nforged:x:${FIRST_ID}:0::/:/bin/sh\n`;

const attack: Attack = {
  aim: "lie",
  tries: "a container in a user namespace whose passwd names a number of the host's",
  isQuick: true,
  async run(target) {
    const folder = await Deno.makeTempDir({ dir: "/var/tmp" });
    const cgroups = ScratchCgroups.open();
    const children: Deno.ChildProcess[] = [];
    try {
      await Deno.chmod(folder, 0o755);
      await Deno.writeTextFile(`${folder}/rules.yaml`, RULE);
      await Deno.mkdir(`${folder}/root/etc`, { recursive: true });
      await Deno.writeTextFile(`${folder}/root/etc/passwd`, PASSWD);
      await must("cc", "-O1", "-static", "-o", `${folder}/root/trigger`, `${PROJECT}tests/live/trigger.c`);
      const falco = await target.start(["-r", `${folder}/rules.yaml`, "-o", "engine.kind=modern_ebpf"]);
      try {
        const group = cgroups.make(`/docker/${ID}`);
        const start = (...args: string[]) => {
          const [program = "", ...rest] = args;
          const child = new Deno.Command(program, { args: rest, stdin: "null", stdout: "null" }).spawn();
          children.push(child);
          return child;
        };
        const holder = start("unshare", "-U", "sleep", "60");
        const own = await Deno.readLink("/proc/self/ns/user");
        while (await Deno.readLink(`/proc/${holder.pid}/ns/user`) === own) {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        for (const map of ["uid_map", "gid_map"]) {
          await Deno.writeTextFile(`/proc/${holder.pid}/${map}`, `0 ${FIRST_ID} 1000`, { create: false });
        }
        const script = `echo $$ > "$0/cgroup.procs" && exec "$@"`;
        const enter = ["nsenter", "-U", "-t", String(holder.pid), "-S", "0", "-G", "0"];
        const inside = ["chroot", `${folder}/root`, "/trigger", "wait-open", "3000", "/etc/passwd"];
        start("/bin/sh", "-c", script, group, ...enter, ...inside);
        const { output_fields: fields } = await falco.alert("In the container");
        assert.deepEqual([fields["user.uid"], fields["user.name"]], [FIRST_ID, "inner-root"]);
        assert.equal(fields["container.id"], ID.slice(0, 12));
      } finally {
        await falco.stop();
      }
      return "its root is called as inside, by the number that the host has for it";
    } finally {
      for (const child of children) {
        try {
          child.kill("SIGKILL");
        } catch {
          // it has ended
        }
        await child.status;
      }
      cgroups.close();
      await Deno.remove(folder, { recursive: true });
    }
  },
};

export default attack;
