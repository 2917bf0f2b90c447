// Rules and settings from objects of Falco's operator, for a falco that runs in a pod.
// In: settings, the run, the pod's account. Out: files in the folders that settings name, a reload for each change.
// Elsewhere: objects and files (operator/node/), what falco would take (service/loading/), the other half in the cluster
// (`falco operator`).

import { dirname } from "node:path";
import { messageOf } from "../../base/mod.ts";
import { kubernetesConfig, type Settings } from "../../config/mod.ts";
import { ApiClient, type Timing } from "../../kube/mod.ts";
import { type ArtifactFile, NodeAgent, ociRules } from "../../operator/mod.ts";
import { artifactTools } from "../loading/artifact_settings.ts";
import type { Loading } from "../loading/loading_jobs.ts";
import { singleLine } from "../logging/log.ts";
import { signatureOf } from "../reload/reload_paths.ts";
import type { Component, RunState } from "../run/run_state.ts";

type Run = Pick<RunState, "files" | "log" | "settings" | "requestReload">;

export interface Place {
  readonly folders: Readonly<Record<ArtifactFile["folder"], string>>;
  readonly namespaceFile: string;
  readonly timing?: Partial<Timing>;
}

const IN_POD: Place = {
  folders: { rules: "/etc/falco/rules.d", config: "/etc/falco/config.d" },
  namespaceFile: "/var/run/secrets/kubernetes.io/serviceaccount/namespace",
};

export class KubernetesArtifacts implements Component {
  readonly #run: Run;
  readonly #loading: Loading;
  readonly #place: Place;
  #stop = new AbortController();
  /** settings about registries, as they were when something was fetched */
  #trusted = "";
  #client: ApiClient | undefined;
  #agent: NodeAgent | undefined;
  #working: Promise<void> | undefined;

  private constructor(run: Run, loading: Loading, place: Place) {
    this.#run = run;
    this.#loading = loading;
    this.#place = place;
  }

  static start(run: Run, loading: Loading, place = IN_POD): KubernetesArtifacts {
    const artifacts = new KubernetesArtifacts(run, loading, place);
    if (run.settings["artifacts.kubernetes"]) artifacts.#open();
    return artifacts;
  }

  /** Other rules and settings may make good what was bad. */
  async reloaded(): Promise<void> {
    const { settings } = this.#run;
    if (settings["artifacts.kubernetes"] !== (this.#agent !== undefined)) {
      await this.#end();
      if (settings["artifacts.kubernetes"]) this.#open();
      return;
    }
    const trusted = trustOf(settings);
    if (trusted !== this.#trusted) this.#agent?.forgetFetched();
    this.#trusted = trusted;
    this.#agent?.checkAgain();
  }

  reloadRefused(reason: string): void {
    this.#agent?.reloadRefused(reason);
  }

  async close(): Promise<void> {
    await this.#end();
  }

  /** What is in place stays: it counts as any other file. */
  async #end(): Promise<void> {
    this.#stop.abort();
    this.#agent?.close();
    await this.#working;
    this.#client?.close();
    this.#agent = this.#client = this.#working = undefined;
    this.#stop = new AbortController();
  }

  #open(): void {
    const { settings } = this.#run;
    const log = singleLine(this.#run.log);
    const asking: Settings = { ...settings, "metadata.kubernetes.enabled": true };
    const config = kubernetesConfig(asking, (name) => Deno.env.get(name), () => Deno.hostname());
    let namespace = "";
    try {
      namespace = Deno.readTextFileSync(this.#place.namespaceFile).trim();
    } catch {
      // told below
    }
    if (config === undefined || "problem" in config || namespace === "") {
      const problem = config !== undefined && "problem" in config
        ? config.problem
        : "this is no pod with an account";
      return log("warning", `artifacts.kubernetes: ${problem}`);
    }
    const client = this.#client = new ApiClient(config);
    const agent = this.#agent = new NodeAgent({
      client,
      namespace,
      nodeName: config.nodeName,
      folders: this.#place.folders,
      oci: async (spec, objects, signal) => {
        const tools = await artifactTools(this.#run.settings, () => {}, { signal });
        return await ociRules(spec, objects, namespace, tools, signal);
      },
      examine: (files, signal) =>
        this.#loading.do<"examine">({ what: "examine", files, folders: this.#place.folders }, signal),
      basis: () => this.#basis(),
      onChanged: (why) => this.#run.requestReload(why),
      log: (text, level = "info") => log(level, text),
      ...this.#place.timing === undefined ? {} : { timing: this.#place.timing },
    });
    this.#working = agent.run().catch((error) => log("error", `artifacts.kubernetes: ${messageOf(error)}`));
  }

  /** Settings, and rules of others than the agent. */
  async #basis(): Promise<string> {
    const { settings, files } = this.#run;
    const own = Object.values(this.#place.folders);
    const others = files?.rules.filter((path) => !own.includes(dirname(path))) ?? [];
    return JSON.stringify(settings) + await signatureOf({ files: others, folders: [] });
  }
}

function trustOf(settings: Settings): string {
  return JSON.stringify([
    settings["artifacts.registries"],
    settings["artifacts.signatures"],
    settings["artifacts.trusted_root"],
    settings["artifacts.allow_unverified"],
  ]);
}
