// Which services are for a pod: those of its namespace whose selector it fits.
// In: the services of a cluster, then pods. Out: services, at most so many of each pod, in bounded work: a cluster has
// thousands of both, and one that lies may have selectors that nearly fit everywhere.

import type { KubeFacts } from "./kube_facts.ts";

const MAX_OF_A_POD = 64;
/** Comparisons of labels for all pods together; some ten milliseconds. */
const MAX_COMPARISONS = 200_000;

export class ServiceChoice {
  /** by namespace and the first label that they ask for */
  readonly #services = new Map<string, [service: KubeFacts, selector: readonly [string, string][]][]>();
  #left = MAX_COMPARISONS;

  constructor(services: Iterable<KubeFacts>) {
    for (const service of services) {
      const selector = Object.entries(service.selector ?? {});
      const [first] = selector;
      if (first === undefined) continue;
      const key = keyOf(service.namespace, ...first);
      const same = this.#services.get(key);
      if (same === undefined) this.#services.set(key, [[service, selector]]);
      else same.push([service, selector]);
    }
  }

  for(pod: KubeFacts): KubeFacts[] {
    const chosen: KubeFacts[] = [];
    for (const [name, value] of Object.entries(pod.labels)) {
      this.#left--;
      for (const [service, selector] of this.#services.get(keyOf(pod.namespace, name, value)) ?? []) {
        this.#left -= selector.length;
        if (this.#left < 0 || chosen.length >= MAX_OF_A_POD) return chosen;
        if (selector.every(([key, wanted]) => pod.labels[key] === wanted)) chosen.push(service);
      }
    }
    return chosen;
  }
}

function keyOf(namespace: string, name: string, value: string): string {
  return `${namespace}\n${name}\n${value}`;
}
