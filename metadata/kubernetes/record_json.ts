// Facts as the records named `k8s` that Falco's plugin k8smeta leaves in captures, so that Falco reads our recordings
// and we its. In: facts and what they refer to. Out: JSON. Elsewhere: who reads it (assembly/state/parsers/kube_record.ts).

import type { KubeFacts, KubeKind } from "./kube_facts.ts";

/** uids of what a pod belongs to, by kind */
export type Refs = Partial<Record<KubeKind, readonly string[]>>;

export function recordJson(facts: KubeFacts, refs: Refs): string {
  const { kind, uid, name, namespace, labels, ip } = facts;
  const hasLabels = Object.keys(labels).length > 0;
  return JSON.stringify({
    reason: "Create",
    kind,
    uid,
    meta: JSON.stringify({
      name,
      uid,
      ...namespace === "" ? {} : { namespace },
      ...hasLabels ? { labels } : {},
    }),
    ...ip === "" ? {} : { status: JSON.stringify({ podIP: ip }) },
    ...kind === "Pod" ? { refs: { resources: listed(refs) } } : {},
  });
}

export function removalJson(kind: KubeKind, uid: string): string {
  return JSON.stringify({ reason: "Delete", kind, uid });
}

function listed(refs: Refs): Record<string, { list: readonly string[] }> {
  const some = Object.entries(refs).filter(([, uids]) => uids.length > 0);
  return Object.fromEntries(some.map(([kind, list]) => [kind, { list }]));
}
