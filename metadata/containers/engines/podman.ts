// Podman's own API (libpod) on a unix socket, of root or of a user.
// In: the socket. Out: facts of containers, and their events.
// Elsewhere: Podman's files, which know of a container sooner than its API does (podman_storage.ts).

import { type ContainerFacts, makeFacts } from "../container_facts.ts";
import { CONTAINER_TYPE } from "../../../schema/mod.ts";
import {
  type JsonObject,
  labelsOf,
  listOf,
  numberOf,
  objectAt,
  objectOf,
  secondsOf,
  textOf,
  textsOf,
} from "../../../base/mod.ts";
import type { ContainerEngine, EngineEvent, EngineOptions } from "../engine.ts";
import { bareImageId, imageFacts } from "../image_reference.ts";
import { HttpSocket } from "../protocol/http_socket.ts";
import { addressOf, limitsOf, mountsOf, portMappings } from "./docker_facts.ts";

const KINDS: Readonly<Record<string, EngineEvent["kind"]>> = {
  create: "created",
  start: "started",
  rename: "renamed",
  remove: "removed",
};
/** What every current server understands. */
const OLDEST_API = "4.0.0";

export class PodmanEngine implements ContainerEngine {
  readonly #http: HttpSocket;
  readonly #query: string;
  readonly #listItems: number;
  readonly #count: EngineOptions["count"];
  #prefix = `/v${OLDEST_API}/libpod`;

  constructor({ path, withSize, limits, count }: EngineOptions) {
    this.#http = new HttpSocket(path, limits);
    this.#listItems = limits.listItems;
    this.#count = count;
    this.#query = withSize ? "?size=true" : "";
  }

  async connect(signal: AbortSignal): Promise<string> {
    const version = objectOf(await this.#http.getJson("/version", signal));
    const component = listOf(version["Components"]).map(objectOf).find(({ Name }) =>
      Name === "Podman Engine"
    );
    if (component === undefined) throw new Error("the server at this socket is not Podman");
    const api = textOf(objectAt(component, "Details")["APIVersion"]);
    if (/^\d+\.\d+\.\d+$/.test(api)) this.#prefix = `/v${api}/libpod`;
    return `Podman ${textOf(component["Version"])}`.trim();
  }

  async list(signal: AbortSignal): Promise<ContainerFacts[]> {
    const answer = await this.#http.getJson(`${this.#prefix}/containers/json?all=true`, signal);
    return listOf(answer).slice(0, this.#listItems).map((item) => {
      const container = objectOf(item);
      return makeFacts(CONTAINER_TYPE.podman, textOf(container["Id"]), {
        name: textsOf(container["Names"])[0] ?? "",
        ...imageFacts(textOf(container["Image"])),
        imageid: bareImageId(textOf(container["ImageID"])),
        created_time: secondsOf(container["Created"]),
        labels: labelsOf(container["Labels"]),
      });
    });
  }

  async inspect(id: string, signal: AbortSignal): Promise<ContainerFacts | undefined> {
    const path = `${this.#prefix}/containers/${encodeURIComponent(id)}/json${this.#query}`;
    const container = objectOf(await this.#http.getJson(path, signal));
    return textOf(container["Id"]) === "" ? undefined : podmanFacts(container);
  }

  watch(onEvent: (event: EngineEvent) => void, signal: AbortSignal): Promise<void> {
    const filters = JSON.stringify({ type: ["container"], event: Object.keys(KINDS) });
    const path = `${this.#prefix}/events?stream=true&filters=${encodeURIComponent(filters)}`;
    return this.#http.streamJson(
      path,
      (value) => {
        const event = objectOf(value);
        const kind = KINDS[textOf(event["Action"]) || textOf(event["status"])];
        const actor = objectOf(event["Actor"]);
        const id = textOf(actor["ID"]) || textOf(event["id"]);
        if (kind === undefined || id === "") return;
        if (kind === "removed" || kind === "renamed") return onEvent({ kind, id });
        const { name, image, containerExitCode: _, podId: __, ...labels } = labelsOf(actor["Attributes"]);
        const facts = makeFacts(CONTAINER_TYPE.podman, id, {
          name: name ?? "",
          ...imageFacts(image ?? ""),
          labels,
          created_time: numberOf(event["time"]),
        });
        onEvent({ kind, id, facts });
      },
      () => this.#count("malformed"),
      signal,
    );
  }

  close(): void {
    this.#http.close();
  }
}

function podmanFacts(container: JsonObject): ContainerFacts {
  const config = objectAt(container, "Config");
  const host = objectAt(container, "HostConfig");
  const network = objectAt(container, "NetworkSettings");
  return makeFacts(CONTAINER_TYPE.podman, textOf(container["Id"]), {
    name: textOf(container["Name"]).replace(/^\//, ""),
    ...imageFacts(textOf(container["ImageName"])),
    imagedigest: textOf(container["ImageDigest"]),
    imageid: bareImageId(textOf(container["Image"])),
    User: textOf(config["User"]),
    ...limitsOf(host),
    created_time: secondsOf(container["Created"]),
    env: textsOf(config["Env"]),
    host_ipc: host["IpcMode"] === "host",
    host_network: host["NetworkMode"] === "host",
    host_pid: host["PidMode"] === "host",
    ip: addressOf(network),
    is_pod_sandbox: container["IsInfra"] === true || textOf(container["Name"]).includes("k8s_POD"),
    labels: labelsOf(config["Labels"]),
    privileged: host["Privileged"] === true,
    port_mappings: portMappings(network["Ports"]),
    Mounts: mountsOf(container["Mounts"]),
    size: container["SizeRw"] === undefined ? -1 : numberOf(container["SizeRw"]),
  });
}
