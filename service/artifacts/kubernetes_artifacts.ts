// Rules and settings from objects of Falco's operator, for a falco that runs in a pod.
// In: settings, the run, the pod's account. Out: files in the folders that settings name, a reload for each change.
// Elsewhere: objects and files (operator/node/), the other half in the cluster (`falco operator`).

import { messageOf } from "../../base/mod.ts";
import { kubernetesConfig, loadSettings, type Settings } from "../../config/mod.ts";
import { ApiClient, type Timing } from "../../kube/mod.ts";
import { type ArtifactFile, type BadFile, type FilesCheck, NodeAgent, ociRules } from "../../operator/mod.ts";
import { folderCheck } from "../loading/artifact_rules.ts";
import { artifactTools } from "../loading/artifact_settings.ts";
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
  #stop = new AbortController();
  /** settings about registries, as they were when something was fetched */
  #trusted = "";
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
      oci: async (spec, objects) => {
        const { signal } = this.#stop;
        const tools = await artifactTools(this.#run.settings, this.#plan, { signal });
        return await ociRules(spec, objects, namespace, tools, signal);
      },
      check: () => this.#check(),
      onChanged: (why) => this.#run.requestReload(why),
      log: (text, level = "info") => log(level, text),
      ...this.#place.timing === undefined ? {} : { timing: this.#place.timing },
    });
    this.#working = agent.run().catch((error) => log("error", `artifacts.kubernetes: ${messageOf(error)}`));
  }

  #check(): FilesCheck {
    const rules = folderCheck(this.#plan(), this.#place.folders.rules);
    const kind = this.#run.settings["engine.kind"];
    const check: FilesCheck["check"] = (files) => {
      const found = new Map<string, BadFile>(rules.check(files.filter(({ folder }) => folder === "rules")));
      for (const { name, bytes } of files.filter(({ folder }) => folder === "config")) {
        const [problem] = settingProblems(bytes, kind);
        if (problem !== undefined) found.set(name, { reason: `${name}: ${problem}` });
      }
      return found;
    };
    return { basis: `${kind} ${rules.basis}`, check };
  }
}

function trustOf(settings: Settings): string {
  return JSON.stringify([
    settings["artifacts.registries"],
    settings["artifacts.signatures"],
    settings["artifacts.allow_unverified"],
  ]);
}

/** By itself: what is wrong in a part of the settings is wrong in all of them. */
function settingProblems(bytes: Uint8Array, kind: Settings["engine.kind"]): readonly string[] {
  const path = Deno.makeTempFileSync({ suffix: ".yaml" });
  try {
    Deno.writeFileSync(path, bytes);
    const { settings, problems } = loadSettings(path, []);
    const texts = problems.map((problem) => problem.replaceAll(`${path}:`, "").trim());
    const usual = loadSettings(undefined, []).settings;
    // as long as it is there, every reload would be refused, and the next pod would begin without it
    if (settings["engine.kind"] !== usual["engine.kind"] && settings["engine.kind"] !== kind) {
      texts.push(
        `engine.kind: ${
          settings["engine.kind"]
        } cannot take effect: falco runs with ${kind}, and a reload does not change ` +
          "that; it follows from the type of the Falco object",
      );
    }
    return texts;
  } finally {
    Deno.removeSync(path);
  }
}
