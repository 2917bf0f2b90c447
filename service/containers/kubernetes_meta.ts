// What the API server of Kubernetes says about the pods of this node, on its way into the matcher.
// In: settings, the run. Out: records outside the stream of events.
// Elsewhere: asking (metadata/kubernetes/), what the matcher does with records (assembly/state/parsers/kube_record.ts).

import { type KubernetesConfig, kubernetesConfig, type Settings } from "../../config/mod.ts";
import type { EngineFace } from "../../engine/mod.ts";
import { ApiClient } from "../../kube/mod.ts";
import { ClusterView } from "../../metadata/kubernetes/mod.ts";
import { asyncEvent } from "../../scap/mod.ts";
import { singleLine } from "../logging/log.ts";
import type { Component, RunState } from "../run/run_state.ts";

type Run = Pick<RunState, "engine" | "settings" | "log">;

export class KubernetesMeta implements Component {
  #run: Run | undefined;
  #config = "";
  #client: ApiClient | undefined;
  #view: ClusterView | undefined;
  /** the engine that has been told everything */
  #told: EngineFace | undefined;

  /** Begins to ask, when the settings say so. */
  startComponent(run: Run): Component {
    this.#run = run;
    this.#told = run.engine;
    this.#open(run);
    return this;
  }

  reloaded(): void {
    const run = this.#run!;
    const isOther = run.engine !== this.#told;
    this.#told = run.engine;
    if (JSON.stringify(configOf(run.settings) ?? null) !== this.#config) {
      this.#view?.withdraw();
      this.#close();
      this.#open(run);
    } else if (isOther) {
      this.#view?.repeat();
    }
  }

  close(): void {
    this.#close();
  }

  counters(): Record<string, bigint> {
    const counts = Object.entries(this.#view?.counters() ?? {});
    return Object.fromEntries(counts.map(([name, value]) => [`kubernetes.${name}`, BigInt(value)]));
  }

  #open(run: Run): void {
    const config = configOf(run.settings);
    this.#config = JSON.stringify(config ?? null);
    if (config === undefined) return;
    if ("problem" in config) {
      run.log("warning", `kubernetes: ${config.problem}; fields k8smeta.* have no value`);
      return;
    }
    this.#client = new ApiClient(config);
    this.#view = new ClusterView({
      client: this.#client,
      nodeName: config.nodeName,
      log: singleLine(run.log),
      onRecord: (json) => this.#told?.inject(asyncEvent("k8s", json, BigInt(Date.now()) * 1_000_000n)),
    });
    this.#view.start();
  }

  #close(): void {
    this.#view?.close();
    this.#client?.close();
    this.#view = undefined;
    this.#client = undefined;
  }
}

function configOf(settings: Settings): KubernetesConfig | { readonly problem: string } | undefined {
  return kubernetesConfig(settings, (name) => Deno.env.get(name), () => Deno.hostname());
}
