// Another user of the host, and a client of the web server, try to have falco reload.

import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { startMarked } from "../marked.ts";
import { run } from "../../live/lab.ts";

const NOBODY = "65534";
const SETTINGS = `
reload_control: {enabled: true, socket: FOLDER/control/reload.sock}
webserver: {enabled: true, listen_port: 0}
`;
const POST = "POST /reload HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n";
const KNOCK = `import socket, sys
s = socket.socket(socket.AF_UNIX); s.settimeout(5)
s.connect(sys.argv[1]); s.sendall(b"${POST}"); print(s.recv(100))`;

const attack: Attack = {
  aim: "blind",
  tries: "reloads asked for by other users and over the network",
  isQuick: true,
  async run(target) {
    const marked = await startMarked(target, SETTINGS);
    try {
      const { falco, folder } = marked;
      const socket = `${folder}/control/reload.sock`;
      await falco.logged((log) => log.some((line) => line.includes("reload control:")));
      const [, url = ""] = /web server: (\S+)/.exec(falco.log.join("\n")) ?? [];
      // so that only the socket's own mode is in the way
      Deno.chmodSync(folder, 0o755);
      Deno.chmodSync(`${folder}/control`, 0o755);

      const other = ["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"];
      const knock = await run("setpriv", ...other, "/usr/bin/python3", "-c", KNOCK, socket);
      assert.match(knock.text, /PermissionError/);
      const posted = await fetch(`${url}/reload`, { method: "POST" });
      assert.equal(posted.status, 405, await posted.text());
      const read = await fetch(`${url}/reload`);
      const { started_generation: started } = await read.json();
      assert.equal(started, 1);

      // root may, and is heard
      const own = await run("/usr/bin/python3", "-c", KNOCK, socket);
      assert.match(own.text, /202 Accepted/);
      await falco.logged((log) => log.some((line) => line.includes("reloaded after")));
      await marked.alert(1);
      return "a connection refused, POST over TCP 405; root's reload is done";
    } finally {
      await marked.stop();
      marked.remove();
    }
  },
};

export default attack;
