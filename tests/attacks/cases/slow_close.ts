// A close that takes two seconds (SO_LINGER with unsent data) in one thread, while another thread's socket gets the same
// number, connects, and becomes a shell's standard input. And a socket that is passed over a unix socket.

import type { Attack } from "../attack.ts";
import { RulesFile } from "../rules_file.ts";
import { must } from "../../live/lab.ts";

const RULE = `
- rule: Connection becomes standard input
  desc: a connection is copied to standard input, output or error
  condition: >
    evt.type in (dup, dup2, dup3) and fd.num in (0, 1, 2) and fd.type in (ipv4, ipv6) and proc.args contains attack-mark-9b2
  output: "copy %fd.num %fd.name %proc.args"
  priority: WARNING
`;
const SLOW = `
import os, socket, struct, sys, threading, time
l = socket.create_server(("127.0.0.1", 0))
victim = socket.create_connection(l.getsockname()); victim.setsockopt(1, 13, struct.pack("ii", 1, 2))
victim.setblocking(False)
try:
    while True: victim.send(b"x" * 65536)
except BlockingIOError: pass
victim.setblocking(True)
fd = victim.detach()
t = threading.Thread(target=os.close, args=(fd,)); t.start()
while os.path.exists(f"/proc/self/fd/{fd}"): time.sleep(0.01)
s = socket.create_connection(l.getsockname())
assert s.fileno() == fd
t.join()
os.dup2(fd, 0)
`;
const PASSED = `
import os, socket
a, b = socket.socketpair()
l = socket.create_server(("127.0.0.1", 0))
if os.fork() == 0:
    c = socket.create_connection(l.getsockname()); socket.send_fds(a, [b"x"], [c.fileno()]); os._exit(0)
a.close()
_, fds, _, _ = socket.recv_fds(b, 1, 1)
os.wait()
os.dup2(fds[0], 1)
`;

const attack: Attack = {
  aim: "blind",
  tries: "a slow close whose number is used again, and a passed socket, each as a standard descriptor",
  isQuick: true,
  async run(target) {
    using rules = new RulesFile(RULE);
    const falco = await target.start(["-r", rules.path, "-o", "engine.kind=modern_ebpf"]);
    try {
      await must("python3", "-c", SLOW, "attack-mark-9b2");
      await must("python3", "-c", PASSED, "attack-mark-9b2");
      for (const seen of [/copy 0 127\.0\.0\.1:\d+->127/, /copy 1 127\.0\.0\.1:\d+->127/]) {
        await falco.alert("Connection becomes standard input", ({ output }) => seen.test(output));
      }
      return "both connections seen";
    } finally {
      await falco.stop();
    }
  },
};

export default attack;
