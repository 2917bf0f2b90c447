// A process whose first thread has ended goes on in another one; so it does before falco starts, and while it watches.

import type { Attack } from "../attack.ts";
import { RulesFile } from "../rules_file.ts";

const RULE = `
- rule: Done by a thread
  desc: what a process does whose first thread has ended
  condition: evt.type in (open, openat) and fd.name = /etc/attack-mark-e07 and proc.args contains attack-mark-e07 and user.uid = 65534
  output: "%proc.name %proc.pid %container.id"
  priority: WARNING
`;
/** Says "ready" when the first thread has ended; each line of input is an open. */
const SCRIPT = `
import ctypes, os, sys, threading
def go():
    me = os.getpid()
    while open(f"/proc/self/task/{me}/stat").read().rsplit(")", 1)[1].split()[0] != "Z": pass
    print("ready", flush=True)
    while sys.stdin.readline():
        try: os.open("/etc/attack-mark-e07", os.O_RDONLY | os.O_CREAT)
        except OSError: pass
    os._exit(0)
threading.Thread(target=go).start()
ctypes.CDLL(None).pthread_exit(None)
`;

class Leaderless {
  readonly #child = new Deno.Command("setpriv", {
    args: [
      "--reuid",
      "65534",
      "--regid",
      "65534",
      "--clear-groups",
      "/usr/bin/python3",
      "-c",
      SCRIPT,
      "attack-mark-e07",
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  readonly #orders = this.#child.stdin.getWriter();

  static async start(): Promise<Leaderless> {
    const process = new Leaderless();
    await process.#child.stdout.getReader().read();
    return process;
  }

  get pid(): number {
    return this.#child.pid;
  }

  act(): Promise<void> {
    return this.#orders.write(new TextEncoder().encode("\n"));
  }

  async end(): Promise<void> {
    await this.#orders.close();
    await this.#child.status;
  }
}

const attack: Attack = {
  aim: "blind",
  tries: "processes whose first thread has ended, before and after falco starts",
  isQuick: true,
  async run(target) {
    using rules = new RulesFile(RULE);
    const before = await Leaderless.start();
    const falco = await target.start(["-r", rules.path, "-o", "engine.kind=modern_ebpf"]);
    const after = await Leaderless.start();
    try {
      for (const process of [before, after]) {
        await process.act();
        await falco.alert("Done by a thread", ({ output }) => output.endsWith(` ${process.pid} host`));
      }
      return "both are seen with arguments and user";
    } finally {
      await before.end();
      await after.end();
      await falco.stop();
    }
  },
};

export default attack;
