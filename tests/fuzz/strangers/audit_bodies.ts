// Clients of the audit webhook: bodies that an API server would not send, bodies as large as one may send, and
// connections that an honest client closes.

import { hostileJson, hostileText, mutate } from "../hostile_text.ts";
import type { Random } from "../random.ts";
import { Repeat, type Stranger, sum } from "../stranger.ts";

const MAX_OPEN = 200;
const LIMIT_MS = 10_000;
const HALF =
  'POST /k8s-audit HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 999999\r\n\r\n{"a":[';

export default {
  name: "audit bodies",
  prepare({ random, auditPort }) {
    const open: Deno.Conn[] = [];
    const closeOldest = () => {
      try {
        open.shift()?.close();
      } catch {
        // falco has closed it
      }
    };
    const act = async (): Promise<string> => {
      if (random.chance(0.2)) {
        // half a request, kept open; the oldest are closed so that this side does not run out
        const connection = await Deno.connect({ port: auditPort });
        open.push(connection);
        if (open.length > MAX_OPEN) closeOldest();
        await connection.write(
          new TextEncoder().encode(HALF),
        );
        return "half a request";
      }
      const isLarge = random.chance(0.03);
      const response = await fetch(`http://127.0.0.1:${auditPort}/k8s-audit`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: isLarge ? largeBody(random) : bodyOf(random),
        signal: AbortSignal.timeout(LIMIT_MS),
      });
      await response.body?.cancel();
      return `${isLarge ? "large, " : ""}status ${response.status}`;
    };
    const repeats = [act, act].map((one) => new Repeat(() => random.pick([5, 20, 100]), one));
    return {
      start: () => repeats.forEach((repeat) => repeat.start()),
      counts: () => sum(repeats.map((repeat) => repeat.counts())),
      stop: async () => {
        await Promise.all(repeats.map((repeat) => repeat.stop()));
        while (open.length > 0) closeOldest();
      },
    };
  },
} satisfies Stranger;

function bodyOf(random: Random): Uint8Array<ArrayBuffer> {
  const [count, bytes] = random.pick([[1, 10], [1, 300_000], [10, 20_000], [400, 100]] as const);
  const items = Array.from({ length: count }, () => eventOf(random, "x".repeat(bytes)));
  return hostileJson({ kind: "EventList", apiVersion: "audit.k8s.io/v1", items }, random);
}

/** Up to 10 MB, as an API server's largest batches. */
function largeBody(random: Random): string {
  const [count, bytes] = random.pick([[6, 1_500_000], [1, 9_000_000], [3000, 3000], [20_000, 10]] as const);
  const event = JSON.stringify(eventOf(random, "y".repeat(bytes)));
  return `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[${
    Array(count).fill(event).join(",")
  }]}`;
}

function eventOf(random: Random, big: string): unknown {
  const event = {
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "RequestResponse",
    auditID: random.hex(32),
    stage: "ResponseComplete",
    requestURI: "/api/v1/namespaces/default/pods",
    verb: random.pick(["create", "get", "delete", hostileText(random).slice(0, 200)]),
    user: { username: "admin", groups: ["system:masters"] },
    sourceIPs: ["10.0.0.1"],
    objectRef: { resource: "pods", namespace: "default", name: "p", apiVersion: "v1" },
    responseStatus: { code: 201 },
    requestObject: {
      kind: "Pod",
      metadata: { name: "p", annotations: { big } },
      spec: { containers: [{ name: "c", image: "i", securityContext: { privileged: true } }] },
    },
    requestReceivedTimestamp: "2026-01-02T03:04:05.000000Z",
    stageTimestamp: "2026-01-02T03:04:05.000000Z",
  };
  return random.chance(0.5) ? event : mutate(event, random, 0.05);
}
