// The Container Runtime Interface, which the kubelet uses too: containerd, CRI-O, k3s.
// In: the socket. Out: facts of containers and of the pods' sandboxes, and their events.
// Elsewhere: what an answer says (cri_facts.ts), gRPC (protocol/grpc_channel.ts).
//
// Events come from containerd's own service, which all its versions have, otherwise from the interface's stream, which
// is newer, and where there is neither the list is read every second. containerd itself knows a container before its CRI
// plugin tells of it: a pod's sandbox not before it runs.

import { type ContainerFacts, makeFacts } from "../container_facts.ts";
import { askedImage } from "../asked_image.ts";
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
import { type ContainerEngine, type EngineEvent, type EngineOptions, NoSuchEngine } from "../engine.ts";
import { imageFacts } from "../image_reference.ts";
import { CRI_EVENT, CRI_PROTO, CRI_SERVICE } from "../protocol/cri_proto.ts";
import { type Call, GrpcChannel, GrpcStatusError } from "../protocol/grpc_channel.ts";
import { ContainerdApi } from "./containerd_api.ts";
import { criFacts, sandboxFacts, userImage } from "./cri_facts.ts";

const NAMESPACE = "k8s.io";
const POLL_MS = 1000;
const POLL_PAUSES = 20;
const REAL_STREAM_MS = 1000;

export class CriEngine implements ContainerEngine {
  readonly #options: EngineOptions;
  #containerd: ContainerdApi | undefined;
  readonly #channel: GrpcChannel;
  readonly #withSize: boolean;
  #type: number = CONTAINER_TYPE.cri;

  constructor(options: EngineOptions) {
    const { path, withSize, limits } = options;
    this.#options = options;
    this.#channel = new GrpcChannel(path, CRI_PROTO, limits);
    this.#withSize = withSize;
  }

