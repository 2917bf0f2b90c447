// Messages of CRI and containerd with whatever values their types allow.
// In: a method, chance. Out: the bytes of a message, mostly of the method's type. What decides about the next question
// (names of engines, topics of events) is mostly right, so that it is asked.

import protobuf from "protobufjs";
import { CONTAINERD_PROTO, TOPIC } from "../../metadata/containers/protocol/containerd_proto.ts";
import { CRI_PROTO } from "../../metadata/containers/protocol/cri_proto.ts";
import { hostileText } from "./hostile_text.ts";
import type { Random } from "./random.ts";

const TYPES = [CRI_PROTO, CONTAINERD_PROTO].flatMap((proto) => {
  const { root, package: name } = protobuf.parse(proto, { keepCase: true });
  return (root.lookup(name ?? "") as protobuf.NamespaceBase).nestedArray
    .filter((type) => type instanceof protobuf.Type);
});
const STREAMS: Readonly<Record<string, string>> = {
  GetContainerEvents: "ContainerEventResponse",
  Subscribe: "Envelope",
};
const RIGHT_VALUES: Readonly<Record<string, readonly string[]>> = {
  runtime_name: ["containerd", "containerd", "cri-o", "x"],
  topic: Object.values(TOPIC),
  namespace: ["default", "k8s.io", "moby"],
};

export function isStream(method: string): boolean {
  return method in STREAMS;
}

export function messageFor(method: string, random: Random): Uint8Array<ArrayBuffer> {
  const wanted = STREAMS[method] ?? `${method}Response`;
  const fitting = TYPES.filter(({ name }) => name === wanted || name === wanted.replace("Get", "GetImage"));
  const lists = method === "List" ? TYPES.filter(({ name }) => /^List\w+Response$/.test(name)) : [];
  const type = random.pick(random.chance(0.95) ? [...fitting, ...lists, ...TYPES].slice(0, 2) : TYPES);
  return encode(type, random);
}

function encode(type: protobuf.Type, random: Random): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(type.encode(type.fromObject(valueOf(type, random, 0))).finish());
}

function valueOf(type: protobuf.Type, random: Random, depth: number): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const field of type.fieldsArray) {
    field.resolve();
    const right = RIGHT_VALUES[field.name];
    if (depth > 6 || random.chance(right === undefined ? 0.2 : 0.02)) continue;
    const one = () => {
      if (right !== undefined && random.chance(0.9)) return random.pick(right);
      if (field.resolvedType instanceof protobuf.Type) return valueOf(field.resolvedType, random, depth + 1);
      if (field.type === "bytes") return bytesOf(random);
      if (field.type === "bool") return true;
      if (field.type !== "string") return random.below(1 << 30);
      return random.chance(0.5) ? random.hex(64) : hostileText(random).slice(0, 5000);
    };
    if (field.map) value[field.name] = { [hostileText(random).slice(0, 50)]: one() };
    else if (field.repeated) {
      value[field.name] = Array.from({ length: random.pick([0, 1, 3, 3, 3, 300]) }, one);
    } else value[field.name] = one();
  }
  return value;
}

/** Messages in messages: events of containerd, configurations in JSON. */
function bytesOf(random: Random): Uint8Array {
  switch (random.below(4)) {
    case 0:
      return random.bytes(random.below(200));
    case 1:
      return new TextEncoder().encode(
        random.chance(0.5)
          ? "[".repeat(random.pick([10, 100_000]))
          : `{"process":{"env":["A=b"],"user":{"uid":1}}}`,
      );
    default: {
      const events = ["ContainerCreate", "ContainerDelete", "TaskStart"];
      return encode(TYPES.find(({ name }) => name === random.pick(events)) ?? TYPES[0]!, random);
    }
  }
}
