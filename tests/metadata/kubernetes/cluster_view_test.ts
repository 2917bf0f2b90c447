// What is known of the pods of a node follows the API server, through all that can happen to lists and watches.

import assert from "node:assert/strict";
import { ClusterLab, PATHS, pod, POD_UID, populate } from "./cluster_lab.ts";
import { status } from "./fake_api.ts";

const ALL = [
  "Deployment web",
  "Namespace shop",
  "Pod web-7c-x2",
  "ReplicaSet web-7c",
  "Service all",
  "Service web",
];

function test(name: string, run: (lab: ClusterLab) => Promise<void>, token?: string): void {
  Deno.test(`kubernetes: ${name}`, async () => {
    const lab = new ClusterLab(token === undefined ? {} : { token });
    try {
      await run(lab);
    } finally {
      await lab.close();
    }
  });
}

/** A lab that knows everything and watches. */
async function settle(lab: ClusterLab): Promise<void> {
  populate(lab.api);
  lab.view.start();
  await lab.until(() => lab.names().length === ALL.length && lab.api.watching === 3, "all objects");
  assert.deepEqual(lab.names(), ALL);
}

test("only pods of this node and what they belong to are told, with references", async (lab) => {
  await settle(lab);
  const { refs, status } = lab.known().get(POD_UID)!;
  assert.deepEqual(refs!.resources, {
    Namespace: { list: ["ns-1"] },
    ReplicaSet: { list: ["rs-1"] },
    Deployment: { list: ["dep-1"] },
    Service: { list: ["svc-1", "svc-2"] },
  });
  assert.deepEqual(JSON.parse(status!), { podIP: "10.1.2.3" });
  const pods = lab.api.requests.filter(({ pathname }) => pathname === PATHS.pods);
  assert.ok(pods.every(({ searchParams }) => searchParams.get("fieldSelector") === "spec.nodeName=node-1"));
  const watch = pods.find(({ searchParams }) => searchParams.has("watch"))!;
  assert.equal(watch.searchParams.get("resourceVersion"), String(lab.api.version));
  assert.equal(watch.searchParams.get("allowWatchBookmarks"), "true");
  assert.deepEqual(lab.log.sort(), [
    "info kubernetes: namespaces are read from API",
    "info kubernetes: pods of node node-1 are read from API",
    "info kubernetes: services are read from API",
  ]);
});

test("changes come through a watch; what is needed no more is taken back", async (lab) => {
  await settle(lab);
  lab.api.put(PATHS.pods, pod("web-7c-x2", POD_UID, { labels: { app: "web" } }));
  await lab.until(() => !lab.names().includes("Service all"), "a service less");
  lab.api.put(PATHS.namespaces, { metadata: { name: "shop", uid: "ns-1", labels: { team: "b" } } });
  await lab.until(() => lab.known().get("ns-1")!.meta!.includes('"team":"b"'), "the label");
  lab.api.remove(POD_UID);
  await lab.until(() => lab.names().length === 0, "everything gone");
  assert.equal(lab.view.counters()["known"], 0);
});

test("pages are put together, also when the server forgets one of them", async (lab) => {
  for (let i = 0; i < 25; i++) lab.api.put(PATHS.pods, pod(`p${i}`, `uid-${i}`));
  lab.api.pageSize = 10;
  lab.api.expiredPages = 1;
  lab.view.start();
  await lab.until(() => lab.names().filter((name) => name.startsWith("Pod")).length === 25, "25 pods");
});

test("a watch goes on where the last one ended, and bookmarks move that on", async (lab) => {
  await settle(lab);
  lab.api.bookmark();
  const { version } = lab.api;
  await lab.until(() => lab.view.counters()["events"]! >= 3, "the bookmarks");
  const before = lab.view.counters()["lists"];
  lab.api.endWatches();
  lab.api.put(PATHS.pods, pod("missed", "uid-missed"));
  await lab.until(() => lab.names().includes("Pod missed"), "what was missed");
  assert.equal(lab.view.counters()["lists"], before);
  const again = lab.api.requests.slice(-3).filter(({ pathname }) => pathname === PATHS.pods);
  assert.equal(again[0]!.searchParams.get("resourceVersion"), String(version));
});