  async connect(signal: AbortSignal): Promise<string> {
    const version = await this.#call("Version", "Version", {}, signal).catch((error) => {
      if (error instanceof GrpcStatusError && error.isUnimplemented) throw new NoSuchEngine();
      throw error;
    });
    const { runtime_name, runtime_version } = objectOf(version);
    const name = textOf(runtime_name);
    if (name === "containerd") {
      this.#type = CONTAINER_TYPE.containerd;
      this.#containerd = new ContainerdApi(this.#options);
    } else if (name === "cri-o") this.#type = CONTAINER_TYPE.cri_o;
    return `${name} ${textOf(runtime_version)}`.trim();
  }

  async list(signal: AbortSignal): Promise<ContainerFacts[]> {
    const [containers, sandboxes] = await Promise.all([
      this.#call("ListContainers", "ListContainers", {}, signal),
      this.#call("ListPodSandbox", "ListPodSandbox", {}, signal),
    ]);
    const { listItems } = this.#options.limits;
    return [
      ...listOf(objectOf(containers)["containers"]).slice(0, listItems).map((item) => {
        const container = objectOf(item);
        return makeFacts(this.#type, textOf(container["id"]), {
          name: textOf(objectAt(container, "metadata")["name"]),
          ...imageFacts(listedImage(objectAt(container, "image"))),
          created_time: Math.floor(numberOf(container["created_at"]) / 1e9),
          labels: labelsOf(container["labels"]),
          pod_sandbox_id: textOf(container["pod_sandbox_id"]),
        });
      }),
      ...listOf(objectOf(sandboxes)["items"]).slice(0, listItems).map((item) =>
        sandboxFacts(this.#type, objectOf(item), {})
      ),
    ];
  }

  async inspect(id: string, signal: AbortSignal): Promise<ContainerFacts | undefined> {
    const found = await this.#call("ListContainers", "ListContainers", { filter: { id } }, signal);
    const container = objectOf(listOf(objectOf(found)["containers"])[0]);
    if (textOf(container["id"]) === "") return await this.#inspectSandbox(id, signal);
    const [status, sandbox] = await Promise.all([
      this.#status("ContainerStatus", { container_id: container["id"], verbose: true }, signal),
      this.#status(
        "PodSandboxStatus",
        { pod_sandbox_id: container["pod_sandbox_id"], verbose: true },
        signal,
      ),
    ]);
    if (textOf(objectAt(status, "status")["id"]) === "") return undefined;
    const facts = criFacts(this.#type, objectOf(status), objectOf(sandbox));
    return this.#withSize ? { ...facts, size: await this.#size(facts.full_id, signal) } : facts;
  }

  async glimpse(id: string, signal: AbortSignal): Promise<ContainerFacts | undefined> {
    return await this.#containerd?.glimpse(NAMESPACE, id, signal);
  }

  async watch(onEvent: (event: EngineEvent) => void, signal: AbortSignal): Promise<void> {
    if (this.#containerd !== undefined) {
      return await this.#containerd.watch((namespace, event) => {
        if (namespace === NAMESPACE) onEvent(event);
      }, signal);
    }
    const startedMs = performance.now();
    try {
      await this.#watchInterface(onEvent, signal);
      // CRI-O has the stream, but ends it at once when its events are switched off
      if (performance.now() - startedMs > REAL_STREAM_MS) return;
    } catch (error) {
      if (!(error instanceof GrpcStatusError && error.isUnimplemented)) throw error;
    }
    await this.#poll(onEvent, signal);
  }

  close(): void {
    this.#channel.close();
    this.#containerd?.close();
  }

  async #watchInterface(onEvent: (event: EngineEvent) => void, signal: AbortSignal): Promise<void> {
    await this.#channel.stream(
      callOf("GetContainerEvents", "GetEventsRequest", "ContainerEventResponse"),
      {},
      (value) => {
        const { container_id, container_event_type } = objectOf(value);
        const id = textOf(container_id);
        if (container_event_type === CRI_EVENT.deleted) onEvent({ kind: "removed", id });
        else if (container_event_type === CRI_EVENT.created) onEvent({ kind: "created", id });
        else if (container_event_type === CRI_EVENT.started) onEvent({ kind: "started", id });
      },
      () => this.#options.count("malformed"),
      signal,
    );
  }

  async #poll(onEvent: (event: EngineEvent) => void, signal: AbortSignal): Promise<void> {
    let before = new Set<string>();
    let pauseMs = POLL_MS;
    while (!signal.aborted) {
      const startedMs = performance.now();
      const all = await this.list(signal);
      // a long list takes its time: never more than a share of it
      pauseMs = Math.max(POLL_MS, (performance.now() - startedMs) * POLL_PAUSES);
      for (const facts of all) {
        if (!before.has(facts.full_id)) onEvent({ kind: "created", id: facts.full_id, facts });
      }
      const now = new Set(all.map((facts) => facts.full_id));
      for (const id of before) if (!now.has(id)) onEvent({ kind: "removed", id });
      before = now;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async #inspectSandbox(id: string, signal: AbortSignal): Promise<ContainerFacts | undefined> {
    const found = await this.#call("ListPodSandbox", "ListPodSandbox", { filter: { id } }, signal);
    const sandbox = objectOf(listOf(objectOf(found)["items"])[0]);
    if (textOf(sandbox["id"]) === "") return undefined;
    const request = { pod_sandbox_id: sandbox["id"], verbose: true };
    const answer = objectOf(await this.#status("PodSandboxStatus", request, signal));
    const status = objectAt(answer, "status");
    return sandboxFacts(this.#type, textOf(status["id"]) === "" ? sandbox : status, objectAt(answer, "info"));
  }

  async #size(id: string, signal: AbortSignal): Promise<number> {
    const answer = await this.#status("ContainerStats", { container_id: id }, signal);
    const { value } = objectAt(answer, "stats", "writable_layer", "used_bytes");
    return value === undefined ? -1 : numberOf(value);
  }

  /** @returns undefined when it has gone meanwhile */
  async #status(method: string, request: object, signal: AbortSignal): Promise<unknown> {
    try {
      return await this.#call(method, method, request, signal);
    } catch (error) {
      if (error instanceof GrpcStatusError && error.isNotFound) return undefined;
      throw error;
    }
  }

  #call(method: string, messages: string, request: object, signal: AbortSignal): Promise<unknown> {
    return this.#channel.call(callOf(method, `${messages}Request`, `${messages}Response`), request, signal);
  }
}

function listedImage(image: JsonObject): string {
  const told = textOf(image["image"]);
  return askedImage(userImage(image), told) || told;
}

function callOf(method: string, request: string, response: string): Call {
  return { service: CRI_SERVICE, method, request, response };
}
