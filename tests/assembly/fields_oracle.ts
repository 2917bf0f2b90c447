// Compares the matcher's field extractors with what Falco printed for the same events of a recorded trace.
// In: a trace with NAME.fields.jsonl.gz (all fields of sampled events) and NAME.events.txt.gz (type, thread and
// parameters of every event). Out: per field how many values were compared and which differ.

import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Matcher } from "../../engine/matcher.ts";
import { fieldByName } from "../../schema/fields.ts";
import { REGION } from "../../schema/layout.ts";
import type { FieldDef } from "../../schema/types.ts";
import { matcherCalling } from "./judging_matcher.ts";

const NO_NUMBER = -(1n << 63n);

export type Recorded = ReadonlyMap<string, unknown>;

export interface Difference {
  /** all that Falco printed for the event; empty where only its line was compared */
  readonly recorded: Recorded;
  readonly event: number;
  readonly type: string;
  readonly expected: string;
  readonly found: string;
}

export interface Agreement {
  compared: number;
  readonly differences: Difference[];
}

/** One extractor with its argument, for a name as it stands in an output: `proc.aname[2]`, `evt.arg.flags`. */
interface Extractor {
  readonly field: FieldDef;
  readonly fn: string;
  readonly arg?: number | string;
}

const DOTTED = ["evt.arg", "evt.rawarg", "evt.abspath", "thread.cgroup"];