for (const how of ["status", "event"] as const) {
  test(`410 as ${how} leads to a new list, which also tells what has gone`, async (lab) => {
    await settle(lab);
    lab.api.put(PATHS.pods, pod("second", "uid-2"));
    await lab.until(() => lab.names().includes("Pod second"), "the second pod");
    const lists = lab.view.counters()["lists"]!;
    if (how === "event") {
      // what happens now is not told
      const object = { kind: "Status", code: 410, message: "too old resource version" };
      lab.api.send({ type: "ERROR", object });
      lab.api.endWatches();
    } else {
      lab.api.forgottenUpTo = 1_000_000;
      lab.api.endWatches();
    }
    lab.api.remove("uid-2");
    await lab.until(() => !lab.names().includes("Pod second"), "the removal");
    lab.api.forgottenUpTo = 0;
    await lab.until(() => lab.api.watching === 3, "watches");
    assert.ok(lab.view.counters()["lists"]! > lists);
    assert.ok(lab.view.counters()["expired"]! > 0);
    assert.ok(lab.log.every((line) => line.startsWith("info")), "it is nothing to warn of");
    assert.deepEqual(lab.names(), ALL);
  });
}

test("a token is read again: one that was replaced is told once and works again", async (lab) => {
  lab.api.token = "first";
  await settle(lab);
  lab.api.token = "second";
  lab.api.endWatches();
  await lab.until(() => lab.view.counters()["errors"]! >= 6, "refusals");
  Deno.writeTextFileSync(lab.tokenFile, "second\n");
  lab.api.put(PATHS.pods, pod("later", "uid-later"));
  await lab.until(() => lab.names().includes("Pod later") && lab.api.watching === 3, "the later pod");
  const warnings = lab.log.filter((line) => line.startsWith("warning") && !line.includes("owners"));
  assert.deepEqual(warnings.sort(), [
    "warning kubernetes: namespaces cannot be read from API: status 401: Unauthorized",
    "warning kubernetes: pods cannot be read from API: status 401: Unauthorized",
    "warning kubernetes: services cannot be read from API: status 401: Unauthorized",
  ]);
}, "first");

test("a reason that takes the place of another within moments is told, too", async (lab) => {
  await settle(lab);
  lab.api.faults.push(...Array.from({ length: 3 }, () => () => status(418, "first")));
  lab.api.token = "another";
  lab.api.endWatches();
  const ofPods = () => lab.log.filter((line) => line.startsWith("warning kubernetes: pods cannot"));
  await lab.until(() => ofPods().some((line) => line.includes("401")), "the reason that lasts");
  const errors = lab.view.counters()["errors"]!;
  await lab.until(() => lab.view.counters()["errors"]! > errors + 9, "the same again");
  assert.equal(ofPods().filter((line) => line.includes("401")).length, 1);
});

test("a server that was away and then warms up: each state is told once, also where nothing happens after it", async (lab) => {
  await settle(lab);
  let refusals = 0;
  lab.api.always = () => status(503, "apiserver is shutting down");
  lab.api.endWatches();
  await lab.until(() => lab.view.counters()["errors"]! >= 12, "requests in vain");
  lab.api.always = () => refusals++ < 6 ? status(403, "not yet") : undefined;
  const states = () => lab.log.filter((line) => !line.includes("owners"));
  await lab.until(() => lab.api.watching === 3 && states().length >= 9, "three lines of each state");
  const told = (level: string) => states().filter((line) => line.startsWith(level)).sort();
  assert.deepEqual(told("warning"), [
    "warning kubernetes: namespaces cannot be read from API: status 503: apiserver is shutting down",
    "warning kubernetes: pods cannot be read from API: status 503: apiserver is shutting down",
    "warning kubernetes: services cannot be read from API: status 503: apiserver is shutting down",
  ]);
  assert.equal(told("info").length, 6);
});

const BROKEN: Readonly<Record<string, () => Response>> = {
  "half an event": () => new Response('{"type":"ADDED","obj'),
  "no JSON": () => new Response("<html>\n"),
  "no event": () => new Response('{"type":"SOMETHING","object":{}}\n[]\n7\nnull\n'),
  "an event without end": () =>
    new Response(
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(120)) }),
    ),
  "an empty answer": () => new Response(""),
  "502": () => new Response("<html>\u001b[31mBad\r\nGateway", { status: 502 }),
};

