// Events of containerd, of all its namespaces.
// In: a channel to its socket. Out: a call for each container that is created, started or removed.

import type { EngineEvent } from "../engine.ts";
import { objectAt, objectOf, textOf } from "../../../base/mod.ts";
import { CONTAINERD_SERVICE, TOPIC } from "../protocol/containerd_proto.ts";
import type { GrpcChannel } from "../protocol/grpc_channel.ts";

/** Image of a container that has just been created, which an event tells besides its id. */
export type ContainerdEvent = EngineEvent & { readonly image?: string };

export async function watchContainerd(
  channel: GrpcChannel,
  onEvent: (namespace: string, event: ContainerdEvent) => void,
  onMalformed: () => void,
  signal: AbortSignal,
): Promise<void> {
  const filters = Object.values(TOPIC).map((topic) => `topic=="${topic}"`);
  const call = {
    service: CONTAINERD_SERVICE.events,
    method: "Subscribe",
    request: "SubscribeRequest",
    response: "Envelope",
  };
  await channel.stream(
    call,
    { filters },
    (value) => {
      const envelope = objectOf(value);
      const bytes = objectAt(envelope, "event")["value"];
      const event = bytes instanceof Uint8Array
        ? readEvent(channel, textOf(envelope["topic"]), bytes)
        : undefined;
      if (event !== undefined && event.id !== "") onEvent(textOf(envelope["namespace"]), event);
    },
    onMalformed,
    signal,
  );
}

function readEvent(channel: GrpcChannel, topic: string, bytes: Uint8Array): ContainerdEvent | undefined {
  switch (topic) {
    case TOPIC.created: {
      const { id, image } = objectOf(channel.decode("ContainerCreate", bytes));
      return { kind: "created", id: textOf(id), image: textOf(image) };
    }
    case TOPIC.started:
      return { kind: "started", id: textOf(objectOf(channel.decode("TaskStart", bytes))["container_id"]) };
    case TOPIC.removed:
      return { kind: "removed", id: textOf(objectOf(channel.decode("ContainerDelete", bytes))["id"]) };
  }
  return undefined;
}
