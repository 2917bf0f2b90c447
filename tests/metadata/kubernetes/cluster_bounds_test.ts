// What an API server may have falco remember and work out: bounded in number, characters and work.

import assert from "node:assert/strict";
import { factsOf, type KubeFacts } from "../../../metadata/kubernetes/kube_facts.ts";
import { ObjectStore } from "../../../metadata/kubernetes/object_store.ts";
import { ServiceChoice } from "../../../metadata/kubernetes/service_choice.ts";

function facts(kind: "Pod" | "Service", name: string, labels: Record<string, string>): KubeFacts {
  const metadata = { name, uid: `uid-${name}`, namespace: "shop", labels };
  return factsOf(kind, { metadata, spec: { selector: labels } })!;
}

Deno.test("kubernetes: what is remembered of objects is bounded in characters; what is there is replaced", () => {
  const store = new ObjectStore(100_000);
  const labels = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`l${i}`, "v".repeat(4000)]));
  let kept = 0;
  for (let i = 0; i < 2000; i++) if (store.set(`${i}`, facts("Pod", `pod-${i}`, labels))) kept++;
  assert.ok(kept > 50 && kept < 200, `${kept} kept`);
  assert.equal(store.size, kept);
  assert.equal(store.set("0", facts("Pod", "pod-0", {})), true, "a smaller one in its place");
  for (const key of store.keys()) store.delete(key);
  assert.equal(store.set("new", facts("Pod", "new", labels)), true, "there is room again");
});

Deno.test("kubernetes: names and labels that no object can have are refused or left out", () => {
  const of = (metadata: object) => factsOf("Pod", { metadata: { name: "n", uid: "u", ...metadata } });
  for (const key of ["name", "uid", "namespace"]) assert.equal(of({ [key]: "x".repeat(1 << 20) }), undefined);
  const labels = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`l${i}`, "v".repeat(4000)]));
  assert.ok(Object.keys(of({ labels })!.labels).length < 20);
  const ownerReferences = [{ kind: "ReplicaSet", name: "x".repeat(1 << 20), uid: "u", controller: true }];
  assert.equal(of({ ownerReferences })!.controller, undefined);
});

Deno.test("kubernetes: a service is for the pods that its whole selector fits", () => {
  const services = new ServiceChoice([
    facts("Service", "web", { app: "web" }),
    facts("Service", "front", { app: "web", tier: "front" }),
    facts("Service", "back", { app: "web", tier: "back" }),
    facts("Service", "none", {}),
  ]);
  const chosen = services.for(facts("Pod", "pod", { tier: "front", app: "web" })).map(({ name }) => name);
  assert.deepEqual(chosen.sort(), ["front", "web"]);
});

Deno.test("kubernetes: services and pods that nearly all fit each other take bounded work", () => {
  let looks = 0;
  const watched = (labels: Record<string, string>) =>
    new Proxy(labels, { get: (of, key) => (looks++, Reflect.get(of, key)) });
  const nearly = (i: number) => facts("Service", `s${i}`, { app: "web", none: `${i}` });
  const services = new ServiceChoice(Array.from({ length: 10_000 }, (_, i) => nearly(i)));
  for (let i = 0; i < 4000; i++) {
    services.for({ ...facts("Pod", `p${i}`, {}), labels: watched({ app: "web" }) });
  }
  assert.ok(looks < 500_000, `${looks} looks at labels`);
});
