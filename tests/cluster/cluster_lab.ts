// A cluster as tests use it: objects applied, charts installed, alerts read, things awaited.
// In: the place of a cluster that runs. Out: answers of kubectl and helm, alerts as objects.
// Elsewhere: the cluster itself (scripts/cluster/), the tests (cases/).

import { stringify } from "yaml";
import { inside, insideOf, mustInside } from "../../scripts/cluster/host.ts";
import { type ClusterNode, NODE, type Place, SOCKET } from "../../scripts/cluster/place.ts";
import type { Part } from "../../scripts/cluster/parts.ts";
import { restartPart } from "../../scripts/cluster/processes.ts";
import { loadImage } from "../../scripts/cluster/up.ts";
import { must } from "../live/lab.ts";
import { PROJECT } from "../support/program.ts";

export interface Alert {
  readonly rule: string;
  readonly time: string;
  readonly hostname: string;
  readonly output: string;
  readonly output_fields: Readonly<Record<string, unknown>>;
}

export interface FalcoImage {
  readonly repository: string;
  readonly tag: string;
  readonly archive: string;
}

export const CHART = `${PROJECT}deploy/helm/falco`;
export const NAMESPACE = "falco";
export const SELECTOR = "app.kubernetes.io/name=falco";
const POLL_MS = 300;
const PATIENCE_MS = 120_000;

export class ClusterLab {
  constructor(readonly place: Place, readonly image: FalcoImage) {}

  async kubectl(...args: string[]): Promise<string> {
    return await mustInside(this.place, "kubectl", ...args);
  }

  async tryKubectl(...args: string[]): Promise<{ code: number; text: string }> {
    return await inside(this.place, "kubectl", ...args);
  }

  async apply(...objects: object[]): Promise<void> {
    await this.withFile(
      objects.map((object) => stringify(object)).join("---\n"),
      (file) => this.kubectl("apply", "-f", file),
    );
  }

  async delete(...args: string[]): Promise<void> {
    await this.tryKubectl("delete", "--ignore-not-found", "--force", "--grace-period=0", ...args);
  }

  /** Our chart with these values besides the image's; waits until its pods are ready. */
  async install(values: object = {}, chart = CHART): Promise<string> {
    const image = {
      image: { registry: "", repository: this.image.repository, tag: this.image.tag, pullPolicy: "Never" },
    };
    const said = await this.withFile(
      stringify({ ...image, ...values }),
      (file) => this.helm(...["upgrade", "--install", "falco", chart, "-f", file, "--create-namespace"]),
    );
    await this.isRolledOut();
    return said;
  }

  /** helm --wait is content with none of one pod of a DaemonSet, since one may be unavailable. */
  async isRolledOut(): Promise<void> {
    const kinds = ["get", "daemonsets,deployments", "-n", NAMESPACE, "-l", SELECTOR, "-o", "name"];
    for (const name of (await this.kubectl(...kinds)).trim().split("\n").filter((line) => line !== "")) {
      await this.kubectl("rollout", "status", "-n", NAMESPACE, name, "--timeout=120s");
    }
  }

  async uninstall(): Promise<void> {
    await inside(this.place, "helm", "uninstall", "falco", "-n", NAMESPACE, "--wait", "--timeout", "60s");
    await this.until(
      "no pods of the release",
      async () => !/^falco-/m.test(await this.kubectl("get", "pods", "-n", NAMESPACE, "--no-headers")),
    );
  }

  /** Nothing of a test any more, wherever it has ended. */
  async clear(): Promise<void> {
    await this.uninstall();
    await this.delete("deployments,jobs,pods", "--all", "-n", "default");
  }

  async helm(...args: string[]): Promise<string> {
    return await mustInside(this.place, "helm", ...args, "-n", NAMESPACE);
  }

  async ctr(...args: string[]): Promise<string> {
    return await mustInside(this.place, "ctr", "-a", SOCKET, ...args);
  }

  async restart(part: Part, awayMs: number): Promise<void> {
    await restartPart(this.place, part, awayMs);
  }