for (const [what, answer] of Object.entries(BROKEN)) {
  test(`a watch that gives ${what} is begun again with pauses`, async (lab) => {
    populate(lab.api);
    let left = 6;
    lab.api.always = (_, url) => url.searchParams.has("watch") && left-- > 0 ? answer() : undefined;
    lab.view.start();
    await lab.until(() => lab.api.watching === 3, "watches");
    lab.api.put(PATHS.pods, pod("later", "uid-later"));
    await lab.until(
      () => lab.names().includes("Pod later") && lab.names().length === ALL.length + 1,
      "the later pod",
    );
    assert.ok(lab.log.every((line) => !/\p{Cc}/u.test(line)), "no control characters in the log");
    assert.ok(lab.api.requests.length < 60, `${lab.api.requests.length} requests`);
  });
}

test("objects of any content do no harm", async (lab) => {
  lab.api.always = (_, url) =>
    url.pathname === PATHS.pods && !url.searchParams.has("watch")
      ? Response.json({
        metadata: { resourceVersion: "7" },
        items: [
          null,
          7,
          { metadata: 7 },
          { metadata: { uid: "a", name: 7 } },
          pod("bad\n\u001b[31m", "uid-x", {
            labels: { "a\nb": "c\u0000d" },
            ownerReferences: [null, 7] as const,
          }),
          pod("loop", "uid-y", {
            ownerReferences: [{ kind: "../../secrets", name: "..", uid: "uid-y", controller: true }],
          }),
        ],
      })
      : undefined;
  lab.view.start();
  await lab.until(() => lab.names().length === 2, "two pods");
  assert.equal(lab.view.counters()["refused"], 4);
});

test("owners that may not be read have name and uid all the same", async (lab) => {
  lab.api.always = (_, url) => url.pathname.startsWith("/apis/") ? status(403, "forbidden") : undefined;
  populate(lab.api);
  lab.view.start();
  await lab.until(() => lab.names().includes("ReplicaSet web-7c"), "the replica set");
  assert.ok(!lab.names().includes("Deployment web"));
  await lab.until(() => lab.log.some((line) => line.includes("owners of pods cannot be read")), "a warning");
});

test("a pod that the kubelet has from a file is known by the uid of its cgroup", async (lab) => {
  const hash = "0123456789abcdef0123456789abcdef";
  lab.api.put(PATHS.pods, pod("etcd", "uid-1", { annotations: { "kubernetes.io/config.mirror": hash } }));
  lab.view.start();
  await lab.until(() => lab.known().has(hash), "the pod");
  lab.api.remove("uid-1");
  await lab.until(() => !lab.known().has(hash), "its removal");
});

test("a watch that fails twice at the same version leads to a new list", async (lab) => {
  populate(lab.api);
  const lists = () =>
    lab.api.requests.filter((url) => url.pathname === PATHS.pods && !url.searchParams.has("watch")).length;
  let failures = 0;
  lab.api.always = (_, url) => {
    const isWatch = url.pathname === PATHS.pods && url.searchParams.has("watch");
    return isWatch && failures++ < 2 ? status(500, "unable to decode") : undefined;
  };
  lab.view.start();
  await lab.until(() => lab.api.watching === 3, "all watches");
  assert.deepEqual([lists(), failures], [2, 3]);
});

test("answers of 40 MB, nested without end or of countless values, cost a bounded time and nobody else's facts", async (lab) => {
  const hostile: [string, RegExp][] = [
    [`{"items":${"[".repeat(7 << 20)}`, /nested deeper than 64 levels/],
    [`{"items":[${"{},".repeat(2 << 20)}`, /more than 400000 values/],
    [`{"items":[{"metadata":{"uid":"${"x".repeat(40 << 20)}`, /longer than 8 MiB/],
  ];
  await settle(lab);
  for (const [body, reason] of hostile) {
    const other = new ClusterLab();
    try {
      populate(other.api);
      other.api.always = (_, url) => url.pathname === PATHS.services ? new Response(body) : undefined;
      other.view.start();
      await other.until(() => other.log.some((line) => reason.test(line)), String(reason));
      await other.until(() => other.names().includes("Pod web-7c-x2"), "the pod");
    } finally {
      await other.close();
    }
  }
});

test("an event nested without end ends its watch only", async (lab) => {
  await settle(lab);
  lab.api.send(`{"type":"ADDED","object":${"[".repeat(3 << 20)}\n`);
  await lab.until(() => lab.log.some((line) => /nested deeper than 64 levels/.test(line)), "the reason");
  await lab.until(() => lab.api.watching === 3, "a new watch");
  assert.deepEqual(lab.names(), ALL);
});
