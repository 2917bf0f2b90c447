// Engines that speak gRPC and belong to root, taken over: messages of many megabytes, nested, with a hundred thousand
// containers, without sense or with false lengths, and streams of events that are as fast as they are read.

import assert from "node:assert/strict";
import { residentMb } from "../audited.ts";
import type { Attack } from "../attack.ts";
import { ScratchCgroups } from "../scratch_cgroups.ts";

const MARK = "attack-mark-91c";
const RULES = `
- rule: Marked command
  desc: the command with the mark among its arguments
  condition: evt.type in (execve, execveat) and proc.name = true and proc.args contains ${MARK}
  output: "%proc.args %container.id"
  priority: WARNING
`;
const config = (rules: string, cri: string, containerd: string) => `
rules_files: [${rules}]
engine: {kind: modern_ebpf}
plugins:
  - name: container
    library_path: libcontainer.so
    init_config: {engines: {cri: {enabled: true, sockets: [${cri}]}, containerd: {enabled: true, sockets: [${containerd}]}, docker: {enabled: false}, podman: {enabled: false}}}
`;
const ENGINE = new URL("../grpc_engine.ts", import.meta.url).pathname;
const MODES = ["large", "deep", "crowds", "noise", "lengths", "events"];
const EACH_MS = 3000;
const MAX_RESIDENT_MB = 450;
/** Of all containers together: what events may wait at once (docs/containers.md), and what a busy machine adds. */
const MAX_LATE_MS = 2500;

class Engines {
  readonly #child: Deno.ChildProcess;
  readonly #orders: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#orders = child.stdin.getWriter();
    this.#lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  static async start(...args: readonly string[]): Promise<Engines> {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", ENGINE, ...args],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const engines = new Engines(child);
    assert.equal((await engines.#lines.read()).value?.trim(), "listens");
    return engines;
  }

  /** @returns how many messages there were in the mode before */
  async turnTo(mode: string): Promise<number> {
    await this.#orders.write(new TextEncoder().encode(`${mode}\n`));
    return Number((await this.#lines.read()).value);
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
  }
}

const attack: Attack = {
  aim: "starve",
  tries: `engines over gRPC, ${EACH_MS / 1000} s each: ${MODES.join(", ")}`,
  isQuick: false,
  async run(target) {
    const folder = Deno.makeTempDirSync();
    const sockets = [`${folder}/cri.sock`, `${folder}/containerd.sock`] as const;
    Deno.writeTextFileSync(`${folder}/rules.yaml`, RULES);
    Deno.writeTextFileSync(`${folder}/falco.yaml`, config(`${folder}/rules.yaml`, ...sockets));
    const cgroups = ScratchCgroups.open();
    const figures: string[] = [];
    let turns = 0;
    try {
      const engines = await Engines.start(...sockets, "1");
      try {
        for (const mode of MODES) {
          await engines.turnTo(mode);
          // another falco each time: engines that answered nonsense are left alone for up to a minute
          const falco = await target.start(["-c", `${folder}/falco.yaml`]);
          let worstMs = 0, mostMb = 0;
          try {
            for (const endMs = performance.now() + EACH_MS; performance.now() < endMs; turns++) {
              const mark = `${MARK}-${turns}-`;
              // a container that nobody has seen, about which both are asked, or none
              const id = crypto.randomUUID().replaceAll("-", "").repeat(2);
              const cgroup = turns % 2 === 0 ? "plain" : `kubepods/besteffort/pod1/${id}`;
              await cgroups.run(cgroup, "/bin/true", mark);
              const ranMs = performance.now();
              const alert = await falco.alert("Marked command", ({ output }) => output.includes(mark));
              worstMs = Math.max(worstMs, alert.arrivedMs - ranMs);
              mostMb = Math.max(mostMb, residentMb(falco.pid));
            }
          } finally {
            await falco.stop();
          }
          const messages = await engines.turnTo(mode);
          figures.push(`${mode} ${messages} messages ${Math.round(mostMb)} MB ${Math.round(worstMs)} ms`);
          assert.ok(messages > 0, `nobody asked: ${figures.join(", ")}`);
          assert.ok(mostMb < MAX_RESIDENT_MB, figures.join(", "));
          assert.ok(worstMs < MAX_LATE_MS, figures.join(", "));
          assert.ok(falco.log.length < 60, `${falco.log.length} lines of log in the mode ${mode}`);
        }
      } finally {
        await engines.stop();
      }
      return `${turns} alerts; at most: ${figures.join(", ")}`;
    } finally {
      cgroups.close();
      Deno.removeSync(folder, { recursive: true });
    }
  },
};

export default attack;
