// containerd that sends what it should not: each such message costs itself, never the engine or falco.

import assert from "node:assert/strict";
import { join } from "node:path";
import { FakeContainerd } from "./fake_containerd.ts";
import { WatchedDirectory } from "./watched_directory.ts";

async function withContainerd(
  test: (containerd: FakeContainerd, seen: WatchedDirectory) => Promise<void>,
  prepare: (containerd: FakeContainerd) => void = () => {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const containerd = new FakeContainerd();
  prepare(containerd);
  const path = join(folder, "containerd.sock");
  await containerd.start(path);
  const seen = new WatchedDirectory([{ engine: "containerd", path }]);
  try {
    await seen.directory.start();
    await containerd.followed();
    await test(containerd, seen);
  } finally {
    seen.directory.close();
    containerd.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

const text = new TextEncoder();
const created = (containerd: FakeContainerd, id: string) =>
  containerd.encode("Envelope", {
    namespace: "default",
    topic: "/containers/create",
    event: { value: containerd.encode("ContainerCreate", { id, image: "shop/web:1.0" }) },
  });

Deno.test("an event that cannot be decoded costs itself: the next one counts, and the engine stays", () =>
  withContainerd(async (containerd, seen) => {
    const malformed = [
      text.encode("no message at all"),
      new Uint8Array([0x0a, 0xff, 0xff, 0xff, 0xff, 0x7f]),
      containerd.encode("Envelope", {
        topic: "/containers/create",
        event: { value: text.encode("\xff\xff") },
      }),
      containerd.encode("Envelope", {
        topic: "/tasks/start",
        event: { value: new Uint8Array([0x0a, 0x50, 1]) },
      }),
      containerd.encode("Envelope", {
        topic: "/containers/delete",
        event: { value: new Uint8Array(9).fill(7) },
      }),
      // groups, nested without end
      containerd.encode("Envelope", {
        topic: "/containers/create",
        event: { value: new Uint8Array(1 << 16).fill(0x0b) },
      }),
    ];
    for (const bytes of malformed) containerd.send(bytes);
    containerd.send(created(containerd, "after-all"));
    await seen.until(() => seen.facts("after-all") !== undefined);
    assert.equal(seen.facts("after-all")?.imagetag, "1.0");
    assert.equal(seen.directory.counters()["containerd.malformed"], malformed.length);
    assert.deepEqual(seen.log.length, 1, `${seen.log}`);
  }));

Deno.test("a namespace whose name fits no header does not take the engine away", () =>
  withContainerd(async (_, seen) => {
    await seen.until(() => seen.facts("listed") !== undefined);
    assert.deepEqual(seen.log, [seen.log[0]], "no trouble");
    assert.match(seen.log[0]!, /is containerd 2\.1$/);
  }, (containerd) => {
    const names = ["", "é", "a\nb", "x".repeat(5000), "grpc-timeout: 1", "\u202e", "-", "good"];
    containerd.namespaces = containerd.encode("ListNamespacesResponse", {
      namespaces: names.map((name) => ({ name })),
    });
    containerd.containers = (namespace) => {
      assert.equal(namespace, "good");
      return containerd.encode("ListContainersResponse", { containers: [{ id: "listed", image: "a:1" }] });
    };
  }));

Deno.test("an answer of eight million empty containers is refused before it is read", () =>
  withContainerd(async (containerd, seen) => {
    containerd.containers = () => new Uint8Array(15 << 20).map((_, at) => at % 2 === 0 ? 0x0a : 0);
    const before = Deno.memoryUsage().rss;
    assert.equal(await seen.lookup("some-id"), false);
    const { "containerd.error": errors } = seen.directory.counters();
    assert.equal(errors, 1);
    assert.ok(Deno.memoryUsage().rss - before < 200 << 20, "memory");
  }));
