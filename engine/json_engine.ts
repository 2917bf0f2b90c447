// Evaluates events that are JSON: the same matcher and the same kind of generated module as for system calls.
// In: the rules of one source, events as bytes. Out: alerts.
// As in Falco, such an event is the event of a plugin (code 322): it is put into the matcher's memory as a block of the
// .scap format, so that its number and time come from there, and its text need not move again.
// Elsewhere: fields (sources/json, sources/k8s_audit), where events come from and wait (service/json/json_sources.ts).

import { hostName } from "../ffi/mod.ts";
import { BLOCK, REGION } from "../schema/mod.ts";
import { type Extractors, JsonDocument, JsonScanner } from "../sources/json/mod.ts";
import type { Alert } from "../alerts/mod.ts";
import { readAlert } from "./alert_reader.ts";
import { type EngineCounters, readMatcherCounters } from "./counters.ts";
import { JsonExtractors } from "./json_extractors.ts";
import { Matcher } from "./matcher.ts";
import { createMemory, planMemory } from "./memory_plan.ts";
import { matcherWasm } from "./program_files.ts";
import { type RuleCode, RuleSlot } from "./rule_module.ts";

const HEAP_BYTES = 48 << 20;
/** There are no processes and no files. */
const MAX_THREADS = 64;
const MAX_FDS = 64;

const PLUGIN_EVENT_CODE = 322;
/** Frame, CPU, header, two lengths, number of the plugin. */
const TEXT_OFFSET = 8 + 2 + 26 + 8 + 4;
const TRAILER_BYTES = 4;
/** Memory for tokens beyond this is given back after the event. */
const USUAL_TOKENS = 1 << 16;

/** The longest event that can be evaluated, in bytes. */
export const MAX_EVENT_BYTES = REGION.INGEST.bytes - TEXT_OFFSET - TRAILER_BYTES;

export interface JsonEngineOptions {
  readonly source: string;
  readonly extractors: readonly Extractors[];
  readonly onAlert: (alert: Alert) => void;
  /** as Falco numbers plugins */
  readonly pluginId: number;
  /** default: build/matcher.wasm of the source tree */
  readonly matcherWasm?: Uint8Array<ArrayBuffer>;
}

export class JsonEngine {
  readonly #memory: WebAssembly.Memory;
  readonly #bytes: Uint8Array;
  readonly #block: DataView;
  readonly #matcher: Matcher;
  readonly #extractors: JsonExtractors;
  readonly #rules: RuleSlot;
  readonly #scanner = new JsonScanner();
  readonly #document = new JsonDocument(this.#scanner);
  readonly #pluginId: number;

  constructor(options: JsonEngineOptions) {
    const plan = planMemory(HEAP_BYTES, 0, 0);
    this.#memory = createMemory(plan);
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#block = new DataView(this.#memory.buffer, REGION.INGEST.at, REGION.INGEST.bytes);
    const limits = { heapEnd: plan.heapEnd, maxThreads: MAX_THREADS, maxFds: MAX_FDS };
    this.#matcher = new Matcher(options.matcherWasm ?? matcherWasm(), this.#memory, limits, {
      onAlert: (rule, at, bytes) => {
        if (rule < 0) return;
        options.onAlert(readAlert(this.#bytes.slice(at, at + bytes) as Uint8Array<ArrayBuffer>));
      },
      now: () => BigInt(Date.now()) * 1_000_000n,
    });
    const { source } = options;
    const ofSource: Extractors = {
      plain: { evt_source: () => source, evt_pluginname: () => "json", evt_hostname: hostName },
    };
    this.#extractors = new JsonExtractors(this.#matcher, [ofSource, ...options.extractors]);
    this.#rules = new RuleSlot(this.#matcher, false, this.#extractors.imports);
    this.#pluginId = options.pluginId;
  }

  /** From the next event on these rules evaluate. When it throws, the old rules stay active. */
  put(rules: Pick<RuleCode, "wasm" | "constantsBytes" | "leaves">): void {
    this.#rules.put({ ...rules, eventCodes: [PLUGIN_EVENT_CODE] });
  }

  /**
   * @param text one JSON value that has been read before (sources/json/json_scanner.ts)
   * @returns how many values rules have not seen because there was no room for them
   */
  evaluate(text: Uint8Array, timeNs: bigint): number {
    if (text.length > MAX_EVENT_BYTES) throw new RangeError(`an event of ${text.length} bytes is too long`);
    const problem = this.#scanner.scan(text);
    if (problem !== undefined) throw new SyntaxError(`${problem.message} at byte ${problem.at}`);
    const at = REGION.INGEST.at + TEXT_OFFSET;
    this.#bytes.set(text, at);
    const total = this.#frame(text.length, timeNs);
    const cutBefore = this.#extractors.cut;
    this.#extractors.begin({ document: this.#document, timeNs }, at, 0);
    this.#matcher.ingest(REGION.INGEST.at, total);
    this.#scanner.shrink(USUAL_TOKENS);
    return Number(this.#extractors.cut - cutBefore);
  }

  /** What checks of the rules have answered, for `leafCounts` of rules/; empty when they do not count that. */
  leafWords(): BigUint64Array<ArrayBuffer> {
    return this.#rules.leafWords();
  }

  counters(): EngineCounters {
    return { ...readMatcherCounters(this.#memory), json_values_cut: this.#extractors.cut };
  }

  /** Writes what is around the text; returns the length of the block. */
  #frame(textBytes: number, timeNs: bigint): number {
    const block = this.#block;
    const total = TEXT_OFFSET + textBytes + TRAILER_BYTES;
    block.setUint32(0, BLOCK.EVENT_V2_LARGE, true);
    block.setUint32(4, total, true);
    block.setUint16(8, 0, true);
    block.setBigUint64(10, timeNs, true);
    block.setBigInt64(18, -1n, true);
    block.setUint32(26, total - 10 - TRAILER_BYTES, true);
    block.setUint16(30, PLUGIN_EVENT_CODE, true);
    block.setUint32(32, 2, true);
    block.setUint32(36, 4, true);
    block.setUint32(40, textBytes, true);
    block.setUint32(44, this.#pluginId, true);
    block.setUint32(TEXT_OFFSET + textBytes, total, true);
    return total;
  }
}
