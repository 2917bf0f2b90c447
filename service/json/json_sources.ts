// The sources of JSON events of a run: they begin after the engine of system calls, follow reloads, and end before it.
// In: the run, which source gets its events from where. Out: alerts in the run's outputs, counters by source.
// Elsewhere: the plan (config/json_sources.ts), one source (json_source.ts), inputs (json_inputs.ts).

import { messageOf } from "../../base/mod.ts";
import type { EventSources, JsonInputPlan } from "../../config/mod.ts";
import { JsonComplaints } from "./json_complaints.ts";
import { type RunningInput, startInput } from "./json_inputs.ts";
import { JsonSource } from "./json_source.ts";
import type { Component, RunState } from "../run/run_state.ts";

/** What of the run is needed. */
export type JsonSourcesRun = Pick<
  RunState,
  "engine" | "output" | "log" | "raise" | "faults" | "rules" | "stop" | "sources"
>;

/** A port may be taken by the run before, a certificate may come later. */
const RETRY_MS = 10_000;

interface Running {
  readonly plan: JsonInputPlan;
  readonly input: RunningInput;
}

export class JsonSources implements Component {
  readonly #run: JsonSourcesRun;
  readonly #sources = new Map<string, JsonSource>();
  readonly #complaints = new Map<string, JsonComplaints>();
  #inputs: Running[] = [];
  #plans: readonly JsonInputPlan[] = [];
  /** number of the rules that evaluate */
  #generation = 0;
  #isClosed = false;
  #finite: Promise<void> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  private constructor(run: JsonSourcesRun) {
    this.#run = run;
  }

  /** Resolves when requests can come and files are being read. */
  static async start(run: JsonSourcesRun): Promise<JsonSources> {
    const all = new JsonSources(run);
    try {
      await all.#configure();
    } catch (error) {
      await all.close();
      throw error;
    }
    return all;
  }

  /** What waits is evaluated by the rules before; inputs that are the same go on. */
  async reloaded(): Promise<void> {
    await this.#configure();
  }

  /** What has been received is evaluated. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#retry);
    await Promise.all(this.#inputs.map(({ input }) => input.stop()));
    await Promise.all([...this.#sources.values()].map((source) => source.drained()));
  }

  /** As `sources.NAME.COUNTER`. */
  counters(): Readonly<Record<string, bigint>> {
    const entries = [...this.#sources.values()].flatMap((source) =>
      Object.entries(source.counters())
        .map(([counter, value]) => [`sources.${source.name}.${counter}`, value] as const)
    );
    return Object.fromEntries(entries);
  }

  async #configure(): Promise<void> {
    const { sources, rules, engine } = this.#run;
    const keys = new Set(sources.inputs.map(keyOf));
    for (const plan of this.#plans) {
      if (!keys.has(keyOf(plan))) this.#run.faults.clear(`source ${keyOf(plan)}`);
    }
    this.#plans = sources.inputs;
    const gone = this.#inputs.filter(({ plan }) => !keys.has(keyOf(plan)));
    await Promise.all(gone.map(({ input }) => input.stop()));
    this.#inputs = this.#inputs.filter((running) => !gone.includes(running));
    await Promise.all([...this.#sources.values()].map((source) => source.drained()));
    this.#generation = engine.generation;
    for (const [name, source] of this.#sources) source.put(rules.others.get(name));
    await this.#openAll();
    this.#watchEnds(sources);
  }

  async #open(plan: JsonInputPlan): Promise<void> {
    if (this.#inputs.some((running) => keyOf(running.plan) === keyOf(plan))) return;
    const { log } = this.#run;
    const source = this.#sourceOf(plan);
    const about = `source ${keyOf(plan)}`;
    let input: RunningInput;
    try {
      input = await startInput(plan, source, this.#complaintsOf(plan.source));
    } catch (error) {
      const text = `Cannot open the event source ${plan.source}: ${messageOf(error)}`;
      // without it there is nothing to read to the end
      if (isFinite(this.#run.sources)) throw new Error(text, { cause: error });
      const again = `trying again every ${RETRY_MS / 1000} s`;
      this.#run.faults.show(new Map([[about, { kind: "source", text: `${text}; ${again}` }]]));
      this.#retryLater();
      return;
    }
    this.#run.faults.clear(about);
    this.#inputs.push({ plan, input });
    log("info", `events of the source ${plan.source} come from ${input.where}`);
    input.ended?.then(
      () => this.#isClosed || log("info", `source ${plan.source}: ${input.where} has been read to its end`),
      (error) => log("error", `source ${plan.source}: cannot read on: ${messageOf(error)}`),
    );
  }

  #retryLater(): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#openAll(), RETRY_MS);
    Deno.unrefTimer(this.#retry);
  }

  /** What does not run yet. */
  async #openAll(): Promise<void> {
    for (const plan of this.#isClosed ? [] : this.#run.sources.inputs) await this.#open(plan);
  }

  #sourceOf(plan: JsonInputPlan): JsonSource {
    let source = this.#sources.get(plan.source);
    if (source === undefined) {
      const { output, rules } = this.#run;
      source = new JsonSource({
        name: plan.source,
        isAudit: plan.format === "k8s_audit",
        limits: plan,
        onAlert: (alert) => output.take(alert, this.#generation),
        onFailure: (reason) => this.#complaintsOf(plan.source).setAside(reason),
        ...(isFinite(this.#run.sources) ? { settled: () => output.settled() } : {}),
      });
      source.put(rules.others.get(plan.source));
      this.#sources.set(plan.source, source);
    }
    return source;
  }

  #complaintsOf(source: string): JsonComplaints {
    let complaints = this.#complaints.get(source);
    if (complaints === undefined) {
      const { log } = this.#run;
      complaints = new JsonComplaints(source, log, (alert) => this.#run.raise(alert));
      this.#complaints.set(source, complaints);
    }
    return complaints;
  }

  /** When every input has an end and system calls are not watched, the run ends with the last of them. */
  #watchEnds(sources: EventSources): void {
    if (!isFinite(sources) || this.#finite !== undefined) return;
    const { stop } = this.#run;
    this.#finite = Promise.all(this.#inputs.map(({ input }) => input.ended))
      .then(async () => {
        await Promise.all([...this.#sources.values()].map((source) => source.drained()));
        if (!this.#isClosed) stop.request({ why: "all events have been read", exitCode: 0 });
      })
      .catch((error) => {
        stop.request({ why: `an event source has failed: ${messageOf(error)}`, exitCode: 1 });
      });
  }
}

/** Whether the run ends by itself: alerts can then wait until they are written, and none needs to be dropped. */
export function isFinite({ syscall, inputs }: EventSources): boolean {
  return !syscall && inputs.length > 0 &&
    inputs.every(({ input }) => input.kind === "file" || input.kind === "stdin");
}

function keyOf(plan: JsonInputPlan): string {
  return JSON.stringify(plan);
}
