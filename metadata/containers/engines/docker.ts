// Docker's API on a unix socket, which Podman's service speaks too.
// In: the socket. Out: facts of containers, and their events.
// Elsewhere: what an answer says (docker_facts.ts), HTTP (protocol/http_socket.ts).

import { type ContainerFacts, makeFacts } from "../container_facts.ts";
import { CONTAINER_TYPE } from "../../../schema/mod.ts";
import {
  type JsonObject,
  labelsOf,
  listOf,
  numberOf,
  objectAt,
  objectOf,
  textOf,
} from "../../../base/mod.ts";
import type { ContainerEngine, EngineEvent, EngineOptions } from "../engine.ts";
import { imageFacts } from "../image_reference.ts";
import { HttpSocket } from "../protocol/http_socket.ts";
import { dockerFacts } from "./docker_facts.ts";

/** `remove` is Podman's word for `destroy`. */
const KINDS: Readonly<Record<string, EngineEvent["kind"]>> = {
  create: "created",
  start: "started",
  rename: "renamed",
  destroy: "removed",
  remove: "removed",
};
/** An image's names change seldom, and every container of it asks for them. */
const IMAGE_CACHE_MS = 60_000;
const IMAGE_CACHE_SIZE = 256;

export class DockerEngine implements ContainerEngine {
  readonly #http: HttpSocket;
  readonly #query: string;
  readonly #images = new Map<string, { readonly image: Promise<unknown>; readonly untilMs: number }>();
  readonly #listItems: number;
  readonly #count: EngineOptions["count"];
  #type: number = CONTAINER_TYPE.docker;

  constructor({ path, withSize, limits, count }: EngineOptions) {
    this.#http = new HttpSocket(path, limits);
    this.#listItems = limits.listItems;
    this.#count = count;
    this.#query = withSize ? "?size=true" : "";
  }

  async connect(signal: AbortSignal): Promise<string> {
    const version = objectOf(await this.#http.getJson("/version", signal));
    const components = listOf(version["Components"]).map((component) => textOf(objectOf(component)["Name"]));
    if (components.includes("Podman Engine")) this.#type = CONTAINER_TYPE.podman;
    const name = this.#type === CONTAINER_TYPE.podman ? "Podman" : "Docker";
    return `${name} ${textOf(version["Version"])}`.trim();
  }

  async list(signal: AbortSignal): Promise<ContainerFacts[]> {
    const all = listOf(await this.#http.getJson("/containers/json?all=true", signal));
    return all.slice(0, this.#listItems).map((item) => {
      const container = objectOf(item);
      const name = textOf(listOf(container["Names"])[0]).replace(/^\//, "");
      return makeFacts(this.#type, textOf(container["Id"]), {
        name,
        ...imageFacts(textOf(container["Image"])),
        created_time: numberOf(container["Created"]),
        labels: labelsOf(container["Labels"]),
      });
    });
  }

  async inspect(id: string, signal: AbortSignal): Promise<ContainerFacts | undefined> {
    const container = await this.#container(id, signal);
    if (container === undefined) return undefined;
    const imageId = textOf(container["Image"]);
    const image = imageId === "" ? {} : objectOf(await this.#image(imageId, signal).catch(() => undefined));
    // a container in the network of another has that one's address
    const neighbour = /^container:(.+)$/.exec(textOf(objectAt(container, "HostConfig")["NetworkMode"]))?.[1];
    const network = neighbour === undefined
      ? container
      : await this.#container(neighbour, signal).catch(() => undefined) ?? {};
    return dockerFacts(this.#type, container, image, objectAt(network, "NetworkSettings"));
  }

  watch(onEvent: (event: EngineEvent) => void, signal: AbortSignal): Promise<void> {
    const filters = JSON.stringify({ type: ["container"], event: Object.keys(KINDS) });
    return this.#http.streamJson(
      `/events?filters=${encodeURIComponent(filters)}`,
      (value) => {
        const event = objectOf(value);
        const kind = KINDS[textOf(event["Action"]) || textOf(event["status"])];
        const actor = objectOf(event["Actor"]);
        const id = textOf(actor["ID"]) || textOf(event["id"]);
        if (kind === undefined || id === "") return;
        if (kind === "removed" || kind === "renamed") return onEvent({ kind, id });
        // two of Podman's attributes are no labels
        const { name, image, containerExitCode: _, podId: __, ...labels } = labelsOf(actor["Attributes"]);
        const created_time = numberOf(event["time"]);
        onEvent({
          kind,
          id,
          facts: makeFacts(this.#type, id, {
            name: name ?? "",
            ...imageFacts(image ?? ""),
            labels,
            created_time,
          }),
        });
      },
      () => this.#count("malformed"),
      signal,
    );
  }

  close(): void {
    this.#http.close();
  }

  async #container(id: string, signal: AbortSignal): Promise<JsonObject | undefined> {
    const path = `/containers/${encodeURIComponent(id)}/json${this.#query}`;
    const container = objectOf(await this.#http.getJson(path, signal));
    return textOf(container["Id"]) === "" ? undefined : container;
  }

  #image(id: string, signal: AbortSignal): Promise<unknown> {
    const cached = this.#images.get(id);
    if (cached !== undefined && cached.untilMs > performance.now()) return cached.image;
    const image = this.#http.getJson(`/images/${encodeURIComponent(id)}/json`, signal);
    this.#images.delete(id);
    this.#images.set(id, { image, untilMs: performance.now() + IMAGE_CACHE_MS });
    image.catch(() => this.#images.delete(id));
    for (const oldest of this.#images.keys()) {
      if (this.#images.size <= IMAGE_CACHE_SIZE) break;
      this.#images.delete(oldest);
    }
    return image;
  }
}
