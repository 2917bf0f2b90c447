// Runtimes that are not containerd, as a server of our own: with the interface's events, and without any.
// containerd itself is asked in containerd_test.ts.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import { Server, ServerCredentials, type ServerWritableStream } from "@grpc/grpc-js";
import protobuf from "protobufjs";
import { CONTAINER_TYPE } from "../../../schema/wire.ts";
import { CRI_EVENT, CRI_PROTO, CRI_SERVICE } from "../../../metadata/containers/protocol/cri_proto.ts";
import { WatchedDirectory } from "./watched_directory.ts";

const ID = "ab".repeat(32);
const SANDBOX = "cd".repeat(32);

class FakeCrio {
  readonly containers: { id: string; [key: string]: unknown }[] = [];
  readonly #server = new Server();
  #follower: ServerWritableStream<unknown, unknown> | undefined;

  constructor(readonly path: string, hasEvents: boolean) {
    const { root } = protobuf.parse(CRI_PROTO, { keepCase: true });
    const method = (name: string, request: string, response: string, responseStream = false) => {
      const [ask, tell] = [request, response].map((type) => root.lookupType(`runtime.v1.${type}`)) as [
        protobuf.Type,
        protobuf.Type,
      ];
      const encode = (type: protobuf.Type) => (value: object) =>
        Buffer.from(type.encode(type.fromObject(value)).finish());
      return {
        path: `/${CRI_SERVICE}/${name}`,
        requestStream: false,
        responseStream,
        requestSerialize: encode(ask),
        requestDeserialize: (bytes: Buffer) => ask.decode(bytes),
        responseSerialize: encode(tell),
        responseDeserialize: (bytes: Buffer) => tell.decode(bytes),
      };
    };
    const answers: Record<string, (request: { container_id?: string; filter?: { id?: string } }) => object> =
      {
        Version: () => ({ runtime_name: "cri-o", runtime_version: "1.29.0" }),
        ListContainers: ({ filter }) => ({
          containers: this.containers.filter(({ id }) => id.startsWith(filter?.id ?? "")),
        }),
        ListPodSandbox: () => ({ items: [] }),
        ContainerStatus: ({ container_id }) => ({
          status: {
            id: container_id,
            metadata: { name: "web" },
            image: { image: "sha256:11" },
            image_ref: "quay.io/shop/web@sha256:22",
            mounts: [{ container_path: "/a", host_path: "/b", propagation: 2 }],
          },
          info: { info: JSON.stringify({ privileged: true, runtimeSpec: { annotations: {} } }) },
        }),
        PodSandboxStatus: () => ({
          status: {
            id: SANDBOX,
            metadata: { name: "shop-1", namespace: "prod", uid: "u" },
            network: { ip: "10.1.1.1" },
            linux: { namespaces: { options: { pid: 2 } } },
          },
          info: {
            info: JSON.stringify({ runtimeSpec: { annotations: { "io.kubernetes.cri-o.CNIResult": "{}" } } }),
          },
        }),
      };
    const unary = Object.keys(answers);
    this.#server.addService(
      {
        ...Object.fromEntries(unary.map((name) => [name, method(name, `${name}Request`, `${name}Response`)])),
        ...hasEvents
          ? {
            GetContainerEvents: method(
              "GetContainerEvents",
              "GetEventsRequest",
              "ContainerEventResponse",
              true,
            ),
          }
          : {},
      },
      {
        ...Object.fromEntries(
          unary.map((name) => [
            name,
            (call: { request: object }, done: (error: null, answer: object) => void) =>
              done(null, answers[name]!(call.request)),
          ]),
        ),
        GetContainerEvents: (call: ServerWritableStream<unknown, unknown>) => void (this.#follower = call),
      },
    );
  }

  get isFollowed(): boolean {
    return this.#follower !== undefined;
  }

  emit(container_id: string, container_event_type: number): void {
    this.#follower?.write({ container_id, container_event_type });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.bindAsync(
        `unix://${this.path}`,
        ServerCredentials.createInsecure(),
        (error) => error === null ? resolve() : reject(error),
      );
    });
  }

  stop(): void {
    this.#server.forceShutdown();
  }
}

for (const hasEvents of [true, false]) {
  Deno.test(`a container of CRI-O is known ${hasEvents ? "by its event" : "from the list, where there are no events"}`, async () => {
    const folder = await Deno.makeTempDir();
    const crio = new FakeCrio(join(folder, "crio.sock"), hasEvents);
    await crio.start();
    const seen = new WatchedDirectory([{ engine: "cri", path: crio.path }], 50);
    try {
      await seen.directory.start();
      if (hasEvents) await seen.until(() => crio.isFollowed);
      crio.containers.push({ id: ID, pod_sandbox_id: SANDBOX });
      crio.emit(ID, CRI_EVENT.created);
      await seen.until(() => seen.facts(ID)?.privileged === true);
      const facts = seen.facts(ID)!;
      assert.deepEqual(
        [facts.type, facts.name, facts.image, facts.imagedigest, facts.ip, facts.cni_json, facts.host_pid],
        [CONTAINER_TYPE.cri_o, "web", "quay.io/shop/web", "sha256:22", "10.1.1.1", "{}", true],
      );
      assert.equal(facts.labels["io.kubernetes.pod.name"], "shop-1");
      assert.equal(facts.Mounts[0]?.Propagation, "rshared");
      crio.containers.pop();
      crio.emit(ID, CRI_EVENT.deleted);
      await seen.until(() => seen.records.some(({ name }) => name === "container_removed"));
      assert.deepEqual(seen.log, [`info containers: cri at ${crio.path} is cri-o 1.29.0`]);
    } finally {
      seen.directory.close();
      crio.stop();
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("a containerd without its CRI plugin is no engine of this kind, and no news", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "containerd.sock");
  const server = new Server();
  await new Promise<void>((resolve, reject) =>
    server.bindAsync(
      `unix://${path}`,
      ServerCredentials.createInsecure(),
      (error) => error === null ? resolve() : reject(error),
    )
  );
  const seen = new WatchedDirectory([{ engine: "cri", path }], 50);
  try {
    // returns when the engine has answered
    await seen.directory.start();
    assert.deepEqual(seen.log, []);
  } finally {
    seen.directory.close();
    server.forceShutdown();
    await Deno.remove(folder, { recursive: true });
  }
});
