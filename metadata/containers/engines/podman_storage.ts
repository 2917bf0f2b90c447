// Podman's own files, for what its API says too late or not at all: the service need not run, its events come up to a
// quarter of a second late, and its answers wait until a container that starts has started. The list of containers is
// written when one is created, before it has a process.
// In: the folder `overlay-containers` of a storage. Out: name, image, mounts, privileges; no labels, no addresses.
//
// Files are read when they have changed. Of a user's, only those of containers that an event has named, and no more than a
// certain number of bytes in a certain time: a user may rewrite them without end.
//
//   containers.json, volatile-containers.json   [{id, names, image, metadata: "{image-name, image-id, name, created-at}"}]
//   ID/userdata/config.json                     the OCI configuration, there when the container is about to start
//   ../overlay-images/images.json               [{id, digest, names}]

import { basename, dirname, join } from "node:path";
import { FolderWatch, lookSlowly, readSlowFile } from "../../../files/mod.ts";
import {
  listOf,
  numberOf,
  objectOf,
  parseJson,
  parseJsonBytes,
  secondsOf,
  textOf,
  textsOf,
} from "../../../base/mod.ts";
import { CONTAINER_TYPE } from "../../../schema/mod.ts";
import { type ContainerFacts, makeFacts } from "../container_facts.ts";
import type { ContainerEngine, EngineEvent, EngineOptions } from "../engine.ts";
import type { EngineLimits } from "../engine_limits.ts";
import { imageFacts } from "../image_reference.ts";
import { ReadPace } from "../read_pace.ts";
import { ociFacts } from "./oci_facts.ts";
import { Turns } from "./turns.ts";

const LISTS = ["containers.json", "volatile-containers.json"];
/** A container that starts at once has its configuration within a tenth of a second. */
const LOOK_MS = 4;
const TELL_WITHOUT_MS = 400;
/** After that it is looked for after growing pauses, until it has been waited for long enough. */
const LATE_LOOK_MS = 1000;
const LATE_LOOK_GROWTH = 2;
const GIVE_UP_MS = 120_000;
/** Configurations that are waited for at the same time; of others what the list says is told at once. */
const MAX_AWAITED = 16;
const ID = /^[0-9a-f]{64}$/;

/** What a list says of a container. */
interface Item {
  readonly id: string;
  /** JSON */
  readonly metadata: string;
  /** may change */
  readonly name: string;
  readonly image: string;
  readonly created: string;
}
type Items = ReadonlyMap<string, Item>;

export class PodmanStorage implements ContainerEngine {
  readonly #folder: string;
  readonly #onTrouble: (reason: string) => void;
  readonly #limits: EngineLimits;
  readonly #count: EngineOptions["count"];
  readonly #isWanted: (id: string) => boolean;
  readonly #pace: ReadPace | undefined;
  /** what was read last, and what the files were then */
  #items: Items = new Map();
  #stamp = "";
  #reading: Promise<Items> | undefined;
  #readingNext: Promise<Items> | undefined;
  /** what has been reported */
  readonly #reported = new Map<string, Item>();
  readonly #digests = new Map<string, string>();
  #imagesStamp = "";
  #awaited = 0;

  constructor({ path, limits, count, isWanted, onTrouble = () => {} }: EngineOptions) {
    this.#folder = path;
    this.#onTrouble = onTrouble;
    this.#limits = limits;
    this.#count = count;
    this.#isWanted = isWanted ?? (() => true);
    this.#pace = isWanted === undefined ? undefined : new ReadPace();
  }

