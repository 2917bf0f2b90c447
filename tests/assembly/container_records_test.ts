// What records tell about containers: the fields of threads in them and of the records themselves, kept, replaced and
// removed; records of any content do no harm.

import assert from "node:assert/strict";
import fc from "fast-check";
import { recordJson } from "../../metadata/kubernetes/record_json.ts";
import { EVENT_CODE } from "../../schema/events.ts";
import { block, concat, event, i64, list, NONE, StateMatcher, text, u32, u64Params } from "./event_stream.ts";

const ID = "0123456789ab";
const FULL_ID = ID.padEnd(64, "0");
const SANDBOX_ID = "fedcba987654".padEnd(64, "1");
const ASYNC = EVENT_CODE["ASYNCEVENT_E"]!;
const OLD_RECORD = 324;
const OLDEST_RECORD = 228;

const FACTS = {
  type: 11,
  id: ID,
  name: "web\t\u00e9\ud83d\udc33",
  image: "registry/web:1",
  imageid: "1111",
  imagerepo: "registry/web",
  imagetag: "1",
  imagedigest: "sha256:22",
  full_id: FULL_ID,
  ip: "10.1.2.3",
  cni_json: "",
  privileged: true,
  host_pid: false,
  host_network: true,
  host_ipc: false,
  pod_sandbox_id: SANDBOX_ID,
  labels: {
    zone: "a",
    app: "shop",
    empty: "",
    "io.kubernetes.pod.name": "shop-1",
    "annotation.x": "y",
    number: 7,
    app2: "b",
  },
  pod_sandbox_labels: null,
  port_mappings: [{ HostPort: 1 }],
  Mounts: [
    { Source: "/proc", Destination: "/hostproc", Mode: "z", RW: true, Propagation: "rprivate" },
    { Destination: "/etc/x", Source: "/srv/x" },
    7,
  ],
  env: ['A="}]{['],
};

function record(name: string, json: string, tid = -1): Uint8Array<ArrayBuffer> {
  return event({ type: ASYNC, tid, large: true, params: [u32(0), text(name), text(json)] });
}

const added = (facts: unknown) => record("container", JSON.stringify({ container: facts }));
const removed = (facts: unknown) => record("container_removed", JSON.stringify({ container: facts }));

/** A process in a container. */
function clone(tid: number, id = FULL_ID): Uint8Array<ArrayBuffer> {
  return event({
    type: EVENT_CODE["CLONE_X"]!,
    tid,
    params: [
      ...[i64(0), text("p"), NONE, i64(tid), i64(tid), i64(1), text(""), i64(1024), ...u64Params(0, 0)],
      ...[u32(0), u32(0), u32(0), text("p"), list(`cpu=/docker-${id}.scope`), u32(0), u32(0), u32(0)],
      ...u64Params(tid, tid, 0),
    ],
  });
}

class Lab {
  readonly owner = new StateMatcher();
  readonly #argAt: number;

  constructor() {
    this.#argAt = this.owner.matcher.exports.allocate(256);
    // records at the head of a capture are not shown to rules
    this.feed([clone(1000)]);
  }

  feed(events: readonly Uint8Array[], onLast: () => void = () => {}): void {
    let left = events.length;
    this.owner.onEvent = () => left === 0 && onLast();
    for (const bytes of events) {
      left--;
      assert.ok(this.owner.ingest(block(0x221, concat([new Uint8Array(2), bytes]))) > 0);
    }
    this.owner.onEvent = () => {};
  }

  /** Fields on the last of some events. */
  fields(events: readonly Uint8Array[], names: readonly string[]): (string | undefined)[] {
    let values: (string | undefined)[] = ["the event was not evaluated"];
    this.feed(events, () => values = names.map((name) => this.value(name)));
    return values;
  }

