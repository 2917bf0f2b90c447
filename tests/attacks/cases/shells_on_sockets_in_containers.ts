// In a real container: a shell on a socket that another process has made and passed on, and one on a socket that the process
// which connected has closed at once.

import { containerRefusal, Lab, must } from "../../live/lab.ts";
import type { Attack } from "../attack.ts";
import { PROJECT } from "../../support/program.ts";

const TRIES = 5;
const RULE = `
- rule: Shell on a socket in a container
  desc: a shell whose standard input is a connection
  condition: >
    evt.type = execve and evt.res = SUCCESS and proc.args contains attack-mark-77d and proc.stdin.type = ipv4
    and container.id != host
  output: "%proc.pname %container.id %proc.stdin.name"
  priority: WARNING
`;

const attack: Attack = {
  aim: "blind",
  tries: "reverse shells over a passed socket, and over one that its maker closes at once, in a container",
  isQuick: true,
  refusal: containerRefusal,
  async run(target) {
    const lab = await Lab.open();
    try {
      const program = `${lab.folder}/shell_on_socket`;
      await must("cc", "-O1", "-static", "-o", program, `${PROJECT}tests/attacks/shell_on_socket.c`);
      const rules = await lab.file("rules.yaml", RULE);
      const id = await lab.container("-v", `${program}:/shell_on_socket:ro`);
      const falco = await target.start(["-r", rules, "-o", "engine.kind=modern_ebpf"]);
      try {
        for (const way of ["passed", "forked"]) {
          for (let i = 0; i < TRIES; i++) {
            const seen = falco.alerts.length;
            const { code, text } = await lab.inContainer(id, [], "/shell_on_socket", way);
            if (code !== 0) throw new Error(`${way} ended with ${code}: ${text}`);
            await falco.alert(
              "Shell on a socket in a container",
              ({ output }) => falco.alerts.length > seen && output.includes(` ${id} 127.0.0.1:`),
            );
          }
        }
        return `${2 * TRIES} of ${2 * TRIES} shells seen with their connection and container`;
      } finally {
        await falco.stop();
      }
    } finally {
      await lab.close();
    }
  },
};

export default attack;
