// Receivers of every protocol that claim much with few bytes, break the protocol, or write alerts of their own.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createServer, type Server, type Socket } from "node:net";
import type { Attack } from "../attack.ts";
import { residentMb } from "../audited.ts";
import { startMarked } from "../marked.ts";

const FORGED = '{"rule":"Forged","output":"forged","priority":"Critical"}';
const INFO = `INFO {"server_id":"a","version":"2.10.0","proto":1,"headers":true,"max_payload":1048576}\r\n`;
const MAX_MB = 700;
const ALERTS = 12;

/** In each case what is sent at once and after the first bytes; the latter again and again. */
const RECEIVERS: Readonly<
  Record<string, readonly [settings: string, first: string | Buffer, then: string | Buffer]>
> = {
  redis: ["type: redis, url: redis://AT", "", "*9999\r\n".repeat(20_000)],
  sets: ["type: redis, url: redis://AT", "", "+OK\r\n~9999\r\n"],
  kafka: ["type: kafka, brokers: AT, topic: t", "", Buffer.from([0, 0, 0, 2, 0, 0])],
  negative: ["type: kafka, brokers: AT, topic: t", "", Buffer.from([0xff, 0xff, 0xff, 0xfc, 0, 0, 0, 0])],
  nats: ["type: nats, servers: nats://AT, subject: s", INFO, `HMSG \u001b[2K\u001b[G${FORGED} 12 9\r\n`],
  nested: ["type: nats, servers: nats://AT, subject: s", `INFO {"a":${"[".repeat(900_000)}\r\n`, FORGED],
  mqtt: ["type: mqtt, url: mqtt://AT, topic: t", "", Buffer.from([0x20, 0xff, 0xff, 0xff, 0x7f, 0, 0])],
  http: ["type: http, url: http://AT", "", `HTTP/1.1 200 ${FORGED}\r\n\u0000: \r\n\r\n\n${FORGED}\n`],
};

async function serve(
  first: string | Buffer,
  then: string | Buffer,
): Promise<{ server: Server; port: number }> {
  const server = createServer((socket: Socket) => {
    socket.on("error", () => {});
    socket.write(first);
    socket.on("data", () => socket.write(then));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return { server, port: address.port };
}

const attack: Attack = {
  aim: "lie",
  tries: "receivers that answer arrays in arrays, broken frames, and alerts of their own",
  isQuick: true,
  async run(target) {
    const servers: Server[] = [];
    const sinks: string[] = [];
    for (const [name, [settings, first, then]] of Object.entries(RECEIVERS)) {
      const { server, port } = await serve(first, then);
      servers.push(server);
      const at = `127.0.0.1:${port}`;
      sinks.push(
        `  - {name: ${name}, timeout: 1s, ${
          settings.replace(/(\w+:\/\/)?AT/, (_, scheme = "") => `"${scheme}${at}"`)
        }}`,
      );
    }
    try {
      const marked = await startMarked(target, `log_level: debug\nsinks:\n${sinks.join("\n")}\n`);
      const { falco, alert, stop, remove } = marked;
      try {
        let worstMs = 0;
        for (let number = 1; number <= ALERTS; number++) worstMs = Math.max(worstMs, await alert(number));
        for (const name of Object.keys(RECEIVERS)) {
          const isTold = (line: string) => line.includes(`output ${name}: `);
          await falco.logged((log) => log.some(isTold), 20_000);
        }
        const megabytes = residentMb(falco.pid);
        await stop();
        assert.ok(megabytes < MAX_MB, `${megabytes} MB`);
        const strange = falco.alerts.filter(({ rule }) => rule !== "Marked");
        assert.deepEqual(strange, []);
        assert.ok(!falco.log.some((line) => /unexpected failure/.test(line)), falco.log.join("\n"));
        return `${ALERTS} of ${ALERTS} alerts, the latest after ${Math.round(worstMs)} ms, ${
          Math.round(megabytes)
        } MB, none forged`;
      } finally {
        remove();
      }
    } finally {
      for (const server of servers) server.close();
    }
  },
};

export default attack;