  value(name: string): string | undefined {
    const [, plain = "", arg] = /^([^[]+)(?:\[(.*)\])?$/.exec(name) ?? [];
    const field = plain.replaceAll(".", "_");
    const { exports } = this.owner.matcher;
    const call = (fn: string, ...args: (number | bigint)[]) =>
      (exports[fn] as (...args: (number | bigint)[]) => bigint)(...args);
    const result = arg === undefined
      ? call(field)
      : /^\d+$/.test(arg)
      ? call(field, Number(arg))
      : call(`${field}_named` in exports ? `${field}_named` : field, this.#place(arg));
    const view = BigInt.asUintN(64, result);
    if (result === -(1n << 63n) || view === 0n) return undefined;
    if (view === 1n) return "true";
    const at = Number(view & 0xffffffffn);
    return new TextDecoder().decode(this.owner.bytes.slice(at, at + Number(view >> 32n)));
  }

  #place(arg: string): bigint {
    const bytes = new TextEncoder().encode(arg);
    this.owner.bytes.set(bytes, this.#argAt);
    return (BigInt(bytes.length) << 32n) | BigInt(this.#argAt);
  }
}

const NAMES = [
  "container.id",
  "container.name",
  "container.type",
  "container.image.tag",
  "container.mount[1]",
];
const KNOWN = [ID, FACTS.name, "podman", "1", "/srv/x:/etc/x::false:"];

Deno.test("a process in a container has what a record said about it, before or after it was started", () => {
  for (const events of [[added(FACTS), clone(7)], [clone(7), added(FACTS), clone(7)]]) {
    assert.deepEqual(new Lab().fields(events, NAMES), KNOWN);
  }
});

Deno.test("before a record, after its removal and in another container only the id is known", () => {
  const unknown = [ID, undefined, undefined, undefined, undefined];
  assert.deepEqual(new Lab().fields([clone(7)], NAMES), unknown);
  const lab = new Lab();
  assert.deepEqual(lab.fields([added(FACTS), removed(FACTS)], NAMES), KNOWN, "the record itself");
  assert.deepEqual(lab.fields([clone(7)], NAMES), unknown);
  assert.deepEqual(lab.fields([added(FACTS), clone(8, "ab".repeat(32))], NAMES)[1], undefined);
});

Deno.test("a later record replaces what was known, and a new capture forgets it", () => {
  const lab = new Lab();
  const renamed = { ...FACTS, name: "other" };
  assert.equal(lab.fields([added(FACTS), added(renamed), clone(7)], ["container.name"])[0], "other");
  assert.equal(lab.owner.counter("CONTAINERS"), 1);
  lab.owner.ingest(block(0x0a0d0d0a, concat([u32(0x1a2b3c4d), u32(1), i64(-1)])));
  assert.equal(lab.owner.counter("CONTAINERS"), 0);
  assert.equal(lab.fields([clone(7)], ["container.name"])[0], undefined);
});

Deno.test("labels are sorted, without those of Kubernetes and annotations; one can be asked for", () => {
  const names = [
    "container.labels",
    "container.label[app]",
    "container.label[no]",
    "container.label[number]",
  ];
  assert.deepEqual(new Lab().fields([added(FACTS), clone(7)], names), [
    "app:shop, app2:b, empty, zone:a",
    "shop",
    undefined,
    undefined,
  ]);
  assert.equal(new Lab().fields([added(FACTS), clone(7)], ["k8s.pod.name"])[0], "shop-1");
});

Deno.test("what a container does not know of its pod, the pod's sandbox does", () => {
  const sandbox = {
    id: SANDBOX_ID.slice(0, 12),
    ip: "10.9.9.9",
    cni_json: '{"a":1}',
    is_pod_sandbox: true,
    pod_sandbox_labels: { team: "x" },
  };
  const names = [
    "k8s.pod.ip",
    "k8s.pod.cni.json",
    "k8s.pod.labels",
    "k8s.pod.label[team]",
    "k8s.pod.sandbox_id",
  ];
  const own = { ...FACTS, pod_sandbox_labels: { team: "own" } };
  assert.deepEqual(new Lab().fields([added(sandbox), added(own), clone(7)], names), [
    ...["10.9.9.9", '{"a":1}', "team:x", "x", sandbox.id],
  ]);
  assert.deepEqual(new Lab().fields([added(own), clone(7)], names), [
    ...[undefined, undefined, "team:own", "own", sandbox.id],
  ]);
});

Deno.test("labels of a pod are those that the API server has now, when it is asked", () => {
  const uid = "05869489-8c7f-45dc-9abd-1b1620787bb1";
  const facts = {
    ...FACTS,
    labels: { ...FACTS.labels, "io.kubernetes.pod.uid": uid },
    pod_sandbox_labels: { team: "old", gone: "x" },
  };
  const pod = record(
    "k8s",
    recordJson({
      kind: "Pod",
      uid,
      name: "shop-1",
      namespace: "prod",
      labels: { team: "new", "io.kubernetes.x": "y" },
      ip: "",
      controller: undefined,
      selector: undefined,
    }, {}),
  );
  const names = ["k8s.pod.labels", "k8s.pod.label[team]", "k8s.pod.label[gone]"];
  assert.deepEqual(new Lab().fields([added(facts), clone(7)], names), ["gone:x, team:old", "old", "x"]);
  assert.deepEqual(new Lab().fields([added(facts), pod, clone(7)], names), ["team:new", "new", undefined]);
});

Deno.test("a mount is found by an expression for its source or its destination", () => {
  const cases: [string, string | undefined][] = [
    ["container.mount.dest[0]", "/hostproc"],
    ["container.mount.dest[2]", undefined],
    ["container.mount.dest[/proc*]", "/hostproc"],
    ["container.mount.dest[/pr.c$]", "/hostproc"],
    ["container.mount.dest[^/srv]", "/etc/x"],
    ["container.mount.dest[^srv]", undefined],
    ["container.mount.dest[/s[a-z]+/x?$]", "/etc/x"],
    ["container.mount.dest[*x]", "/etc/x"],
    ["container.mount.dest[/root]", undefined],
    ["container.mount.source[/hostproc]", "/proc"],
    ["container.mount.source[/etc]", "/srv/x"],
    ["container.mount.rdwr[/proc]", "true"],
    ["container.mount.mode[/proc]", "z"],
    ["container.mount.propagation[/srv/x]", ""],
    ["container.mounts", "/proc:/hostproc:z:true:rprivate,/srv/x:/etc/x::false:"],
  ];
  const values = new Lab().fields([added(FACTS), clone(7)], cases.map(([name]) => name));
  cases.forEach(([name, expected], at) => assert.equal(values[at], expected, name));
});

Deno.test("records of old captures tell the same", () => {
  const json = text(JSON.stringify({ container: FACTS }));
  const old = event({ type: OLD_RECORD, tid: -1, large: true, params: [json] });
  assert.deepEqual(new Lab().fields([old, clone(7)], NAMES), KNOWN);
  const oldest = event({
    type: OLDEST_RECORD,
    tid: -1,
    params: [text(ID), u32(0), text("web"), text("img:1")],
  });
  const lab = new Lab();
  lab.owner.ingest(block(0x216, concat([new Uint8Array(2), oldest])));
  const names = ["container.name", "container.image", "container.type"];
  assert.deepEqual(lab.fields([clone(7)], names), ["web", "img:1", "docker"]);
});

Deno.test("outside of containers the facts are those of the host", () => {
  const host = clone(7, "x");
  assert.deepEqual(
    new Lab().fields([host], ["container.id", "container.name", "container.type", "container.image"]),
    [
      ...["host", "host", "host", ""],
    ],
  );
});

Deno.test("messages of others change nothing, records that cannot be read are counted", () => {
  const lab = new Lab();
  const json = JSON.stringify({ container: FACTS });
  lab.feed([record("another", json)]);
  assert.equal(lab.owner.counter("CONTAINERS_REFUSED"), 0);
  const broken = [
    "",
    "{",
    "[]",
    "7",
    json.slice(0, -3),
    json.replaceAll(":", ""),
    '{"container":7}',
    '{"x":{}}',
    // every control character where a value is expected: reading must go on or give up, never stand still
    ...Array.from({ length: 31 }, (_, i) => String.fromCharCode(i + 1))
      .filter((char) => !"\t\n\r ".includes(char))
      .map((char) => `{"container":{"id":"${ID}","env":[${char}]}}`),
  ];
  for (const bad of broken) lab.feed([record("container", bad)]);
  assert.equal(lab.owner.counter("CONTAINERS_REFUSED"), broken.length);
  assert.equal(lab.owner.counter("CONTAINERS"), 0);
  lab.feed([event({ type: ASYNC, tid: -1, large: true, params: [] })]);
});

Deno.test("records of any content do no harm, and leave no memory after", () => {
  const lab = new Lab();
  const json = JSON.stringify({ container: FACTS });
  const value = fc.oneof(
    fc.json({ maxDepth: 4 }),
    fc.constantFrom("[".repeat(50_000), '{"a":'.repeat(20_000), '"\\u', '"\\ud83d\\u0"', '"\\', "-", "tru"),
  );
  const facts = fc.constantFrom(...Object.keys(FACTS)).chain((key) =>
    value.map((text) => `{"container":{"${key}":${text},"id":"${ID}"}}`)
  );
  const mutated = fc.tuple(fc.nat(json.length), fc.nat(json.length), fc.string()).map(([from, to, text]) =>
    json.slice(0, from) + text + json.slice(Math.max(from, to))
  );
  const names = [
    ...NAMES,
    "container.mounts",
    "container.labels",
    "container.mount.dest[/*]",
    "k8s.pod.labels",
  ];
  lab.feed([added(FACTS), removed(FACTS)]);
  lab.feed([clone(7)]);
  const strings = lab.owner.counter("STRINGS");
  fc.assert(
    fc.property(fc.oneof(facts, mutated), (text) => {
      lab.fields([record("container", text)], names);
      lab.fields([clone(7)], names);
      lab.feed([removed({ id: ID }), clone(7)]);
    }),
    { numRuns: 400 },
  );
  const left = lab.owner.counter("CONTAINERS");
  assert.ok(
    lab.owner.counter("STRINGS") <= strings + 15 * left,
    "strings of removed containers are given back",
  );
});

Deno.test("the number of containers, labels and mounts is bounded, and what has to go is counted", () => {
  const lab = new Lab();
  const many = Array.from({ length: 5000 }, (_, i) => [`l${i}`, "v"]);
  const mounts = Array.from({ length: 3000 }, (_, i) => ({ Source: `/s${i}`, Destination: `/d${i}` }));
  lab.feed([added({ ...FACTS, labels: Object.fromEntries(many), Mounts: mounts })]);
  assert.deepEqual(lab.fields([clone(7)], ["container.mount.dest[1023]", "container.mount.dest[1024]"]), [
    "/d1023",
    undefined,
  ]);
  for (let i = 0; i < 16_400; i++) {
    lab.feed([added({ id: `c${i}` })]);
  }
  assert.equal(lab.owner.counter("CONTAINERS"), 16_401 - 1024);
  assert.equal(lab.owner.counter("CONTAINERS_EVICTED"), 1024);
  assert.equal(lab.owner.counter("CONTAINERS_REFUSED"), 0);
});