  async connect(): Promise<string> {
    if ((await lookSlowly(this.#folder))?.kind !== "directory") {
      throw new Error("it is no folder that can be read");
    }
    return "readable";
  }

  async list(signal: AbortSignal): Promise<ContainerFacts[]> {
    const all: ContainerFacts[] = [];
    for (const item of (await this.#read()).values()) {
      if (signal.aborted) break;
      if (!this.#isWanted(item.id)) continue;
      const { facts, isConfigured } = await this.#facts(item);
      if (facts === undefined) continue;
      all.push(facts);
      if (isConfigured) this.#reported.set(item.id, item);
    }
    return all;
  }

  async inspect(id: string): Promise<ContainerFacts | undefined> {
    const items = await this.#read();
    const item = items.get(id) ?? items.values().find((one) => one.id.startsWith(id));
    return item === undefined ? undefined : (await this.#facts(item)).facts;
  }

  async watch(onEvent: (event: EngineEvent) => void, signal: AbortSignal): Promise<void> {
    const turns = new Turns(() => this.#compare(onEvent, signal));
    const watch = new FolderWatch({ onChange: () => turns.request(), onTrouble: this.#onTrouble });
    try {
      await watch.watch([{ path: this.#folder, inside: (name) => LISTS.includes(name) }]);
      turns.request();
      await aborted(signal);
    } finally {
      turns.close();
      watch.close();
    }
  }

  close(): void {
    this.#reported.clear();
  }

  /** Reports what differs from the last time. */
  async #compare(onEvent: (event: EngineEvent) => void, signal: AbortSignal): Promise<void> {
    const items = await this.#read();
    for (const id of this.#reported.keys()) {
      if (items.has(id)) continue;
      this.#reported.delete(id);
      onEvent({ kind: "removed", id });
    }
    for (const [id, item] of items) {
      if (isSame(this.#reported.get(id), item)) continue;
      this.#reported.set(id, item);
      if (this.#isWanted(id)) this.#report(item, onEvent, signal);
    }
  }

  /**
   * Mounts and privileges are in the configuration, which is written just before the first process. What is known
   * without it is told only when it does not come soon.
   */
  async #report(
    item: Item,
    onEvent: (event: EngineEvent) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { id } = item;
    const sinceMs = performance.now();
    const isAwaited = this.#awaited < MAX_AWAITED;
    this.#awaited++;
    try {
      const isNeeded = () => !signal.aborted && this.#reported.get(id) === item;
      for (let isTold = false, pauseMs = LOOK_MS; isNeeded();) {
        const { facts, isConfigured } = await this.#facts(item, isNeeded);
        if (facts === undefined || !isNeeded()) return;
        if (isConfigured) return onEvent({ kind: "started", id, facts });
        const sinceThenMs = performance.now() - sinceMs;
        const isLate = !isAwaited || sinceThenMs > TELL_WITHOUT_MS;
        if (isLate && !isTold) onEvent({ kind: "created", id, facts });
        if (!isAwaited || sinceThenMs > GIVE_UP_MS) return;
        if (isLate) pauseMs = isTold ? pauseMs * LATE_LOOK_GROWTH : LATE_LOOK_MS;
        isTold = isLate;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    } finally {
      this.#awaited--;
    }
  }

  /** The lists as they are now. */
  #read(): Promise<Items> {
    if (this.#reading === undefined) {
      return this.#reading = this.#refresh().finally(() => this.#reading = undefined);
    }
    // what is being read may be older than what is asked about
    const after = () => {
      this.#readingNext = undefined;
      return this.#read();
    };
    return this.#readingNext ??= this.#reading.then(after, after);
  }

  async #refresh(): Promise<Items> {
    const stamp = await this.#stampOf(...LISTS.map((name) => join(this.#folder, name)));
    if (stamp === this.#stamp) return this.#items;
    const lists = await Promise.all(LISTS.map((name) => this.#json(join(this.#folder, name))));
    const all = lists.flatMap(listOf);
    if (all.length > this.#limits.listItems) this.#count("malformed");
    const items = all.slice(0, this.#limits.listItems).map(itemOf).filter(({ id }) => ID.test(id));
    this.#items = new Map(items.map((item) => [item.id, item]));
    this.#stamp = stamp;
    return this.#items;
  }

  async #stampOf(...paths: readonly string[]): Promise<string> {
    const looks = await Promise.all(paths.map((path) => lookSlowly(path)));
    return looks.map((look) => look?.stamp ?? "").join("\n");
  }

  /** @returns undefined when there is no such file, or none that can be read */
  async #json(path: string, isNeeded: () => boolean = () => true): Promise<unknown> {
    const read = () => readSlowFile(path, this.#limits.answer.bytes);
    const found = this.#pace === undefined
      ? await read()
      : await this.#pace.read(read, (file) => "bytes" in file ? file.bytes.length : 0, isNeeded);
    if (found === undefined) return undefined;
    if ("problem" in found) {
      if (found.problem.kind === "too large") this.#count("malformed");
      return undefined;
    }
    const value = parseJsonBytes(found.bytes, this.#limits.answer);
    if (value === undefined) this.#count("malformed");
    return value;
  }

  async #facts(
    item: Item,
    isNeeded?: () => boolean,
  ): Promise<{ readonly facts?: ContainerFacts; readonly isConfigured: boolean }> {
    const { id, name, created } = item;
    const metadata = objectOf(parseJson(item.metadata));
    // CRI-O keeps its containers in the same way, and tells more about them itself
    if ("pod-id" in metadata) return { isConfigured: false };
    const imageId = textOf(metadata["image-id"]) || item.image;
    const image = imageFacts(textOf(metadata["image-name"]));
    const config = await this.#json(join(this.#folder, id, "userdata", "config.json"), isNeeded);
    const facts = makeFacts(CONTAINER_TYPE.podman, id, {
      ...config === undefined ? {} : ociFacts(config),
      ...image,
      imagedigest: image.imagedigest || await this.#digest(imageId),
      imageid: imageId,
      // the name in the metadata is the one that it was created with
      name: name || textOf(metadata["name"]),
      created_time: numberOf(metadata["created-at"]) || secondsOf(created),
    });
    return { facts, isConfigured: config !== undefined };
  }

  /** The list of images is read when one is met that it did not have. */
  async #digest(imageId: string): Promise<string> {
    if (imageId === "" || this.#digests.has(imageId)) return this.#digests.get(imageId) ?? "";
    const images = basename(this.#folder).replace(/-containers$/, "-images");
    const path = join(dirname(this.#folder), images, "images.json");
    const stamp = await this.#stampOf(path);
    if (stamp === this.#imagesStamp) return "";
    this.#imagesStamp = stamp;
    const list = await this.#json(path);
    this.#digests.clear();
    for (const item of listOf(list)) {
      const image = objectOf(item);
      this.#digests.set(textOf(image["id"]), textOf(image["digest"]));
    }
    return this.#digests.get(imageId) ?? "";
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function itemOf(value: unknown): Item {
  const { id, metadata, names, image, created } = objectOf(value);
  return {
    id: textOf(id),
    metadata: textOf(metadata),
    name: textsOf(names)[0] ?? "",
    image: textOf(image),
    created: textOf(created),
  };
}

function isSame(a: Item | undefined, b: Item): boolean {
  return a !== undefined && a.metadata === b.metadata && a.name === b.name;
}
