// A process that lets nobody read its command line: its memory is locked for as long as a file system of its own does not
// answer. Falco reads the command lines of all processes when it starts, so it would never get to watch. The file system is
// mounted by root here, since not everywhere others may open /dev/fuse.

import assert from "node:assert/strict";
import { must } from "../../live/lab.ts";
import type { Attack } from "../attack.ts";
import { PROJECT } from "../../support/program.ts";

const RULE = `
- rule: Opened by the holder
  desc: what the process does whose memory is held
  condition: evt.type in (open, openat) and fd.name = /etc/passwd and proc.name = held_memory
  output: "%proc.pid %proc.exepath %user.uid"
  priority: WARNING
`;

const attack: Attack = {
  aim: "blind",
  tries: "a process whose command line cannot be read, there before falco starts",
  isQuick: true,
  refusal: async () => {
    const hasFuse = await Deno.stat("/dev/fuse").then(() => true, () => false);
    return hasFuse ? null : "this kernel has no file systems in user space (/dev/fuse)";
  },
  async run(target) {
    const folder = await Deno.makeTempDir({ dir: "/var/tmp" });
    const program = `${folder}/held_memory`;
    await must("cc", "-O1", "-pthread", "-o", program, `${PROJECT}tests/attacks/held_memory.c`);
    await Deno.mkdir(`${folder}/mount`);
    await Deno.writeTextFile(`${folder}/rules.yaml`, RULE);
    const holder = new Deno.Command("unshare", {
      args: ["-m", program, `${folder}/mount`],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const orders = holder.stdin.getWriter();
    try {
      const held = await holder.stdout.pipeThrough(new TextDecoderStream()).getReader().read();
      const pid = Number(held.value);
      assert.ok(pid > 0, "its memory is held");
      const falco = await target.start(["-r", `${folder}/rules.yaml`, "-o", "engine.kind=modern_ebpf"]);
      try {
        await orders.write(new Uint8Array(1));
        const { output } = await falco.alert("Opened by the holder");
        assert.ok(output.includes(`${pid} ${program} ${Deno.uid()}`), output);
        return "falco watches, and knows the process by everything but its arguments";
      } finally {
        await falco.stop();
      }
    } finally {
      await orders.close().catch(() => {});
      await holder.status;
      await Deno.remove(folder, { recursive: true });
    }
  },
};

export default attack;