  /** Standard output and error of falco's pods. */
  async log(selector = SELECTOR): Promise<string[]> {
    const { text } = await this.tryKubectl(
      ...["logs", "-n", NAMESPACE, "-l", selector, "-c", "falco", "--tail=-1"],
    );
    return text.split("\n");
  }

  async alerts(rule: string, selector?: string): Promise<Alert[]> {
    return alertsIn(await this.log(selector), rule);
  }

  /** Of one pod. */
  async alertsOf(rule: string, pod: string): Promise<Alert[]> {
    const { text } = await this.tryKubectl("logs", "-n", NAMESPACE, pod, "-c", "falco", "--tail=-1");
    return alertsIn(text.split("\n"), rule);
  }

  /** falco's image, for pods of another node. */
  async loadOn(node: ClusterNode): Promise<void> {
    await loadImage(this.place, this.image.archive, node);
  }

  /** falco in its pod. */
  async falco(...args: string[]): Promise<{ code: number; text: string }> {
    return await this.tryKubectl("exec", "-n", NAMESPACE, "ds/falco", "-c", "falco", "--", "falco", ...args);
  }

  async health(): Promise<{ status: string; problems: string[] }> {
    return JSON.parse(await this.#web("healthz"));
  }

  async metrics(): Promise<string> {
    return await this.#web("metrics");
  }

  /** Of the falco at this address. */
  async metricsOf(address: string): Promise<string> {
    return (await inside(this.place, "curl", "-s", "-m", "5", `http://${address}:8765/metrics`)).text;
  }

  /** A fact of falco's pod on the node that is a machine. */
  async falcosPod(fact: string): Promise<string> {
    const which = ["-l", SELECTOR, "--field-selector", `spec.nodeName=${NODE.name}`];
    const path = `jsonpath=${fact.replace("{", "{.items[0]")}`;
    return (await this.kubectl("get", "pods", "-n", NAMESPACE, ...which, "-o", path)).trim();
  }

  async #web(page: string): Promise<string> {
    const pod = await this.falcosPod("{.status.podIP}");
    return (await inside(this.place, "curl", "-s", "-m", "5", `http://${pod}:8765/${page}`)).text;
  }

  /** Commands as a person types them, in this folder. */
  async shell(folder: string, script: string): Promise<void> {
    const environment = Object.entries(this.place.environment).map(([key, value]) => `${key}=${value}`);
    await must("env", ...environment, ...insideOf(this.place, folder), "sh", "-exc", script);
  }

  /** The same for one command that wants a terminal; how it ends does not matter. */
  async atTerminal(...command: readonly string[]): Promise<void> {
    const line = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    await inside(this.place, "script", "-qec", line, "/dev/null");
  }

  async until(
    what: string,
    isTrue: () => Promise<boolean> | boolean,
    patienceMs = PATIENCE_MS,
  ): Promise<number> {
    const startedMs = performance.now();
    while (!await isTrue()) {
      if (performance.now() - startedMs > patienceMs) throw new Error(`never came: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return performance.now() - startedMs;
  }

  /** A folder for as long as it is used. */
  async withFolder<T>(use: (path: string) => Promise<T>): Promise<T> {
    const path = await Deno.makeTempDir();
    try {
      return await use(path);
    } finally {
      await Deno.remove(path, { recursive: true });
    }
  }

  async withFile<T>(text: string, use: (path: string) => Promise<T>): Promise<T> {
    const path = await Deno.makeTempFile({ suffix: ".yaml" });
    try {
      await Deno.writeTextFile(path, text);
      return await use(path);
    } finally {
      await Deno.remove(path);
    }
  }
}

function alertsIn(lines: readonly string[], rule: string): Alert[] {
  return lines.filter((line) => line.startsWith("{")).flatMap((line) => {
    try {
      const alert: Alert = JSON.parse(line);
      return alert.rule === rule ? [alert] : [];
    } catch {
      // a line that is written at this moment
      return [];
    }
  });
}
