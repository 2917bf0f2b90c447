// containerd's own API, for containers that neither Kubernetes nor Docker made (ctr, nerdctl, BuildKit), or where its
// CRI plugin is switched off.
// In: the socket. Out: facts of containers of all namespaces, and their events.
// Elsewhere: containers of Kubernetes, which the CRI describes better (cri.ts), those of Docker (docker.ts).

import { type ContainerFacts, makeFacts, shortId } from "../container_facts.ts";
import { CONTAINER_TYPE } from "../../../schema/mod.ts";
import type { ContainerEngine, EngineEvent, EngineOptions } from "../engine.ts";
import { imageFacts } from "../image_reference.ts";
import { CRI_PROTO, CRI_SERVICE } from "../protocol/cri_proto.ts";
import { GrpcChannel } from "../protocol/grpc_channel.ts";
import { ContainerdApi } from "./containerd_api.ts";

const DOCKER_NAMESPACE = "moby";
const KUBERNETES_NAMESPACE = "k8s.io";

export class ContainerdEngine implements ContainerEngine {
  readonly #options: EngineOptions;
  readonly #api: ContainerdApi;
  readonly #withSize: boolean;
  /** namespaces that another engine describes */
  readonly #others = new Set([DOCKER_NAMESPACE]);

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#api = new ContainerdApi(options);
    this.#withSize = options.withSize;
  }

  async connect(signal: AbortSignal): Promise<string> {
    const version = await this.#api.version(signal);
    if (await this.#servesCri(signal)) this.#others.add(KUBERNETES_NAMESPACE);
    return `containerd ${version}`.trim();
  }

  async list(signal: AbortSignal): Promise<ContainerFacts[]> {
    const all: ContainerFacts[] = [];
    for (const namespace of await this.#namespaces(signal)) {
      all.push(...await this.#api.containers(namespace, signal));
    }
    return all;
  }

  async inspect(id: string, signal: AbortSignal): Promise<ContainerFacts | undefined> {
    for (const namespace of await this.#namespaces(signal)) {
      const found = await this.#api.containers(namespace, signal, id);
      const facts = found.find((one) => one.full_id === id) ?? found[0];
      if (facts === undefined) continue;
      const image = await this.#api.image(namespace, facts.image, signal);
      return {
        ...facts,
        imagedigest: image.digest || facts.imagedigest,
        size: this.#withSize ? image.bytes : -1,
      };
    }
    return undefined;
  }

  watch(onEvent: (event: EngineEvent) => void, signal: AbortSignal): Promise<void> {
    return this.#api.watch((namespace, event) => {
      if (this.#others.has(namespace)) return;
      if (event.kind === "removed" || event.image === undefined) return onEvent(event);
      const name = shortId(event.id);
      const facts = makeFacts(CONTAINER_TYPE.containerd, event.id, { name, ...imageFacts(event.image) });
      onEvent({ kind: event.kind, id: event.id, facts });
    }, signal);
  }

  close(): void {
    this.#api.close();
  }

  async #namespaces(signal: AbortSignal): Promise<string[]> {
    return (await this.#api.namespaces(signal)).filter((name) => !this.#others.has(name));
  }

  async #servesCri(signal: AbortSignal): Promise<boolean> {
    const channel = new GrpcChannel(this.#options.path, CRI_PROTO, this.#options.limits);
    try {
      const call = {
        service: CRI_SERVICE,
        method: "Version",
        request: "VersionRequest",
        response: "VersionResponse",
      };
      await channel.call(call, {}, signal);
      return true;
    } catch {
      return false;
    } finally {
      channel.close();
    }
  }
}
