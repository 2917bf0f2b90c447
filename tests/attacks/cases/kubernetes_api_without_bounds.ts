// An API server that answers without end: nesting, pages, watch lines, byte by byte; thousands of pods and services that
// nearly fit each other, with as many labels as they can have; redirects, and errors whose text would be lines of a log.

import assert from "node:assert/strict";
import { run } from "../../live/lab.ts";
import type { Attack } from "../attack.ts";
import { RulesFile } from "../rules_file.ts";
import { residentMb } from "../audited.ts";

const MARK = "attack-mark-k8d";
const RULE = `
- rule: Marked command
  desc: the command with the mark among its arguments
  condition: evt.type in (execve, execveat) and proc.name = true and proc.args contains ${MARK}
  output: "%proc.args"
  priority: WARNING
`;
const MODES = ["nested", "pages", "labels", "changes", "lines", "drip", "redirects", "errors"];
const EACH_MS = 6000;
/** Pages of eight megabytes are collected as garbage only now and then. */
const MAX_RESIDENT_MB = 450;
const MAX_LATE_MS = 1000;
const PAGE = 100;
const MANY = "x".repeat(1 << 16);
const FORGED = "\nMon Nov 30 02:00:00 2026: Emergency all is forged\r\u2028\u202eforged\u001b[31m";
const JSON_TYPE = { "content-type": "application/json" };

/** A body that goes on for ever. */
function endless(next: () => string, pauseMs = 0): Response {
  const encoder = new TextEncoder();
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    controller.enqueue(encoder.encode(next()));
  };
  return new Response(new ReadableStream({ pull }), { headers: JSON_TYPE });
}

const LABELS = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`label-${i}`, "v".repeat(100)]));
const LONG_LABELS = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`l${i}`, "v".repeat(4000)]));

function item(at: number, labels: Record<string, string>): unknown {
  const metadata = { name: `n${at}`, uid: `u-${at}`, namespace: "d", labels, resourceVersion: "1" };
  // each service asks for what all pods have, and for one thing that none has
  return { metadata, spec: { nodeName: "node-1", selector: { "label-0": "v".repeat(100), none: `${at}` } } };
}

function list(from: number, items: readonly unknown[], isLast: boolean): Response {
  const metadata = { resourceVersion: "7", ...isLast ? {} : { continue: String(from + items.length) } };
  return Response.json({ kind: "List", metadata, items });
}

class HostileApi {
  mode = "";
  #changes = 0;

  answer(request: Request): Response {
    const url = new URL(request.url);
    const from = Number(url.searchParams.get("continue") ?? 0);
    const isWatch = url.searchParams.has("watch");
    const offset = url.pathname.endsWith("pods") ? 0 : url.pathname.endsWith("services") ? 1e6 : 2e6;
    const page = (labels: Record<string, string>, size = PAGE) =>
      Array.from({ length: size }, (_, i) => item(offset + from + i, labels));
    const empty = () => isWatch ? endless(() => " ", 1000) : list(0, [], true);
    switch (this.mode) {
      case "nested":
        return isWatch ? endless(() => "[".repeat(1 << 20)) : new Response("[".repeat(40 << 20));
      case "pages":
        return isWatch ? empty() : list(from, page({}), false);
      case "labels":
        return isWatch ? empty() : list(from, page(from < 2000 ? LABELS : LONG_LABELS, 3), from > 12_000);
      case "lines":
        return isWatch ? endless(() => `{"type":"MODIFIED","object":{"a":"${MANY}"}}\n`) : empty();
      case "changes":
        return isWatch
          ? endless(() =>
            JSON.stringify({ type: "MODIFIED", object: item(offset + this.#changes++ % 16_000, LABELS) }) +
            "\n"
          )
          : empty();
      case "drip":
        return endless(() => " ", 1);
      case "redirects":
        return Response.redirect(`http://127.0.0.1:9${url.pathname}?${url.searchParams}`, 302);
      case "errors": {
        const error = { kind: "Status", code: 500, message: `${Math.random()}${FORGED}` };
        if (isWatch) return new Response(JSON.stringify({ type: "ERROR", object: error }) + "\n");
        return Math.random() < 0.5 ? list(0, [], true) : Response.json(error, { status: 500 });
      }
    }
    return empty();
  }
}

const attack: Attack = {
  aim: "starve",
  tries: `an API server of Kubernetes, ${EACH_MS / 1000} s each: ${MODES.join(", ")}`,
  isQuick: false,
  async run(target) {
    using rules = new RulesFile(RULE);
    const api = new HostileApi();
    const stop = new AbortController();
    const server = Deno.serve(
      {
        hostname: "127.0.0.1",
        port: 0,
        onListen: () => {},
        onError: () => new Response(),
        signal: stop.signal,
      },
      (request) => api.answer(request),
    );
    const figures: string[] = [];
    let turns = 0;
    try {
      for (const mode of MODES) {
        api.mode = mode;
        const falco = await target.start([
          ...["-r", rules.path, "-o", "engine.kind=modern_ebpf", "-o", "metadata.kubernetes.enabled=true"],
          ...["-o", `metadata.kubernetes.url=http://127.0.0.1:${server.addr.port}`],
          ...["-o", "metadata.kubernetes.node_name=node-1", "-o", "metadata.kubernetes.token_file="],
          ...["-o", "metadata.kubernetes.ca_file="],
        ]);
        let worstMs = 0, mostMb = 0;
        try {
          for (const endMs = performance.now() + EACH_MS; performance.now() < endMs;) {
            const mark = `${MARK}-${turns++}-`;
            await run("/bin/true", mark);
            const ranMs = performance.now();
            const alert = await falco.alert("Marked command", ({ output }) => output.includes(mark), 20_000);
            worstMs = Math.max(worstMs, alert.arrivedMs - ranMs);
            mostMb = Math.max(mostMb, residentMb(falco.pid));
            await new Promise((resolve) => setTimeout(resolve, 20));
          }
        } finally {
          await falco.stop();
        }
        figures.push(`${mode} ${Math.round(mostMb)} MB ${Math.round(worstMs)} ms`);
        assert.ok(mostMb < MAX_RESIDENT_MB, figures.join(", "));
        assert.ok(worstMs < MAX_LATE_MS, figures.join(", "));
        assert.ok(falco.log.length < 30, `${falco.log.length} lines of log`);
        const forged = falco.log.filter((line) =>
          /^\S+ \S+ \d+ [\d:]+ \d+: Emergency|[\p{Cc}\p{Cf}\u2028]/u.test(line)
        );
        assert.deepEqual(forged, []);
      }
      return figures.join(", ");
    } finally {
      stop.abort();
      await server.finished;
    }
  },
};

export default attack;
