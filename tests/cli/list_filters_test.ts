// `falco list filters`: what a falco that runs has left out is told by its own metrics, if it can be asked.

import { deepEqual, equal, match } from "node:assert/strict";
import { askCounts } from "../../cli/list/filter_counts.ts";
import { listFilters } from "../../cli/list/list_filters.ts";
import { defaultSettings } from "../../config/settings.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { prometheusText } from "../../service/metrics/prometheus_text.ts";
import { ownMetrics } from "../../service/metrics/own_metrics.ts";
import { sampleFacts } from "../service/sample_facts.ts";

const COUNTS = new Map([["openat", { seen: 1400, passed: 500, dropped: 900 }]]);
const PAGE = { width: 110, colour: false };

function loaded() {
  return loadRules([makeSource(
    "r.yaml",
    "- rule: r\n  desc: d\n  condition: evt.type = open and fd.name = /a/b\n  output: o\n  priority: info\n",
  )]);
}

function settingsFor(port: number) {
  return {
    ...defaultSettings(),
    "webserver.enabled": true,
    "webserver.listen_port": port,
    "webserver.prometheus_metrics_enabled": true,
    "metrics.enabled": true,
  };
}

Deno.test("the falco that runs with these settings is asked, and its answer understood", async () => {
  const text = prometheusText(ownMetrics(sampleFacts({ source: { left_out_openat: 900n } })));
  const asked: string[] = [];
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    asked.push(new URL(request.url).pathname);
    return new Response(text);
  });
  deepEqual(await askCounts(settingsFor(server.addr.port)), COUNTS);
  deepEqual(asked, ["/metrics"]);
});

Deno.test("none that answers, or that is not asked: no counts, and no mistake", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  equal(await askCounts(settingsFor(port)), undefined);
  equal(await askCounts({ ...settingsFor(port), "webserver.enabled": false }), undefined);
});

Deno.test("somebody else who listens there gets no token, leads nowhere, and is not read without end", async () => {
  const asked: string[] = [];
  const chunk = new Uint8Array(1 << 20).fill(0x23);
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, ({ url }) => {
    asked.push(new URL(url).pathname);
    if (asked.length === 1) return Response.redirect(new URL("/other", url));
    return new Response(new ReadableStream({ pull: (controller) => controller.enqueue(chunk) }));
  });
  const settings = settingsFor(server.addr.port);
  equal(await askCounts({ ...settings, "webserver.bearer_token_file": "/etc/hostname" }), undefined);
  deepEqual(asked, []);
  equal(await askCounts(settings), undefined);
  equal(await askCounts(settings), undefined);
  deepEqual(asked, ["/metrics", "/metrics"]);
});

Deno.test("counts are shown below the filters, and in JSON with the events they are about", () => {
  const request = { patterns: [], json: false, page: PAGE, loaded };
  match(listFilters({ ...request, counts: COUNTS }), /\n  +openat +1400 seen +500 reported +900 left out$/);
  equal(listFilters(request).includes("seen"), false);
  const rows = JSON.parse(listFilters({ ...request, json: true, counts: COUNTS }));
  const [opens, closes] = rows;
  deepEqual(opens.counts, { openat: { seen: 1400, passed: 500, dropped: 900 } });
  deepEqual(closes.counts, {});
});
