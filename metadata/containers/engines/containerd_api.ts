// Questions to containerd's own API.
// In: the socket. Out: namespaces, containers of one, digests of images, events; as decoded messages and as facts.
// Elsewhere: which of them are asked for (containerd.ts, cri.ts), the stream of events (containerd_events.ts).

import { type ContainerFacts, makeFacts, shortId } from "../container_facts.ts";
import { CONTAINER_TYPE } from "../../../schema/mod.ts";
import {
  type JsonLimits,
  type JsonObject,
  labelsOf,
  listOf,
  numberOf,
  objectAt,
  objectOf,
  parseJsonBytes,
  textOf,
} from "../../../base/mod.ts";
import type { EngineOptions } from "../engine.ts";
import type { EngineLimits } from "../engine_limits.ts";
import { imageFacts } from "../image_reference.ts";
import { CONTAINERD_PROTO, CONTAINERD_SERVICE, NAMESPACE_HEADER } from "../protocol/containerd_proto.ts";
import { type Call, GrpcChannel, GrpcStatusError } from "../protocol/grpc_channel.ts";
import { type ContainerdEvent, watchContainerd } from "./containerd_events.ts";
import { ociFacts } from "./oci_facts.ts";

/** What containerd takes for a namespace, of at most 76 characters. */
const NAMESPACE = /^[A-Za-z0-9]+(?:[._-](?:[A-Za-z0-9]+))*$/;
const MAX_NAMESPACE_CHARACTERS = 76;
const MAX_NAMESPACES = 256;
const MAX_PODS = 512;
const FULL_ID = /^[0-9a-f]{64}$/;

type PodFacts = Pick<ContainerFacts, "pod_sandbox_labels" | "host_ipc" | "host_network" | "host_pid">;
type Service = keyof typeof CONTAINERD_SERVICE;

export class ContainerdApi {
  readonly #channel: GrpcChannel;
  readonly #limits: EngineLimits;
  readonly #count: EngineOptions["count"];
  /** by the ids of their sandboxes; several containers of a pod start at once */
  readonly #pods = new Map<string, PodFacts>();

  constructor({ path, limits, count }: EngineOptions) {
    this.#channel = new GrpcChannel(path, CONTAINERD_PROTO, limits);
    this.#limits = limits;
    this.#count = count;
  }

