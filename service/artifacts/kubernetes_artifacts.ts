// Rules and settings from objects of Falco's operator, for a falco that runs in a pod.
// In: settings, the run, the pod's account. Out: files in the folders that settings name, a reload for each change.
// Elsewhere: objects and files (operator/node/), the other half in the cluster (`falco operator`).

import { messageOf } from "../../base/mod.ts";
import { kubernetesConfig, loadSettings, type Settings } from "../../config/mod.ts";
import { ApiClient, type Timing } from "../../kube/mod.ts";
import { type ArtifactFile, NodeAgent, ociRules } from "../../operator/mod.ts";
import { folderCheck } from "../loading/artifact_rules.ts";
import type { RunPlan } from "../loading/plan_run.ts";
import { singleLine } from "../logging/log.ts";
import type { Component, RunState } from "../run/run_state.ts";

type Run = Pick<RunState, "log" | "settings" | "requestReload">;

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
  readonly #plan: () => RunPlan;
  readonly #place: Place;
  readonly #stop = new AbortController();
  #client: ApiClient | undefined;
  #agent: NodeAgent | undefined;
  #working: Promise<void> | undefined;

  private constructor(run: Run, plan: () => RunPlan, place: Place) {
    this.#run = run;
    this.#plan = plan;
    this.#place = place;
  }

  /** @param plan what a reload would load now */
  static start(run: Run, plan: () => RunPlan, place = IN_POD): KubernetesArtifacts {
    const artifacts = new KubernetesArtifacts(run, plan, place);
    if (run.settings["artifacts.kubernetes"]) artifacts.#open();
    return artifacts;
  }

  /** Other rules and settings may make good what was bad. */
  reloaded(): void {
    this.#agent?.checkAgain();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#agent?.close();
    await this.#working;
    this.#client?.close();
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
      oci: (spec, objects) => ociRules(spec, objects, namespace, this.#stop.signal),
      check: () => this.#check(),
      onChanged: (why) => void this.#run.requestReload(why),
      log: (text) => log("info", text),
      ...this.#place.timing === undefined ? {} : { timing: this.#place.timing },
    });
    this.#working = agent.run().catch((error) => log("error", `artifacts.kubernetes: ${messageOf(error)}`));
  }

  #check(): (files: readonly ArtifactFile[]) => ReadonlyMap<string, string> {
    const rulesCheck = folderCheck(this.#plan(), this.#place.folders.rules);
    return (files) => {
      const found = new Map(rulesCheck(files.filter(({ folder }) => folder === "rules")));
      for (const { name, bytes } of files.filter(({ folder }) => folder === "config")) {
        const [problem] = settingProblems(bytes);
        if (problem !== undefined) found.set(name, `${name}: ${problem}`);
      }
      return found;
    };
  }
}

/** By itself: what is wrong in a part of the settings is wrong in all of them. */
function settingProblems(bytes: Uint8Array): readonly string[] {
  const path = Deno.makeTempFileSync({ suffix: ".yaml" });
  try {
    Deno.writeFileSync(path, bytes);
    return loadSettings(path, []).problems.map((problem) => problem.replaceAll(`${path}:`, "").trim());
  } finally {
    Deno.removeSync(path);
  }
}
