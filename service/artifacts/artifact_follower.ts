// Artifacts of the settings, installed and followed while falco runs: monitoring waits for no registry.
// In: settings, the run. Out: a reload for each artifact that has come, a fault for each that cannot be had.
// Elsewhere: installing (artifacts/), which rules are loaded from them (service/loading/artifact_files.ts).

import { Follower, type Outcome, scheduleOf } from "../../artifacts/mod.ts";
import { messageOf } from "../../base/mod.ts";
import type { Settings } from "../../config/mod.ts";
import { artifactTools } from "../loading/artifact_settings.ts";
import type { Loading } from "../loading/loading_jobs.ts";
import type { Component, RunState } from "../run/run_state.ts";

type Run = Pick<RunState, "faults" | "log" | "settings" | "requestReload">;

export class ArtifactFollower implements Component {
  readonly #run: Run;
  readonly #loading: Loading;
  #config = "";
  #stop = new AbortController();
  #follower: Follower | undefined;
  /** what has a fault */
  readonly #failing = new Set<string>();

  private constructor(run: Run, loading: Loading) {
    this.#run = run;
    this.#loading = loading;
  }

  static start(run: Run, loading: Loading): ArtifactFollower {
    const follower = new ArtifactFollower(run, loading);
    follower.#open();
    return follower;
  }

  reloaded(): void {
    if (configOf(this.#run.settings) === this.#config) return;
    this.close();
    this.#open();
  }

  close(): void {
    this.#stop.abort();
    this.#follower?.close();
    this.#follower = undefined;
    for (const asked of this.#failing) this.#run.faults.clear(aboutOf(asked));
    this.#failing.clear();
  }

  #open(): void {
    const { settings, log } = this.#run;
    this.#config = configOf(settings);
    this.#stop = new AbortController();
    const install = settings["artifacts.install"], follow = settings["artifacts.follow"];
    if (install.length + follow.length === 0) return;
    void this.#work(install, follow, this.#stop.signal)
      .catch((error) => log("error", `artifacts: ${messageOf(error)}`));
  }

  async #work(install: readonly string[], follow: readonly string[], signal: AbortSignal): Promise<void> {
    const { settings } = this.#run;
    let installer;
    try {
      ({ installer } = await artifactTools(
        settings,
        (files) => this.#loading.do<"accept">({ what: "accept", files }, signal),
        { signal },
      ));
    } catch (error) {
      // a key that cannot be read: nothing is installed without it
      return this.#fail("settings", messageOf(error));
    }
    if (signal.aborted) return;
    this.#follower = new Follower({
      installer,
      install,
      follow,
      schedule: scheduleOf(settings["artifacts.follow_every"], settings["artifacts.follow_cron"]),
      onOutcomes: (outcomes) => this.#take(outcomes),
    });
    await this.#follower.run();
  }

  #take(outcomes: readonly Outcome[]): void {
    const { log, requestReload } = {
      log: this.#run.log,
      requestReload: this.#run.requestReload.bind(this.#run),
    };
    const fresh: string[] = [];
    for (const { asked, result, installed, error } of outcomes) {
      if (result === "failed") {
        this.#fail(asked, error!.message);
        continue;
      }
      if (this.#failing.delete(asked)) this.#run.faults.clear(aboutOf(asked));
      if (result === "unchanged") continue;
      const { name, version, digest, signedBy, type } = installed!;
      const signed = signedBy === "" ? "" : `, signed by ${signedBy}`;
      log("info", `artifact ${name} ${version} is installed (${digest}${signed})`);
      if (type === "plugin") {
        log("warning", `artifact ${name} is a plugin: it is a file, and falco does not load it`);
      } else fresh.push(`${name} ${version}`);
    }
    if (fresh.length > 0) requestReload(`artifacts have come: ${fresh.join(", ")}`);
  }

  #fail(asked: string, reason: string): void {
    this.#failing.add(asked);
    const text = `artifact ${asked}: ${reason}; what was loaded before stays`;
    this.#run.faults.show(new Map([[aboutOf(asked), { kind: "artifact" as const, text }]]));
  }
}

function aboutOf(asked: string): string {
  return `artifact ${asked}`;
}

function configOf(settings: Settings): string {
  return JSON.stringify(Object.entries(settings).filter(([key]) => key.startsWith("artifacts.")));
}
