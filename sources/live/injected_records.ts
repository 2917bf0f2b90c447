// Records from outside the stream of events: what container engines say, users and groups of containers.
// In: event blocks in the `.scap` format. Out: the matcher's state; for a recording, all that still holds, as blocks.
// A block that is damaged or larger than the matcher takes is counted and left out, with what follows it in its chunk.
// Elsewhere: who makes them (metadata/), the memory through which they go (ingest_blocks.ts).

import { concatenate } from "../../base/mod.ts";
import { STATE_ONLY } from "../../scap/mod.ts";
import { BLOCK, EVENT_CODE } from "../../schema/mod.ts";
import { BlockFeeder, IngestError } from "../ingest_blocks.ts";
import type { MatcherPort } from "../matcher_port.ts";

/** after the header of the block, the number of a CPU and the flags */
const FLAGGED_EVENT_AT = 14;
const EVENT_AT: ReadonlyMap<number, number> = new Map([
  [BLOCK.EVENT_V2, 10],
  [BLOCK.EVENT_V2_LARGE, 10],
  [BLOCK.EVENT_V2_FLAGS, FLAGGED_EVENT_AT],
  [BLOCK.EVENT_V2_FLAGS_LARGE, FLAGGED_EVENT_AT],
]);
const HEADER_BYTES = 26;
/** type, length, number of a CPU, the header of an event, the length at the end */
const MIN_BLOCK_BYTES = 10 + HEADER_BYTES + 4;
/** Records kept for the head of a recording; far more than a host has. */
const MAX_KEPT = 1 << 18;
const CHUNK_BYTES = 1 << 20;

/** Adding events and the ones that take back what they added, with the parameters that name it. */
const KEYS = new Map<
  number,
  { readonly adds: boolean; readonly kind: string; readonly params: readonly number[] }
>([
  [EVENT_CODE["USERADDED_E"]!, { adds: true, kind: "user", params: [0, 5] }],
  [EVENT_CODE["USERDELETED_E"]!, { adds: false, kind: "user", params: [0, 5] }],
  [EVENT_CODE["GROUPADDED_E"]!, { adds: true, kind: "group", params: [0, 2] }],
  [EVENT_CODE["GROUPDELETED_E"]!, { adds: false, kind: "group", params: [0, 2] }],
]);

const latin1 = new TextDecoder("latin1");
const utf8 = new TextDecoder();

export class InjectedRecords {
  readonly #matcher: MatcherPort;
  readonly #keeps: boolean;
  readonly #kept = new Map<string, Uint8Array<ArrayBuffer>>();
  #refused = 0;

  /** @param keeps whether `state` will be asked for */
  constructor(matcher: MatcherPort, keeps: boolean) {
    this.#matcher = matcher;
    this.#keeps = keeps;
  }

  /** Chunks that could not be taken, or not whole. */
  get refused(): number {
    return this.#refused;
  }

  take(blocks: Uint8Array<ArrayBuffer>): void {
    const end = wholeEvents(blocks);
    if (end < blocks.length) this.#refused++;
    const feeder = new BlockFeeder(this.#matcher, (at, bytes) => this.#matcher.inject(at, bytes));
    try {
      feeder.feed(blocks.subarray(0, end));
    } catch (error) {
      if (!(error instanceof IngestError)) throw error;
      this.#refused++;
      return;
    }
    if (this.#keeps) { for (const block of eachBlock(blocks.subarray(0, end))) this.#keep(block); }
  }

  /** All that holds now, for the head of a recording. */
  *state(): Generator<Uint8Array<ArrayBuffer>> {
    let chunk: Uint8Array[] = [];
    let bytes = 0;
    for (const block of this.#kept.values()) {
      chunk.push(block);
      bytes += block.length;
      if (bytes < CHUNK_BYTES) continue;
      yield concatenate(chunk);
      chunk = [];
      bytes = 0;
    }
    if (bytes > 0) yield concatenate(chunk);
  }

  #keep(block: Uint8Array<ArrayBuffer>): void {
    const found = keyOf(block);
    if (found === undefined) return;
    this.#kept.delete(found.key);
    if (!found.adds) return;
    this.#kept.set(found.key, stateOnly(block.slice()));
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

/** Bytes of whole event blocks at the beginning: nothing else may come this way. */
function wholeEvents(blocks: Uint8Array): number {
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.byteLength);
  let at = 0;
  while (at + MIN_BLOCK_BYTES <= blocks.length) {
    const bytes = view.getUint32(at + 4, true);
    if (!EVENT_AT.has(view.getUint32(at, true)) || bytes < MIN_BLOCK_BYTES || bytes > blocks.length - at) {
      break;
    }
    at += bytes;
  }
  return at;
}

/** At the head of a recording it says what holds, and is no event. */
function stateOnly(block: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  if (EVENT_AT.get(view.getUint32(0, true)) === FLAGGED_EVENT_AT) {
    view.setUint32(FLAGGED_EVENT_AT - 4, STATE_ONLY, true);
  }
  return block;
}

function* eachBlock(blocks: Uint8Array<ArrayBuffer>): Generator<Uint8Array<ArrayBuffer>> {
  const view = new DataView(blocks.buffer, blocks.byteOffset, blocks.byteLength);
  for (let at = 0; at < blocks.length;) {
    const bytes = view.getUint32(at + 4, true);
    yield blocks.subarray(at, at + bytes);
    at += bytes;
  }
}

/** What a record is about, and whether it adds that or takes it away. */
function keyOf(block: Uint8Array): { readonly key: string; readonly adds: boolean } | undefined {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const type = view.getUint32(0, true);
  const event = EVENT_AT.get(type)!;
  const code = view.getUint16(event + 20, true);
  const isLarge = type === BLOCK.EVENT_V2_LARGE || type === BLOCK.EVENT_V2_FLAGS_LARGE;
  const params = paramsOf(block, event, isLarge);
  if (code === EVENT_CODE["ASYNCEVENT_E"]) {
    const id = containerIdOf(params[2]);
    if (id === undefined || params[1] === undefined) return undefined;
    const name = latin1.decode(params[1]);
    if (name !== "container\0" && name !== "container_removed\0") return undefined;
    return { key: `container ${id}`, adds: name === "container\0" };
  }
  const key = KEYS.get(code);
  if (key === undefined) return undefined;
  const names = key.params.map((i) => latin1.decode(params[i] ?? new Uint8Array(0)));
  return { key: `${key.kind} ${names.join(" ")}`, adds: key.adds };
}

function containerIdOf(json: Uint8Array | undefined): string | undefined {
  try {
    const { container } = JSON.parse(utf8.decode(json).replace(/\0.*$/s, "")) as {
      container?: { id?: unknown };
    };
    return typeof container?.id === "string" ? container.id : undefined;
  } catch {
    return undefined;
  }
}

function paramsOf(block: Uint8Array, event: number, isLarge: boolean): Uint8Array[] {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const count = Math.min(view.getUint32(event + 22, true), 8);
  const lengthBytes = isLarge ? 4 : 2;
  const params: Uint8Array[] = [];
  let value = event + HEADER_BYTES + count * lengthBytes;
  for (let i = 0; i < count && value <= block.length; i++) {
    const at = event + HEADER_BYTES + i * lengthBytes;
    const bytes = isLarge ? view.getUint32(at, true) : view.getUint16(at, true);
    params.push(block.subarray(value, value + bytes));
    value += bytes;
  }
  return params;
}
