// Records about objects of Kubernetes: the fields k8smeta.* of threads in a pod's cgroup; records of any content do no
// harm.

import assert from "node:assert/strict";
import fc from "fast-check";
import { recordJson, removalJson } from "../../metadata/kubernetes/record_json.ts";
import { EVENT_CODE } from "../../schema/events.ts";
import { FIELDS } from "../../schema/fields.ts";
import { block, concat, event, i64, list, NONE, StateMatcher, text, u32, u64Params } from "./event_stream.ts";

const UID = "05869489-8c7f-45dc-9abd-1b1620787bb1";
const NOTHING = { ip: "", namespace: "", labels: {}, controller: undefined, selector: undefined };

/** As Falco's plugin writes them, which puts more into meta than we do. */
const RECORDS = [
  `{"kind":"Namespace","meta":"{\\"annotations\\":{},\\"labels\\":{\\"team\\":\\"a\\"},\\"name\\":\\"shop\\",\\"uid\\":\\"ns-1\\"}",` +
  `"reason":"Create","uid":"ns-1"}`,
  recordJson({ ...NOTHING, kind: "Deployment", uid: "dep-1", name: "web", labels: { "a/b": "1" } }, {}),
  recordJson({ ...NOTHING, kind: "ReplicaSet", uid: "rs-1", name: "web-7c" }, {}),
  recordJson({ ...NOTHING, kind: "Service", uid: "svc-1", name: "web", labels: { of: "web" } }, {}),
  recordJson({ ...NOTHING, kind: "Service", uid: "svc-2", name: "all", labels: { of: "all", x: "" } }, {}),
  recordJson(
    {
      ...NOTHING,
      kind: "Pod",
      uid: UID,
      name: 'web "1"\n',
      namespace: "shop",
      labels: { app: "web", tier: "é" },
      ip: "10.1.2.3",
    },
    {
      Namespace: ["ns-1"],
      Deployment: ["dep-1"],
      ReplicaSet: ["rs-1"],
      Service: ["svc-1", "svc-2", "svc-9"],
    },
  ),
];

function record(json: string): Uint8Array<ArrayBuffer> {
  return event({
    type: EVENT_CODE["ASYNCEVENT_E"]!,
    tid: -1,
    large: true,
    params: [u32(0), text("k8s"), text(json)],
  });
}

function clone(tid: number, cgroup: string): Uint8Array<ArrayBuffer> {
  return event({
    type: EVENT_CODE["CLONE_X"]!,
    tid,
    params: [
      ...[i64(0), text("p"), NONE, i64(tid), i64(tid), i64(1), text(""), i64(1024), ...u64Params(0, 0)],
      ...[u32(0), u32(0), u32(0), text("p"), list(`cpu=${cgroup}`), u32(0), u32(0), u32(0)],
      ...u64Params(tid, tid, 0),
    ],
  });
}

class Lab {
  readonly owner = new StateMatcher();
  readonly #argAt = this.owner.matcher.exports.allocate(256);

  /** Fields on the last of some events. */
  fields(
    events: readonly Uint8Array[],
    names: readonly string[],
  ): (string | readonly string[] | undefined)[] {
    let values: (string | readonly string[] | undefined)[] = [];
    this.owner.feed([clone(1000, "/"), ...events], () => values = names.map((name) => this.value(name)));
    return values;
  }

