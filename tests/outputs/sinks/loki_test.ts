import { deepEqual, equal, match } from "node:assert/strict";
import { LokiSink } from "../../../outputs/sinks/loki.ts";
import { HttpReceiver, status } from "./http_receiver.ts";
import { deliver, failure, HTTP_DEFAULTS, message, messages, outcome, TIME_NS } from "./network_messages.ts";
import { freePort } from "./server_process.ts";
import { SilentServer } from "./silent_server.ts";

function sinkOf(url: string, more: Partial<ConstructorParameters<typeof LokiSink>[1]> = {}): LokiSink {
  return new LokiSink("loki", { ...HTTP_DEFAULTS, url, tenant: "", labels: {}, ...more });
}

Deno.test("Loki: a stream for each set of labels, which are few; time in nanoseconds, the line is the body", async () => {
  await using loki = new HttpReceiver();
  const sink = sinkOf(`${loki.url}/`, { tenant: "team", labels: { job: "falco" } });
  const batch = [message(1), message(2, "other", { rule: "Other rule" }), message(3, 'l"ine\n3')];
  await deliver(sink, batch);
  await sink.close();
  equal(loki.last.path, "/loki/api/v1/push");
  deepEqual(
    [loki.last.headers.get("content-type"), loki.last.headers.get("x-scope-orgid")],
    ["application/json", "team"],
  );
  const labels = { job: "falco", priority: "Warning", source: "syscall", hostname: "host-1" };
  deepEqual(JSON.parse(loki.last.body), {
    streams: [
      {
        stream: { ...labels, rule: "Shell in a container" },
        values: [[String(TIME_NS + 1n), "body 1"], [String(TIME_NS + 3n), 'l"ine\n3']],
      },
      { stream: { ...labels, rule: "Other rule" }, values: [[String(TIME_NS + 2n), "other"]] },
    ],
  });
});

Deno.test("HTTP sinks: an address with a path is kept; user and password, or a token, are sent", async () => {
  await using loki = new HttpReceiver();
  await deliver(sinkOf(`${loki.url}/gateway/push`, { user: "falco", password: "pässword" }), [message(1)]);
  equal(loki.last.path, "/gateway/push");
  const [scheme, encoded = ""] = (loki.last.headers.get("authorization") ?? "").split(" ");
  const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
  deepEqual([scheme, new TextDecoder().decode(bytes)], ["Basic", "falco:pässword"]);
  await deliver(sinkOf(loki.url, { token: "abc", headers: { "x-own": "1" } }), [message(1)]);
  deepEqual(
    [loki.last.headers.get("authorization"), loki.last.headers.get("x-own")],
    ["Bearer abc", "1"],
  );
});

Deno.test("HTTP sinks: what speaks of the body is final, everything else passes; Retry-After is heeded", async () => {
  await using loki = new HttpReceiver();
  const sink = sinkOf(loki.url);
  for (const code of [400, 413, 422]) {
    loki.answer = status(code, "entry out of order");
    const error = await failure(deliver(sink, messages(1, 2)));
    deepEqual(outcome(error), { retryable: false, cause: `status_${code}`, delivered: [], refused: [] });
    match(
      error.message,
      /^Loki at http:\/\/127\.0\.0\.1:\d+\/loki\/api\/v1\/push: status \d+ .*entry out of order$/,
    );
  }
  for (const code of [302, 401, 404, 408, 500, 502, 503]) {
    loki.answer = status(code);
    deepEqual([(await failure(deliver(sink, messages(1, 2)))).details.retryable, code], [true, code]);
  }
  loki.answer = status(429, "slow down", { "retry-after": "7" });
  equal((await failure(deliver(sink, messages(1, 2)))).details.retryAfterMs, 7000);
  loki.answer = status(503, "", { "retry-after": new Date(Date.now() + 60_000).toUTCString() });
  const later = (await failure(deliver(sink, messages(1, 2)))).details.retryAfterMs ?? 0;
  equal(later > 50_000 && later <= 60_000, true);
  loki.answer = status(204);
  await deliver(sink, messages(1, 2));
  await sink.close();
});

Deno.test("HTTP sinks: what a receiver says cannot break a line of the log, and a redirect shows no secret", async () => {
  await using loki = new HttpReceiver(status(500, "a\nb\u001b[31mc" + "x".repeat(5000)));
  const sink = sinkOf(loki.url);
  const { message: text } = await failure(deliver(sink, [message(1)]));
  match(text, /: a b \[31mcx+…$/);
  equal(text.length < 600, true);
  loki.answer = status(307, "", { location: "https://user:secret@other.example/x?key=secret" });
  const redirected = await failure(deliver(sink, [message(1)]));
  match(redirected.message, /redirects to https:\/\/other\.example\/x, which is not followed/);
  const unreachable = sinkOf(`http://127.0.0.1:${freePort()}/push?key=secret`);
  equal((await failure(deliver(unreachable, [message(1)]))).message.includes("secret"), false);
  equal(loki.requests.length, 2);
  await sink.close();
});

Deno.test("HTTP sinks: nobody listens, nobody answers, an answer without an end: errors that pass, in time", async () => {
  equal(
    (await failure(deliver(sinkOf(`http://127.0.0.1:${freePort()}`), [message(1)]))).details.cause,
    "refused",
  );
  using silent = new SilentServer();
  const error = await failure(
    deliver(sinkOf(`http://127.0.0.1:${silent.port}`, { timeout: 200 }), [message(1)]),
  );
  deepEqual([error.details.retryable, error.details.cause], [true, "timeout"]);
  const endless = () => {
    const chunk = new Uint8Array(1 << 20);
    return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }));
  };
  await using loki = new HttpReceiver(endless);
  equal((await failure(deliver(sinkOf(loki.url), [message(1)]))).details.cause, "bad_answer");
});
