// SIGUSR1 from the first moment of a process on, in every mode, and what else opens a debugger: variables that the
// runtime reads. A signal before anything could block it ends the process, which is what the kernel does by default.

import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { DebuggerClient, threadsWithoutBlock } from "../debugger_client.ts";
import type { Target } from "../target.ts";

const EVERY_MS = 4;
const HOSTILE = { NODE_OPTIONS: "--inspect", DENO_V8_FLAGS: "--expose-gc", OTEL_DENO: "1" };
const RULES = new URL("../../../rules/bundled/falco_rules.yaml", import.meta.url).pathname;

const attack: Attack = {
  aim: "take over",
  tries: "to attach to a debugger of each subcommand, signalled from its start on",
  isQuick: false,
  async run(target) {
    const folder = Deno.makeTempDirSync({ prefix: "falco-attack-" });
    const modes: readonly (readonly string[])[] = [
      ["--version"],
      ["check", RULES],
      ["list", "fields"],
      ["--support"],
      ["record", "-w", `${folder}/x.scap`, "--duration", "2"],
      ["replay", `${folder}/x.scap`],
      ["-M", "2", "-o", "webserver.enabled=false"],
      ["doctor"],
    ];
    const client = await DebuggerClient.start();
    let signals = 0;
    try {
      for (const mode of modes) signals += await signalAllTheTime(target, mode, folder);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
    const { tries, accepted } = await client.end();
    assert.equal(accepted, 0);
    return `${modes.length} modes, ${signals} signals; ${tries} connects refused`;
  },
};

/** Once from its start, which ends it when it is early enough; once as soon as all threads block the signal. */
async function signalAllTheTime(target: Target, mode: readonly string[], cwd: string): Promise<number> {
  let signals = 0;
  for (const isFromStart of [true, false]) {
    const [program = "", ...args] = target.command;
    const child = new Deno.Command(program, {
      args: [...args, ...mode],
      // from the source tree it is the runtime itself that such a variable reaches first
      env: target.name === "executable" ? HOSTILE : {},
      cwd,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    let isSheltered = false;
    const unblocked = new Set<string>();
    const timer = setInterval(() => {
      const processes = [child.pid, ...childrenOf(child.pid)];
      if (!isFromStart && !(isSheltered ||= isBlocked(child.pid))) return;
      if (isSheltered) threadsWithoutBlock(child.pid).forEach((name) => unblocked.add(name));
      for (const pid of isFromStart ? processes : [child.pid]) {
        try {
          Deno.kill(pid, "SIGUSR1");
          signals++;
        } catch {
          // it has ended
        }
      }
    }, EVERY_MS);
    const { code, signal } = await child.status;
    clearInterval(timer);
    assert.deepEqual([...unblocked], [], mode.join(" "));
    const isEnded = isFromStart && signal === "SIGUSR1";
    assert.ok(isEnded || signal === null, `${mode.join(" ")}: ${signal ?? code}`);
    if (!isFromStart) assert.ok(code === 0 || mode[0] === "doctor", `${mode.join(" ")} ended with ${code}`);
  }
  return signals;
}

/** Whether it has come so far that there is a mask, and only threads that began with it. */
function isBlocked(pid: number): boolean {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/task/${pid}/status`);
    return /^SigBlk:\s*0+200$/m.test(status) && threadsWithoutBlock(pid).length === 0;
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).trim().split(" ").filter(Boolean).map(
      Number,
    );
  } catch {
    return [];
  }
}

export default attack;