  value(name: string): string | readonly string[] | undefined {
    const [, plain = "", label] = /^([^[]+)(?:\[(.*)\])?$/.exec(name) ?? [];
    const call = this.owner.matcher.exports[plain.replaceAll(".", "_")] as (...args: bigint[]) => bigint;
    const view = BigInt.asUintN(64, label === undefined ? call() : call(this.#place(label)));
    if (view === 0n) return undefined;
    if (!FIELDS.find((field) => field.name === plain)!.list) return this.#text(view);
    const at = Number(view & 0xffffffffn);
    return Array.from(
      { length: this.owner.data.getUint32(at, true) },
      (_, i) => this.#text(this.owner.data.getBigUint64(at + 8 + 8 * i, true)),
    );
  }

  #text(view: bigint): string {
    const at = Number(view & 0xffffffffn);
    return new TextDecoder().decode(this.owner.bytes.slice(at, at + Number(view >> 32n)));
  }

  #place(arg: string): bigint {
    const bytes = new TextEncoder().encode(arg);
    this.owner.bytes.set(bytes, this.#argAt);
    return (BigInt(bytes.length) << 32n) | BigInt(this.#argAt);
  }
}

const EXPECTED: Readonly<Record<string, string | readonly string[] | undefined>> = {
  "k8smeta.pod.name": 'web "1"\n',
  "k8smeta.pod.uid": UID,
  "k8smeta.pod.label[tier]": "é",
  "k8smeta.pod.label[none]": undefined,
  "k8smeta.pod.labels": ["app:web", "tier:é"],
  "k8smeta.pod.ip": "10.1.2.3",
  "k8smeta.ns.name": "shop",
  "k8smeta.ns.uid": "ns-1",
  "k8smeta.ns.label[team]": "a",
  "k8smeta.ns.labels": ["team:a"],
  "k8smeta.deployment.name": "web",
  "k8smeta.deployment.uid": "dep-1",
  "k8smeta.deployment.label[a/b]": "1",
  "k8smeta.deployment.labels": ["a/b:1"],
  "k8smeta.rs.name": "web-7c",
  "k8smeta.rs.uid": "rs-1",
  "k8smeta.rs.label[x]": undefined,
  "k8smeta.rs.labels": undefined,
  "k8smeta.rc.name": undefined,
  "k8smeta.rc.uid": undefined,
  "k8smeta.rc.label[x]": undefined,
  "k8smeta.rc.labels": undefined,
  "k8smeta.svc.name": ["web", "all"],
  "k8smeta.svc.uid": ["svc-1", "svc-2", "svc-9"],
  "k8smeta.svc.label[of]": ["web", "all"],
  "k8smeta.svc.label[none]": undefined,
  "k8smeta.svc.labels": ["of:web", "of:all", "x:"],
};
const NAMES = Object.keys(EXPECTED);
const records = RECORDS.map(record);

for (
  const cgroup of [
    `/kubepods/besteffort/pod${UID}/691e0ffb65010b2b611f3a15b7f76c48466192e673e156f38bd2f8e25acd6bbc`,
    `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${
      UID.replaceAll("-", "_")
    }.slice/cri-containerd-x.scope`,
  ]
) {
  Deno.test(`all fields of a pod are known by its cgroup ${cgroup.slice(0, 16)}…`, () => {
    const values = new Lab().fields([...records, clone(7, cgroup)], NAMES);
    assert.deepEqual(Object.fromEntries(values.map((value, i) => [NAMES[i], value])), EXPECTED);
  });
}

Deno.test("every field of the class k8smeta is tried here", () => {
  const tried = new Set(NAMES.map((name) => name.replace(/\[.*/, "")));
  for (const field of FIELDS) if (field.class === "k8smeta") assert.ok(tried.has(field.name), field.name);
});

Deno.test("a pod that was started from a file is known by its hash, other cgroups by nothing", () => {
  const hash = "0123456789abcdef0123456789abcdef";
  const pod = record(recordJson({ ...NOTHING, kind: "Pod", uid: hash, name: "etcd" }, {}));
  const names = ["k8smeta.pod.name"];
  assert.deepEqual(new Lab().fields([pod, clone(7, `/kubepods/burstable/pod${hash}/x`)], names), ["etcd"]);
  for (
    const cgroup of ["/", `/pod${hash}0/x`, `/kubepods/pod${UID.slice(0, 35)}`, "/kubepods/podpodpod", "/pod"]
  ) {
    assert.deepEqual(new Lab().fields([...records, pod, clone(7, cgroup)], names), [undefined], cgroup);
  }
});

Deno.test("a later record replaces an object, a removal and a new capture forget it", () => {
  const lab = new Lab();
  const inPod = clone(7, `/kubepods/pod${UID}/x`);
  const renamed = record(recordJson({ ...NOTHING, kind: "Pod", uid: UID, name: "other" }, {}));
  assert.deepEqual(lab.fields([...records, renamed, inPod], ["k8smeta.pod.name", "k8smeta.rs.uid"]), [
    "other",
    undefined,
  ]);
  assert.equal(lab.owner.counter("KUBERNETES_OBJECTS"), RECORDS.length);
  assert.deepEqual(lab.fields([record(removalJson("Pod", UID)), inPod], ["k8smeta.pod.name"]), [undefined]);
  assert.equal(lab.owner.counter("KUBERNETES_OBJECTS"), RECORDS.length - 1);
  lab.owner.ingest(block(0x0a0d0d0a, concat([u32(0x1a2b3c4d), u32(1), i64(-1)])));
  assert.equal(lab.owner.counter("KUBERNETES_OBJECTS"), 0);
});

Deno.test("records beyond the bound are refused and counted, and what was kept leaves nothing behind", () => {
  const lab = new Lab();
  lab.fields([clone(8, "/")], []);
  const strings = lab.owner.counter("STRINGS");
  const pods = Array.from(
    { length: 17_000 },
    (_, i) => recordJson({ ...NOTHING, kind: "Pod", uid: `uid-${i}`, name: `pod-${i}` }, {}),
  );
  lab.fields(pods.map(record), []);
  assert.equal(lab.owner.counter("KUBERNETES_OBJECTS"), 16_384);
  assert.equal(lab.owner.counter("KUBERNETES_REFUSED"), 17_000 - 16_384);
  lab.fields(pods.map((_, i) => record(removalJson("Pod", `uid-${i}`))), []);
  assert.equal(lab.owner.counter("KUBERNETES_OBJECTS"), 0);
  assert.equal(lab.owner.counter("STRINGS"), strings);
});

Deno.test("records of any content do no harm", () => {
  const lab = new Lab();
  const json = fc.oneof(
    fc.json(),
    fc.string(),
    fc.tuple(fc.constantFrom(...RECORDS), fc.nat(300), fc.string()).map(([good, at, junk]) =>
      good.slice(0, at) + junk + good.slice(at)
    ),
    fc.tuple(fc.json(), fc.json()).map(([meta, list]) =>
      JSON.stringify({
        reason: "Create",
        kind: "Pod",
        uid: UID,
        meta,
        status: list,
        refs: { resources: { Service: { list } } },
      })
    ),
  );
  fc.assert(
    fc.property(json, (content) => {
      lab.fields([record(content), clone(7, `/kubepods/pod${UID}/x`)], NAMES);
    }),
    { numRuns: 300 },
  );
  assert.deepEqual(lab.fields([...records, clone(7, `/kubepods/pod${UID}/x`)], ["k8smeta.pod.ip"]), [
    "10.1.2.3",
  ]);
});

Deno.test("records about names of hosts of any content do no harm", () => {
  const lab = new Lab();
  const good = '{"name": "a.example", "addresses": ["0a000001", "20010db8000000000000000000000001"]}';
  const json = fc.oneof(
    fc.json(),
    fc.tuple(fc.nat(good.length), fc.string()).map(([at, junk]) => good.slice(0, at) + junk + good.slice(at)),
    fc.tuple(fc.string(), fc.array(fc.string({ maxLength: 40 }))).map(([name, addresses]) =>
      JSON.stringify({ name, addresses })
    ),
  );
  const hostName = (content: string) =>
    event({
      type: EVENT_CODE["ASYNCEVENT_E"]!,
      tid: -1,
      large: true,
      params: [u32(0), text("hostname"), text(content)],
    });
  const before = lab.owner.counter("HEAP_BYTES");
  fc.assert(
    fc.property(json, (content) => {
      lab.fields([hostName(content), clone(7, "/")], []);
    }),
    { numRuns: 600 },
  );
  assert.ok(lab.owner.counter("HEAP_BYTES") - before < 1 << 20, "names are bounded");
});
