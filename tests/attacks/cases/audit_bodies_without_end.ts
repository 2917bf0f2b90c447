// Requests to the webhook for audit events that fill the memory: strings without an end, bombs, many at once.

import assert from "node:assert/strict";
import type { Attack } from "../attack.ts";
import { type Audited, canary, post, privilegedPod, residentMb, startAudited } from "../audited.ts";
import { run } from "../../live/lab.ts";

const CONNECTIONS = 60;
const MEGABYTES = 30;
const AMOUNTS = [String(CONNECTIONS), String(MEGABYTES)];
const MAX_RESIDENT_MB = 400;
const MAX_LATE_MS = 1000;
const FLOOD = new URL("../body_flood.ts", import.meta.url).pathname;

async function largest<T>(audited: Audited, during: Promise<T>): Promise<number> {
  let most = 0, isOver = false;
  during.finally(() => isOver = true);
  while (!isOver) {
    most = Math.max(most, residentMb(audited.falco.pid));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return most;
}

const attack: Attack = {
  aim: "starve",
  tries:
    `${CONNECTIONS} requests at once with strings and lists of ${MEGABYTES} MB without an end, and gzip bombs`,
  isQuick: false,
  async run(target) {
    const audited = await startAudited(target);
    try {
      const flooded = run("nice", "-n", "19", Deno.execPath(), "run", "-A", FLOOD, audited.url, ...AMOUNTS);
      const resident = largest(audited, flooded);
      let isOver = false, canaries = 0, worstMs = 0;
      flooded.finally(() => isOver = true);
      while (!isOver) worstMs = Math.max(worstMs, await canary(audited, canaries++));
      const mostMb = await resident;
      for (let tries = 0; await post(audited.url, JSON.stringify(privilegedPod("after"))) !== 200; tries++) {
        assert.ok(tries < 50, "events are not taken any more");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await audited.falco.alert("Create Privileged Pod");
      assert.ok(mostMb < MAX_RESIDENT_MB, `${mostMb} MB`);
      assert.ok(worstMs < MAX_LATE_MS, `an alert came after ${worstMs} ms`);
      return `${Math.round(mostMb)} MB at most, ${canaries} alerts meanwhile, the latest after ${
        Math.round(worstMs)
      } ms`;
    } finally {
      await audited.stop();
    }
  },
};

export default attack;
