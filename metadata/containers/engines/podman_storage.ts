// Podman's own files, for what its API says too late or not at all: the service need not run, its events come up to a
// quarter of a second late, and its answers wait until a container that starts has started. The list of containers is
// written when one is created, before it has a process.
// In: the folder `overlay-containers` of a storage. Out: name, image, mounts, privileges; no labels, no addresses.
//
//   containers.json, volatile-containers.json   [{id, names, image, metadata: "{image-name, image-id, name, created-at}"}]
//   ID/userdata/config.json                     the OCI configuration, there when the container is about to start
//   ../overlay-images/images.json               [{id, digest, names}]

import { basename, dirname, join } from "node:path";
import { FolderWatch } from "../../../files/folder_watch.ts";
import { lookSlowly, readSlowFile } from "../../../files/slow_file.ts";
import { parseJsonBytes } from "../bounded_json.ts";
import { type ContainerFacts, makeFacts } from "../container_facts.ts";
import { CONTAINER_TYPE } from "../../../schema/wire.ts";
import type { ContainerEngine, EngineEvent, EngineOptions } from "../engine.ts";
import type { EngineLimits } from "../engine_limits.ts";
import { imageFacts } from "../image_reference.ts";
import { listOf, numberOf, objectOf, parseJson, secondsOf, textOf, textsOf } from "../json_value.ts";
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

export class PodmanStorage implements ContainerEngine {
  readonly #folder: string;
  /** ids and metadata of the list that was read last */
  #known = new Map<string, string>();
  readonly #digests = new Map<string, string>();

  readonly #onTrouble: (reason: string) => void;
  /** of the lists when they were read last */
  #stamp = "";
  readonly #limits: EngineLimits;
  readonly #count: EngineOptions["count"];
  #awaited = 0;

  constructor({ path, limits, count, onTrouble = () => {} }: EngineOptions) {
    this.#folder = path;
    this.#onTrouble = onTrouble;
    this.#limits = limits;
    this.#count = count;
  }

  async connect(): Promise<string> {
    if ((await lookSlowly(this.#folder))?.kind !== "directory") {
      throw new Error("it is no folder that can be read");
    }
    return "Podman's storage";
  }

  async list(): Promise<ContainerFacts[]> {
    const all: ContainerFacts[] = [];
    for (const item of await this.#read()) {
      const { facts } = await this.#facts(item);
      if (facts !== undefined) all.push(facts);
    }
    return all;
  }

  async inspect(id: string): Promise<ContainerFacts | undefined> {
    const item = (await this.#read()).find((one) => textOf(objectOf(one)["id"]).startsWith(id));
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
    this.#known.clear();
  }

  /** Reports what differs from the last time. */
  async #compare(onEvent: (event: EngineEvent) => void, signal: AbortSignal): Promise<void> {
    const looks = await Promise.all(LISTS.map((name) => lookSlowly(join(this.#folder, name))));
    const stamp = looks.map((look) => look?.stamp ?? "").join("\n");
    if (stamp === this.#stamp) return;
    this.#stamp = stamp;
    const before = this.#known;
    const items = new Map((await this.#read()).map((item) => [textOf(objectOf(item)["id"]), item]));
    this.#known = new Map([...items].map(([id, item]) => [id, stampOf(item)]));
    for (const [id, item] of items) {
      if (before.get(id) !== this.#known.get(id)) this.#report(id, item, onEvent, signal);
    }
    for (const id of before.keys()) if (!items.has(id)) onEvent({ kind: "removed", id });
  }

  /**
   * Mounts and privileges are in the configuration, which is written just before the first process. What is known
   * without it is told only when it does not come soon.
   */
  async #report(
    id: string,
    item: unknown,
    onEvent: (event: EngineEvent) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const sinceMs = performance.now();
    const stamp = stampOf(item);
    const isAwaited = this.#awaited < MAX_AWAITED;
    this.#awaited++;
    try {
      for (let isTold = false, pauseMs = LOOK_MS; !signal.aborted && this.#known.get(id) === stamp;) {
        const { facts, isConfigured } = await this.#facts(item);
        if (facts === undefined) return;
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

  async #read(): Promise<unknown[]> {
    const lists = await Promise.all(LISTS.map((name) => this.#json(join(this.#folder, name))));
    const all = lists.flatMap(listOf);
    if (all.length > this.#limits.listItems) this.#count("malformed");
    return all.slice(0, this.#limits.listItems);
  }

  /** @returns undefined when there is no such file, or none that can be read */
  async #json(path: string): Promise<unknown> {
    const found = await readSlowFile(path, this.#limits.answer.bytes);
    if ("problem" in found) {
      if (found.problem.kind === "too large") this.#count("malformed");
      return undefined;
    }
    const value = parseJsonBytes(found.bytes, this.#limits.answer);
    if (value === undefined) this.#count("malformed");
    return value;
  }

  async #facts(value: unknown): Promise<{ readonly facts?: ContainerFacts; readonly isConfigured: boolean }> {
    const item = objectOf(value);
    const id = textOf(item["id"]);
    const metadata = objectOf(parseJson(textOf(item["metadata"])));
    // CRI-O keeps its containers in the same way, and tells more about them itself
    if (!/^[0-9a-f]{64}$/.test(id) || "pod-id" in metadata) return { isConfigured: false };
    const imageId = textOf(metadata["image-id"]) || textOf(item["image"]);
    const image = imageFacts(textOf(metadata["image-name"]));
    const config = await this.#json(join(this.#folder, id, "userdata", "config.json"));
    const facts = makeFacts(CONTAINER_TYPE.podman, id, {
      ...config === undefined ? {} : ociFacts(config),
      ...image,
      imagedigest: image.imagedigest || await this.#digest(imageId),
      imageid: imageId,
      // the name in the metadata is the one that it was created with
      name: textsOf(item["names"])[0] ?? textOf(metadata["name"]),
      created_time: numberOf(metadata["created-at"]) || secondsOf(item["created"]),
    });
    return { facts, isConfigured: config !== undefined };
  }

  /** The list of images is read when one is met for the first time. */
  async #digest(imageId: string): Promise<string> {
    if (imageId === "" || this.#digests.has(imageId)) return this.#digests.get(imageId) ?? "";
    const images = basename(this.#folder).replace(/-containers$/, "-images");
    const list = await this.#json(join(dirname(this.#folder), images, "images.json"));
    this.#digests.clear();
    for (const item of listOf(list)) {
      const image = objectOf(item);
      this.#digests.set(textOf(image["id"]), textOf(image["digest"]));
    }
    if (!this.#digests.has(imageId)) this.#digests.set(imageId, "");
    return this.#digests.get(imageId) ?? "";
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** What may change of a container that is there: its name. */
function stampOf(item: unknown): string {
  const { metadata, names } = objectOf(item);
  return `${textOf(metadata)} ${textsOf(names)[0] ?? ""}`;
}
