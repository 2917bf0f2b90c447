// Clients of the audit webhook: bodies that an API server would not send, and connections that an honest client closes.

import { hostileJson, hostileText, mutate } from "../hostile_text.ts";
import type { Random } from "../random.ts";
import { Repeat, type Stranger } from "../stranger.ts";

export default {
  name: "audit bodies",
  prepare({ random, auditPort }) {
    const chance = random.fork("audit");
    const open: Deno.Conn[] = [];
    const act = async (): Promise<string> => {
      if (chance.chance(0.2)) {
        // half a request, kept open; the oldest are closed so that this side does not run out
        const connection = await Deno.connect({ port: auditPort });
        open.push(connection);
        await connection.write(
          new TextEncoder().encode("POST /k8s-audit HTTP/1.1\r\ncontent-length: 999999\r\n"),
        );
        if (open.length > 200) open.shift()!.close();
        return "half a request";
      }
      const body = bodyOf(chance);
      const response = await fetch(`http://127.0.0.1:${auditPort}/k8s-audit`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal: AbortSignal.timeout(10_000),
      });
      await response.body?.cancel();
      return `status ${response.status}`;
    };
    const repeat = new Repeat(() => chance.pick([5, 20, 100]), act);
    return {
      settings: { auditPort },
      start: () => repeat.start(),
      counts: () => repeat.counts(),
      stop: async () => {
        await repeat.stop();
        for (const connection of open) connection.close();
      },
    };
  },
} satisfies Stranger;

function bodyOf(random: Random): Uint8Array<ArrayBuffer> {
  const items = Array.from({ length: random.pick([1, 1, 10, 400]) }, () => eventOf(random));
  return hostileJson({ kind: "EventList", apiVersion: "audit.k8s.io/v1", items }, random);
}

function eventOf(random: Random): unknown {
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
      metadata: { name: "p", annotations: { big: "x".repeat(random.pick([10, 1000, 300_000])) } },
      spec: { containers: [{ name: "c", image: "i", securityContext: { privileged: true } }] },
    },
    requestReceivedTimestamp: "2026-01-02T03:04:05.000000Z",
    stageTimestamp: "2026-01-02T03:04:05.000000Z",
  };
  return random.chance(0.5) ? event : mutate(event, random, 0.05);
}