function extractorOf(name: string, exports: WebAssembly.Exports): Extractor | undefined {
  const [, base = name, bracket] = /^([^[]+)(?:\[(.*)\])?$/.exec(name) ?? [];
  const dotted = fieldByName(base) === undefined && DOTTED.find((stem) => base.startsWith(`${stem}.`));
  const stem = dotted || base;
  const arg = dotted ? base.slice(dotted.length + 1) : bracket;
  const field = fieldByName(stem);
  if (field === undefined) return undefined;
  const plain = stem.replaceAll(".", "_");
  const has = (fn: string) => typeof exports[fn] === "function";
  if (arg === undefined) {
    const fn = [`${plain}_all`, plain].find(has);
    return fn === undefined || (fn === plain && field.arg !== "none") ? undefined : { field, fn };
  }
  if (/^\d+$/.test(arg)) return has(plain) ? { field, fn: plain, arg: Number(arg) } : undefined;
  const fn = [`${plain}_named`, plain].find(has);
  return fn === undefined ? undefined : { field, fn, arg };
}

function readRecorded(path: string): Map<number, Recorded> {
  const events = new Map<number, Recorded>();
  for (const line of gunzipSync(readFileSync(path)).toString("utf8").split("\n")) {
    if (line === "") continue;
    // numbers have up to 64 bits: they are kept as they are written
    const exact = JSON.parse(
      line,
      (_key, value, context?: { source: string }) =>
        typeof value === "number" ? context?.source ?? String(value) : value,
    );
    const fields: Recorded = new Map(Object.entries(exact));
    events.set(Number(fields.get("evt.num")), fields);
  }
  return events;
}

/** Type, thread and parameters of every event, as three fields; their names do not collide with the sampled ones. */
function readLines(path: string): Map<number, readonly [type: string, tid: string, args: string]> {
  const events = new Map<number, [string, string, string]>();
  for (const line of gunzipSync(readFileSync(path)).toString("utf8").split("\n")) {
    const [, number, type = "", tid = "", args = ""] = /^(\d+) \d+ (\S+) (\S+) (.*)$/.exec(line) ?? [];
    if (number === undefined) continue;
    const unescaped = args.replace(/\\([\\nr])/g, (_, c: string) => c === "n" ? "\n" : c === "r" ? "\r" : c);
    events.set(Number(number), [type, tid, unescaped]);
  }
  return events;
}

export class TraceComparison {
  readonly #matcher: Matcher;
  readonly #bytes: Uint8Array;
  readonly #fields = new Map<string, Extractor>();
  readonly #recorded: Map<number, Recorded>;
  readonly #lines: ReturnType<typeof readLines>;
  readonly #argAt: number;
  readonly agreement = new Map<string, Agreement>();
  events = 0;

  constructor(folder: URL, trace: string, names: readonly string[]) {
    const path = (suffix: string) => new URL(`${trace}.${suffix}`, folder).pathname;
    this.#matcher = matcherCalling(() => this.#judge());
    this.#bytes = new Uint8Array(this.#matcher.memory.buffer);
    this.#argAt = this.#matcher.exports.allocate(256);
    for (const name of names) {
      const extractor = extractorOf(name, this.#matcher.exports);
      if (extractor !== undefined) this.#fields.set(name, extractor);
    }
    this.#recorded = readRecorded(path("fields.jsonl.gz"));
    this.#lines = readLines(path("events.txt.gz"));
    this.#ingest(gunzipSync(readFileSync(path("scap"))));
  }

  /** Names of fields that the matcher has an extractor for. */
  get names(): readonly string[] {
    return [...this.#fields.keys()];
  }

  /** Events that Falco printed and that the matcher never judged. */
  get unseen(): readonly number[] {
    return [...this.#recorded.keys()];
  }

  #ingest(trace: Uint8Array): void {
    let from = 0;
    while (from < trace.length) {
      const part = trace.subarray(from, from + REGION.INGEST.bytes);
      this.#bytes.set(part, REGION.INGEST.at);
      const consumed = this.#matcher.exports.ingest(REGION.INGEST.at, part.length);
      if (consumed <= 0) throw new Error(`The trace is damaged at byte ${from - consumed - 1}`);
      from += consumed;
    }
  }

  #judge(): void {
    this.events++;
    const number = Number(this.#call("evt_num"));
    const line = this.#lines.get(number);
    if (line !== undefined) this.#compareLine(number, line);
    const recorded = this.#recorded.get(number);
    if (recorded === undefined) return;
    this.#recorded.delete(number);
    const type = String(recorded.get("evt.type"));
    for (const [name, extractor] of this.#fields) {
      this.#compare(name, number, type, recorded.get(name), this.#extract(extractor), recorded);
    }
  }

  #compareLine(number: number, [type, tid, args]: readonly [string, string, string]): void {
    const value = (text: string) => text === "<NA>" ? undefined : text;
    this.#compare("evt.type of every event", number, type, value(type), this.#text("evt_type"));
    this.#compare("thread.tid of every event", number, type, value(tid), this.#call("thread_tid"));
    this.#compare("evt.args of every event", number, type, value(sanitized(args)), this.#text("evt_args"));
  }

  #text(fn: string): string | undefined {
    return decodeText(this.#view(this.#call(fn)));
  }

  #compare(
    name: string,
    event: number,
    type: string,
    printed: unknown,
    extracted: unknown,
    recorded: Recorded = new Map(),
  ): void {
    const expected = plainText(printed), found = plainText(extracted);
    let agreement = this.agreement.get(name);
    if (agreement === undefined) this.agreement.set(name, agreement = { compared: 0, differences: [] });
    agreement.compared++;
    if (found !== expected) agreement.differences.push({ recorded, event, type, expected, found });
  }

  #call(fn: string, ...args: (number | bigint)[]): bigint {
    return (this.#matcher.exports[fn] as (...args: (number | bigint)[]) => bigint)(...args);
  }

  #extract({ field, fn, arg }: Extractor): unknown {
    if (field.name === "evt.rawarg") return this.#rawarg(String(arg));
    const result = arg === undefined
      ? this.#call(fn)
      : typeof arg === "number"
      ? this.#call(fn, arg)
      : this.#call(fn, this.#placeArg(arg));
    return this.#decode(field, result);
  }

  #placeArg(arg: string): bigint {
    const bytes = new TextEncoder().encode(arg);
    this.#bytes.set(bytes, this.#argAt);
    return (BigInt(bytes.length) << 32n) | BigInt(this.#argAt);
  }

  /** The value of evt.rawarg has a type of its own on each event: it comes through the values of an alert. */
  #rawarg(name: string): unknown {
    const at = REGION.OUT.at + 40;
    this.#call("out_begin", 0);
    this.#call("out_rawarg", this.#placeArg(name));
    const data = new DataView(this.#bytes.buffer, at);
    const bytes = () => this.#bytes.slice(at + 5, at + 5 + data.getUint32(1, true));
    switch (data.getUint8(0)) {
      case 1:
        return new TextDecoder().decode(bytes());
      case 2:
        return data.getBigInt64(1, true);
      case 3:
        return data.getBigUint64(1, true);
      case 7:
        return dotted(bytes());
      default:
        return undefined;
    }
  }

  #view(view: bigint): Uint8Array | undefined {
    const v = BigInt.asUintN(64, view);
    if (v === 0n) return undefined;
    const at = Number(v & 0xffffffffn);
    return this.#bytes.slice(at, at + Number(v >> 32n));
  }

  #decode(field: FieldDef, result: bigint): unknown {
    if (field.list) return this.#list(result);
    if (
      ["evt.time", "evt.datetime"].some((stem) => field.name === stem || field.name.startsWith(`${stem}.`))
    ) {
      return result;
    }
    switch (field.type) {
      case "string":
        return decodeText(this.#view(result));
      case "bytes":
        return dotted(this.#view(result));
      case "ip":
        return ipText(this.#view(result));
    }
    if (result === NO_NUMBER) return undefined;
    switch (field.type) {
      case "bool":
        return result !== 0n;
      case "double":
        return doubleText(new Float64Array(new BigInt64Array([result]).buffer)[0]);
      case "int":
        return field.format === "hex" ? result.toString(16).toUpperCase() : result;
      default:
        return BigInt.asUintN(64, result);
    }
  }

  #list(view: bigint): unknown {
    const bytes = this.#view(view);
    if (bytes === undefined) return undefined;
    const data = new DataView(bytes.buffer);
    const texts: (string | undefined)[] = [];
    for (let i = 0; i < data.getUint32(0, true); i++) {
      texts.push(decodeText(this.#view(data.getBigUint64(8 + 8 * i, true))));
    }
    return texts;
  }
}

/** Falco's outputs are sanitized; how many U+FFFD a malformed sequence becomes does not matter here. */
function decodeText(bytes: Uint8Array | undefined): string | undefined {
  return bytes && sanitized(new TextDecoder().decode(bytes));
}

function sanitized(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/gu, "\ufffd");
}

function dotted(bytes: Uint8Array | undefined): string | undefined {
  return bytes && String.fromCharCode(...bytes.map((byte) => byte >= 32 && byte < 127 ? byte : 46));
}

function ipText(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined || bytes.length === 4) return bytes?.join(".");
  const data = new DataView(bytes.buffer, bytes.byteOffset);
  const groups = Array.from({ length: 8 }, (_, i) => data.getUint16(2 * i).toString(16));
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

/** Falco's JSON writes whole numbers with a fraction too. */
function doubleText(value = NaN): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function plainText(value: unknown): string {
  if (value === undefined || value === null) return "<missing>";
  if (Array.isArray(value)) return value.map(String).toSorted().join(",");
  return String(value).replace(/\ufffd+/g, "\ufffd");
}