  async version(signal: AbortSignal): Promise<string> {
    const call = {
      service: CONTAINERD_SERVICE.version,
      method: "Version",
      request: "Empty",
      response: "VersionResponse",
    };
    return textOf(objectOf(await this.#channel.call(call, {}, signal))["version"]);
  }

  async namespaces(signal: AbortSignal): Promise<string[]> {
    const answer = await this.#channel.call(callOf("namespaces", "List", "ListNamespaces"), {}, signal);
    const names = listOf(objectOf(answer)["namespaces"]).map((item) => textOf(objectOf(item)["name"]));
    // a name that containerd itself would refuse fits no header, and must not cost the others
    const usable = names.filter((name) => name.length <= MAX_NAMESPACE_CHARACTERS && NAMESPACE.test(name))
      .slice(0, MAX_NAMESPACES);
    if (usable.length < names.length) this.#count("malformed");
    return usable;
  }

  /** @param id what their ids begin with */
  async containers(namespace: string, signal: AbortSignal, id = ""): Promise<ContainerFacts[]> {
    // an id may be a name: nothing in it means anything in an expression
    const filters = id === "" ? [] : [`id~="^${id.replaceAll(/[^A-Za-z0-9_-]/g, "[$&]")}"`];
    const call = callOf("containers", "List", "ListContainers", namespace);
    const answer = await this.#channel.call(call, { filters }, signal);
    const all = listOf(objectOf(answer)["containers"]).slice(0, this.#limits.listItems);
    return all.map((item) => containerdFacts(objectOf(item), this.#limits.answer));
  }

  async image(
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<{ readonly digest: string; readonly bytes: number }> {
    if (name === "") return { digest: "", bytes: -1 };
    try {
      const answer = await this.#channel.call(
        callOf("images", "Get", "GetImage", namespace),
        { name },
        signal,
      );
      const { digest, size } = objectAt(answer, "image", "target");
      return { digest: textOf(digest), bytes: numberOf(size) };
    } catch {
      // an image may be removed while containers of it run
      return { digest: "", bytes: -1 };
    }
  }

  /**
   * As much about one container as there is, before anybody else can be asked about it: with the digest of its image, and
   * what its pod's sandbox has (its labels, and what it shares with the host).
   */
  async glimpse(namespace: string, id: string, signal: AbortSignal): Promise<ContainerFacts | undefined> {
    const facts = await this.#container(namespace, id, signal);
    if (facts === undefined) return undefined;
    const [{ digest }, pod] = await Promise.all([
      this.image(namespace, facts.image, signal),
      facts.is_pod_sandbox ? undefined : this.#pod(namespace, facts.pod_sandbox_id, signal),
    ]);
    return { ...facts, imagedigest: digest || facts.imagedigest, ...pod };
  }

  /** A list costs containerd the reading of all containers: only an id that is cut needs one. */
  async #container(namespace: string, id: string, signal: AbortSignal): Promise<ContainerFacts | undefined> {
    if (!FULL_ID.test(id)) return (await this.containers(namespace, signal, id))[0];
    const call = callOf("containers", "Get", "GetContainer", namespace);
    try {
      const answer = await this.#channel.call(call, { id }, signal);
      return containerdFacts(objectAt(answer, "container"), this.#limits.answer);
    } catch (error) {
      if (error instanceof GrpcStatusError && error.isNotFound) return undefined;
      throw error;
    }
  }

  async #pod(namespace: string, sandboxId: string, signal: AbortSignal): Promise<PodFacts | undefined> {
    const known = this.#pods.get(sandboxId);
    if (known !== undefined || sandboxId === "") return known;
    const sandbox = await this.#container(namespace, sandboxId, signal);
    if (sandbox === undefined) return undefined;
    const { pod_sandbox_labels, host_ipc, host_network, host_pid } = sandbox;
    const pod = { pod_sandbox_labels, host_ipc, host_network, host_pid };
    if (this.#pods.size >= MAX_PODS) this.#pods.clear();
    this.#pods.set(sandboxId, pod);
    return pod;
  }

  watch(onEvent: (namespace: string, event: ContainerdEvent) => void, signal: AbortSignal): Promise<void> {
    return watchContainerd(this.#channel, onEvent, () => this.#count("malformed"), signal);
  }

  close(): void {
    this.#channel.close();
  }
}

function callOf(service: Service, method: string, messages: string, namespace?: string): Call {
  return {
    service: CONTAINERD_SERVICE[service],
    method,
    request: `${messages}Request`,
    response: `${messages}Response`,
    ...namespace === undefined ? {} : { headers: { [NAMESPACE_HEADER]: namespace } },
  };
}

/** What the CRI plugin notes in the configuration: the pod is known before the plugin itself tells of the container. */
const POD = "io.kubernetes.cri.";
const KIND = "io.cri-containerd.kind";
const OF_CONTAINERD = "io.cri-containerd.";

function containerdFacts(container: JsonObject, limits: JsonLimits): ContainerFacts {
  const id = textOf(container["id"]);
  const bytes = objectAt(container, "spec")["value"];
  // the configuration is JSON inside of the message
  const spec = objectOf(bytes instanceof Uint8Array ? parseJsonBytes(bytes, limits) : undefined);
  const annotation = (name: string) => textOf(objectAt(spec, "annotations")[POD + name]);
  const labels = labelsOf(container["labels"]);
  const isSandbox = labels[KIND] === "sandbox" ||
    annotation("container-type") === "sandbox";
  const sandboxId = annotation("sandbox-id") || textOf(container["sandbox"]);
  const names = [
    annotation(isSandbox ? "sandbox-name" : "container-name"),
    labels["nerdctl/name"],
    shortId(id),
  ];
  const given = Object.fromEntries(Object.entries(labels).filter(([key]) => !key.startsWith(OF_CONTAINERD)));
  const pod: Record<string, string> = {
    "io.kubernetes.sandbox.id": sandboxId,
    "io.kubernetes.pod.name": annotation("sandbox-name"),
    "io.kubernetes.pod.namespace": annotation("sandbox-namespace"),
    "io.kubernetes.pod.uid": annotation("sandbox-uid"),
  };
  const known = Object.entries(pod).filter(([, value]) => value !== "");
  return makeFacts(CONTAINER_TYPE.containerd, id, {
    ...ociFacts(spec),
    ...imageFacts(annotation("image-name") || textOf(container["image"])),
    name: names.find((name) => name !== undefined && name !== "") ?? "",
    created_time: numberOf(objectAt(container, "created_at")["seconds"]),
    labels: { ...Object.fromEntries(known), ...given },
    // a sandbox is given the labels of its pod
    pod_sandbox_labels: isSandbox ? given : null,
    is_pod_sandbox: isSandbox,
    pod_sandbox_id: sandboxId,
  });
}
