// A user of this host opens as many connections to the web server as it can and leaves each in another state.

import assert from "node:assert/strict";
import { run } from "../../live/lab.ts";
import type { Attack } from "../attack.ts";

const PORT = 18_931;
const SAYS = [
  "",
  "GET /healthz HTTP/1.1\r\nHost: x\r\nX-A",
  "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
  "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100),
  `GET /healthz HTTP/1.1\r\nX: ${"a".repeat(7000)}`,
  "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n",
];
const CONNECTIONS = 600;

const attack: Attack = {
  aim: "blind",
  tries:
    `${CONNECTIONS} connections to the web server: silent, half a head, idle, many requests, unread answers`,
  isQuick: true,
  async run(target) {
    const falco = await target.start(["-o", "webserver.enabled=true", "-o", `webserver.listen_port=${PORT}`]);
    const open: Deno.TcpConn[] = [];
    try {
      await falco.logged((log) => log.some((line) => /web server: http/.test(line)));
      let slowestMs = 0, asked = 0;
      for (let i = 0; i < CONNECTIONS; i++) {
        const connection = await Deno.connect({ hostname: "127.0.0.1", port: PORT });
        open.push(connection);
        await connection.write(new TextEncoder().encode(SAYS[i % SAYS.length])).catch(() => {});
        if (i % 50 !== 49) continue;
        const startMs = performance.now();
        const response = await fetch(`http://127.0.0.1:${PORT}/healthz`);
        await response.body?.cancel();
        assert.ok(response.status === 200 || response.status === 503);
        slowestMs = Math.max(slowestMs, performance.now() - startMs);
        asked++;
      }
      await run("cat", "/etc/shadow");
      await falco.alert("Read sensitive file untrusted");
      return `health answered ${asked} of ${asked} times, the slowest after ${Math.round(slowestMs)} ms`;
    } finally {
      open.forEach((connection) => connection.close());
      await falco.stop();
    }
  },
};

export default attack;
