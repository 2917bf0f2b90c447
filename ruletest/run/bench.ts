// One set of rules, loaded and compiled once, on which cases run one after the other: each begins with a new section, which
// forgets the state of the one before.
// In: rules files, what cases ask about. Out: alerts of each case.
// Elsewhere: the engine (engine/), what happens in a case (scenario/), whether that was expected (compare.ts).

import type { Alert } from "../../alerts/mod.ts";
import { BlockEngine, JsonEngine, MAX_EVENT_BYTES } from "../../engine/mod.ts";
import {
  type CheckedRule,
  type CompiledRules,
  compileRules,
  type LeafPlan,
  type LoadResult,
} from "../../rules/mod.ts";
import { readTrace } from "../../scap/mod.ts";
import { BatchReader, JSON_EXTRACTORS, jsonEventFinders } from "../../sources/json/mod.ts";
import { AUDIT_EXTRACTORS, AUDIT_FINDERS } from "../../sources/k8s_audit/mod.ts";
import { type Audience, Scene } from "../scenario/scene.ts";
import { BEGIN_NS, type Host, type World } from "../scenario/world.ts";
import type { TestCase } from "../suite/suite.ts";
import { AlertReader, type SeenAlert } from "./seen_alert.ts";

const AUDIT = "k8s_audit";
/** As Falco numbers plugins. */
const AUDIT_PLUGIN_ID = 1, OTHER_PLUGIN_ID = 999;
/** Nobody looks at more, and a recording can hold any number. */
const MAX_ALERTS = 100_000;

export class Bench implements Audience {
  readonly compiled: CompiledRules;
  /** by the numbers that alerts have */
  readonly rules: readonly CheckedRule[];
  readonly #engine: BlockEngine;
  readonly #json = new Map<string, JsonEngine>();
  readonly #reader: AlertReader;
  readonly #enabled: ReadonlySet<string>;
  #isEvaluating = true;
  #alerts: Alert[] = [];

  /** @param counts whether its modules count what checks answer */
  constructor(readonly loaded: LoadResult, matching: "first" | "all", counts: boolean) {
    this.rules = matching === "all" ? loaded.checked : loaded.rules;
    this.compiled = compileRules(this.rules, { matching, ...(counts ? { leaves: "written" } : {}) });
    this.#engine = new BlockEngine({ onAlert: (alert) => this.#take(alert) });
    this.#engine.put(this.compiled);
    this.#reader = new AlertReader(this.compiled);
    this.#enabled = new Set(loaded.rules.map(({ name }) => name));
  }

  /** Those that are switched off run, too, but nothing that they report is one too many. */
  isEnabled(rule: string): boolean {
    return this.#enabled.has(rule);
  }

  async run({ world, before, events }: Pick<TestCase, "world" | "before" | "events">): Promise<SeenAlert[]> {
    this.#alerts = [];
    const scene = new Scene({ ...world, hosts: this.#hostsOf(world) }, this);
    await scene.play(before, false);
    this.#alerts = [];
    await scene.play(events, true);
    return this.#alerts.map((alert) => this.#reader.read(alert, scene.stepAt(alert.timeNs)));
  }

  /** As on a host: falco asks for the names that rules have, and no others; what it does not find has no address. */
  #hostsOf({ hosts }: World): readonly Host[] {
    const given = new Map(hosts.map((host) => [host.name, host]));
    return this.compiled.hostNames.map((name) => given.get(name) ?? { name, addresses: [] });
  }

  /** What checks have answered so far, by the source of the rules. */
  answers(): { source: string; plan: LeafPlan; words: BigUint64Array }[] {
    const { leaves, others } = this.compiled;
    const own = leaves === undefined
      ? []
      : [{ source: "syscall", plan: leaves, words: this.#engine.rules.leafWords() }];
    return [
      ...own,
      ...[...this.#json].flatMap(([source, engine]) => {
        const plan = others.get(source)?.leaves;
        return plan === undefined ? [] : [{ source, plan, words: engine.leafWords() }];
      }),
    ];
  }

  #take(alert: Alert): void {
    if (this.#alerts.length < MAX_ALERTS) this.#alerts.push(alert);
  }

  feed(blocks: Uint8Array): void {
    this.#engine.feed(blocks);
  }

  setEvaluating(on: boolean): void {
    this.#isEvaluating = on;
    this.#engine.setEvaluating(on);
  }

  async replay(path: string): Promise<void> {
    this.#engine.beginFile();
    for await (const chunk of readTrace(path)) this.#engine.feed(chunk);
    this.#engine.endOfFile();
  }

  json(source: string, text: Uint8Array): void {
    if (!this.#isEvaluating) return;
    const engine = this.#engineOf(source);
    if (engine === undefined) throw new Error(`no rule is about the source ${source}`);
    const finders = source === AUDIT ? AUDIT_FINDERS : jsonEventFinders({}, () => BEGIN_NS);
    const stream = new BatchReader({ finders, maxEventBytes: MAX_EVENT_BYTES }).stream(hasLines(text));
    for (const { reason, events } of [...stream.take(text), ...stream.end()]) {
      if (reason !== undefined) throw new Error(`Cannot read an event of the source ${source}: ${reason}`);
      for (const event of events) engine.evaluate(event.text, event.timeNs);
    }
  }

  #engineOf(source: string): JsonEngine | undefined {
    const rules = this.compiled.others.get(source);
    let engine = this.#json.get(source);
    if (engine === undefined && rules !== undefined) {
      engine = new JsonEngine({
        source,
        pluginId: source === AUDIT ? AUDIT_PLUGIN_ID : OTHER_PLUGIN_ID,
        extractors: source === AUDIT ? [JSON_EXTRACTORS, AUDIT_EXTRACTORS] : [JSON_EXTRACTORS],
        onAlert: (alert) => this.#take(alert),
      });
      engine.put(rules);
      this.#json.set(source, engine);
    }
    return engine;
  }
}

/** Events line by line, as logs have them, and not one that takes several lines. */
function hasLines(text: Uint8Array): boolean {
  const end = text.indexOf(0x0a);
  if (end < 0 || text.subarray(end).every((byte) => byte <= 0x20)) return false;
  try {
    JSON.parse(new TextDecoder().decode(text.subarray(0, end)));
    return true;
  } catch {
    return false;
  }
}
