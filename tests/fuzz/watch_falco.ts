// Whether a falco that strangers write to still works: it answers, its events come through in time, an open of a marked
// file raises an alert, its memory stays.
// In: a running falco, the port of its web server, a folder. Out: the worst of each figure.

import type { FalcoProcess } from "../live/falco_process.ts";

export const MARK_RULE = "Marked file opened";

export interface Figures {
  healthAnswers: number;
  healthSlowestMs: number;
  healthFailing: number;
  canarySlowestMs: number;
  canaryLongestSilenceMs: number;
  alerts: number;
  alertSlowestMs: number;
  peakResidentMiB: number;
}

const HEALTH_EVERY_MS = 250;
const MARK_EVERY_MS = 1000;
const ALERT_LIMIT_MS = 30_000;

export class FalcoWatch {
  readonly figures: Figures = {
    healthAnswers: 0,
    healthSlowestMs: 0,
    healthFailing: 0,
    canarySlowestMs: 0,
    canaryLongestSilenceMs: 0,
    alerts: 0,
    alertSlowestMs: 0,
    peakResidentMiB: 0,
  };
  /** what /healthz said when it failed, each once */
  readonly problems = new Set<string>();
  #isStopped = false;
  readonly #done: Promise<unknown>;

  constructor(readonly falco: FalcoProcess, readonly port: number, readonly folder: string) {
    this.#done = Promise.all([this.#askHealth(), this.#openMarks()]);
    // seen by stop()
    this.#done.catch(() => {});
  }

  /** @throws when falco has not answered, or an alert has not come */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#done;
  }

  async #askHealth(): Promise<void> {
    const { figures } = this;
    while (!this.#isStopped) {
      const startMs = performance.now();
      const response = await fetch(`http://127.0.0.1:${this.port}/healthz`, {
        signal: AbortSignal.timeout(ALERT_LIMIT_MS),
      });
      const health = await response.json();
      const tookMs = performance.now() - startMs;
      figures.healthAnswers++;
      figures.healthSlowestMs = Math.max(figures.healthSlowestMs, tookMs);
      figures.canarySlowestMs = Math.max(figures.canarySlowestMs, health.events.latency_ms ?? 0);
      figures.canaryLongestSilenceMs = Math.max(figures.canaryLongestSilenceMs, health.events.silent_ms ?? 0);
      if (response.status !== 200) {
        figures.healthFailing++;
        this.problems.add(JSON.stringify(health.problems));
      }
      figures.peakResidentMiB = residentMiB(this.falco.pid, "VmHWM");
      await pause(HEALTH_EVERY_MS);
    }
  }

  async #openMarks(): Promise<void> {
    for (let number = 0; !this.#isStopped; number++) {
      const path = `${this.folder}/mark-${number}`;
      const startMs = performance.now();
      await new Deno.Command("cat", { args: [path], stdin: "null", stdout: "null", stderr: "null" }).output();
      const accept = ({ output }: { readonly output: string }) => output.includes(`${path} `);
      const alert = await this.falco.alert(MARK_RULE, accept, ALERT_LIMIT_MS);
      this.figures.alerts++;
      this.figures.alertSlowestMs = Math.max(this.figures.alertSlowestMs, alert.arrivedMs - startMs);
      // a long run must not hold all alerts
      this.falco.alerts.splice(0, this.falco.alerts.length - 100);
      this.falco.log.splice(0, this.falco.log.length - 1000);
      await pause(MARK_EVERY_MS);
    }
  }
}

export function residentMiB(pid: number, key: "VmRSS" | "VmHWM"): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(new RegExp(`^${key}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0) / 1024;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
