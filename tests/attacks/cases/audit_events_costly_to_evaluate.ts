// Audit events made so that looking into them takes long, and a body in chunks of one byte.

import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { canary, post, privilegedPod, residentMb, startAudited } from "../audited.ts";

const RULE = "Create Privileged Pod";
const MAX_MB = 900;

/** Values of what is in the first place of an event, so that every field has to pass it. */
const COSTLY: Readonly<Record<string, () => string>> = {
  "2.6 million containers": () => `"requestObject":{"spec":{"containers":[${list("{}", 2_600_000)}]}}`,
  "350,000 containers": () => `"requestObject":{"spec":{"containers":[${list('{"image":"a"}', 345_000)}]}}`,
  "keys that are almost auditID": () => list('"\\u0061uditIE":1', 500_000),
  "keys with escapes": () => list('"auditI\\u00e4":1', 500_000),
  "arrays in arrays": () =>
    `"requestObject":{"spec":{"containers":[${list("[".repeat(250) + "]".repeat(250), 4000)}]}}`,
  "millions of parameters": () => `"requestURI":"/x?${"a&".repeat(3_500_000)}"`,
  "blanks": () => `"a":1${" ".repeat(7_500_000)}`,
  "numbers": () => `"a":[${list("1", 1_000_000)}]`,
};

function list(part: string, count: number): string {
  return new Array(count).fill(part).join(",");
}

const attack: Attack = {
  aim: "blind",
  tries: "audit events of a million values, keys and parameters, and a body in chunks of one byte",
  isQuick: true,
  async run(target) {
    const audited = await startAudited(target);
    const { falco, url, stop } = audited;
    try {
      let number = 0, worstMs = 0;
      const rest = JSON.stringify(privilegedPod("costly")).slice(1);
      for (const [what, make] of Object.entries(COSTLY)) {
        const answered = post(url, `{${make()},${rest}`);
        worstMs = Math.max(worstMs, await canary(audited, ++number));
        const status = await answered;
        assert.ok(status === 200 || status === 400, `${what}: ${status}`);
      }
      const { hostname, port, pathname } = new URL(url);
      using connection = await Deno.connect({ hostname, port: Number(port) });
      const head = `POST ${pathname} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
      const crumbs = new TextEncoder().encode(
        `${head}Transfer-Encoding: chunked\r\n\r\n${"1\r\n[\r\n".repeat(1_000_000)}`,
      );
      const sent = (async () => {
        for (let at = 0; at < crumbs.length;) at += await connection.write(crumbs.subarray(at));
      })().catch(() => {});
      for (let i = 0; i < 5; i++) worstMs = Math.max(worstMs, await canary(audited, ++number));
      await sent;
      const residentAfterMb = residentMb(falco.pid);
      assert.ok(residentAfterMb < MAX_MB, `${residentAfterMb} MB`);
      assert.equal(await post(url, JSON.stringify(privilegedPod("after"))), 200);
      await falco.alert(RULE, ({ output }) => output.includes("pod=after"), 20_000);
      return `latest alert after ${Math.round(worstMs)} ms, ${Math.round(residentAfterMb)} MB`;
    } finally {
      await stop();
    }
  },
};

export default attack;
