// A process in a pid namespace of its own connects, forks and closes its end at once, all on one CPU; the child makes the
// socket its standard input and output and becomes a shell. The child's own event comes when the parent has closed it.

import type { Attack } from "../attack.ts";
import { RulesFile } from "../rules_file.ts";
import { must } from "../../live/lab.ts";

const TRIES = 20;
const RULE = `
- rule: Shell on a socket
  desc: a shell whose standard input is a connection
  condition: evt.type = execve and evt.res = SUCCESS and proc.args contains attack-mark-4c1 and proc.stdin.type = ipv4
  output: "shell %proc.cmdline %proc.stdin.name"
  priority: WARNING
`;
const SCRIPT = `
import os, socket, sys
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
for i in range(${TRIES}):
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1]))); s.set_inheritable(True)
    if os.fork():
        s.close(); os.wait()
    else:
        os.dup2(s.fileno(), 0); os.dup2(s.fileno(), 1)
        os.execv("/bin/sh", ["sh", "-c", "exit 0", "attack-mark-4c1"])
`;

const attack: Attack = {
  aim: "blind",
  tries: "a socket that the parent closes right after the fork, in a pid namespace",
  isQuick: true,
  async run(target) {
    using rules = new RulesFile(RULE);
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const falco = await target.start(["-r", rules.path, "-o", "engine.kind=modern_ebpf"]);
    try {
      await must("unshare", "-pf", "--mount-proc", "python3", "-c", SCRIPT, `${listener.addr.port}`);
      await falco.alert("Shell on a socket", () => falco.alerts.length === TRIES);
      return `${TRIES} of ${TRIES} shells seen with their connection`;
    } finally {
      await falco.stop();
      listener.close();
    }
  },
};

export default attack;
