// The directory of containers, against an engine that comes, goes and misbehaves.

import assert from "node:assert/strict";
import { join } from "node:path";
import { CONTAINER_TYPE } from "../../../schema/wire.ts";
import { fakeContainer, FakeDocker } from "./fake_docker.ts";
import { WatchedDirectory } from "./watched_directory.ts";

async function withEngine(
  test: (docker: FakeDocker, seen: WatchedDirectory) => Promise<void>,
  prepare: (docker: FakeDocker) => void = () => {},
  graceMs?: number,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const docker = new FakeDocker(join(folder, "docker.sock"));
  prepare(docker);
  await docker.start();
  const seen = new WatchedDirectory([{ engine: "docker", path: docker.path }], graceMs);
  try {
    await seen.directory.start();
    await test(docker, seen);
  } finally {
    seen.directory.close();
    await docker.stop();
    await Deno.remove(folder, { recursive: true });
  }
}

const WEB = fakeContainer(1);

Deno.test("containers that are there at the start are known whole", async () => {
  await withEngine((_, seen) => {
    assert.deepEqual(seen.facts(WEB.Id), {
      type: CONTAINER_TYPE.docker,
      id: "000000000001",
      name: "web-1",
      image: "shop/web:1.0",
      imagedigest: "",
      imageid: "abc",
      imagerepo: "shop/web",
      imagetag: "1.0",
      User: "www",
      cni_json: "",
      cpu_period: 100_000,
      cpu_quota: 0,
      cpu_shares: 1024,
      cpuset_cpu_count: 4,
      created_time: 1_767_323_045,
      env: ["A=b"],
      full_id: WEB.Id,
      host_ipc: true,
      host_network: true,
      host_pid: false,
      ip: "10.0.0.7",
      is_pod_sandbox: false,
      labels: { app: "shop" },
      memory_limit: 0,
      swap_limit: 0,
      pod_sandbox_id: "",
      privileged: true,
      pod_sandbox_labels: null,
      port_mappings: [{ HostIp: 0x7f000001, HostPort: 8080, ContainerPort: 80 }],
      Mounts: [{ Source: "/etc", Destination: "/host", Mode: "z", RW: false, Propagation: "rprivate" }],
      size: -1,
      owner_uid: 0,
    });
    return Promise.resolve();
  }, (docker) => docker.containers.set(WEB.Id, WEB));
});

Deno.test("a container is known as soon as its engine says that it was created", async () => {
  await withEngine(async (docker, seen) => {
    await docker.followed();
    docker.containers.set(WEB.Id, WEB);
    docker.emit("create", WEB.Id, { image: "shop/web:1.0", name: "web-1", app: "shop" });
    await seen.until(() => seen.facts(WEB.Id)?.privileged === true);
    const [first] = seen.records;
    assert.equal(first?.facts.name, "web-1", "what the event said comes first");
    assert.equal(first?.facts.imagetag, "1.0");
  });
});

Deno.test("a container that vanished before it could be asked keeps what its event said", async () => {
  await withEngine(async (docker, seen) => {
    await docker.followed();
    docker.emit("create", WEB.Id, { image: "shop/web:1.0", name: "web-1", app: "shop" });
    await seen.until(() => docker.asked.some((path) => path.includes(WEB.Id)) && seen.records.length > 0);
    assert.equal(await seen.lookup("000000000001"), true);
    const { name, imagerepo, labels } = seen.facts(WEB.Id)!;
    assert.deepEqual([name, imagerepo, labels], ["web-1", "shop/web", { app: "shop" }]);
  });
});

Deno.test("a container that events have missed is asked for, one that nobody knows only once in a while", async () => {
  await withEngine(async (docker, seen) => {
    docker.containers.set(WEB.Id, WEB);
    assert.equal(await seen.lookup("000000000001", CONTAINER_TYPE.docker), true);
    assert.equal(seen.facts(WEB.Id)?.name, "web-1");
    const both = ["00000000dead", "00000000dead"].map((id) => seen.lookup(id));
    assert.deepEqual(await Promise.all(both), [false, false]);
    const asked = () => docker.asked.filter((path) => path.includes("dead")).length;
    const before = asked();
    assert.equal(await seen.lookup("00000000dead"), false);
    assert.equal(asked(), before, "not asked again so soon");
    const { known, "docker.found": found, "directory.unknown": unknown } = seen.directory.counters();
    assert.deepEqual([known, found, unknown], [1, 1, 1]);
  });
});

Deno.test("ids that are no ids reach no engine", async () => {
  await withEngine(async (docker, seen) => {
    const before = docker.asked.length;
    for (const id of ["", "..", "../../x", "a\nb", "a/b", "é", "x".repeat(200)]) {
      assert.equal(await seen.lookup(id), false, id);
    }
    assert.equal(docker.asked.length, before);
  });
});

Deno.test("a container without an engine is known by its id", async () => {
  await withEngine(async (_, seen) => {
    assert.equal(await seen.lookup("debian-12", CONTAINER_TYPE.lxc), true);
    assert.deepEqual([seen.facts("debian-12")?.type, seen.facts("debian-12")?.full_id], [1, "debian-12"]);
  });
});

Deno.test("an engine that restarts is followed again: what went meanwhile leaves, what came is known", async () => {
  await withEngine(async (docker, seen) => {
    await docker.followed();
    await docker.stop();
    await seen.until(() => seen.log.some((line) => line.startsWith("warning")));
    const other = fakeContainer(2);
    docker.containers.delete(WEB.Id);
    docker.containers.set(other.Id, other);
    await docker.start();
    await seen.until(() => seen.facts(other.Id)?.privileged === true);
    await docker.followed();
    docker.emit("create", fakeContainer(3).Id, { name: "third", image: "x:1" });
    await seen.until(() => seen.facts(fakeContainer(3).Id)?.name === "third");
    const warnings = seen.log.filter((line) => line.startsWith("warning"));
    assert.ok(warnings.length <= 2, `each trouble is told once: ${warnings}`);
  }, (docker) => docker.containers.set(WEB.Id, WEB));
});

Deno.test("an engine that refuses or talks nonsense is told once and asked again", async () => {
  const answers: ((path: string) => [number, string])[] = [
    () => [500, "no"],
    () => [200, "<html>\u001b[31m\n\n</html>"],
    (path) => path === "/version" ? [200, "{}"] : [400, "client version too new"],
  ];
  for (const answer of answers) {
    await withEngine(async (docker, seen) => {
      await seen.until(() => docker.asked.length >= 2);
      docker.containers.set(WEB.Id, WEB);
      docker.answer = undefined;
      await seen.until(() => seen.facts(WEB.Id)?.name === "web-1");
      assert.equal(seen.log.filter((line) => line.startsWith("warning")).length, 1, `${seen.log}`);
    }, (docker) => {
      docker.answer = (path, response) => {
        const said = answer(path);
        response.writeHead(said[0]);
        response.end(said[1]);
        return true;
      };
    });
  }
});

Deno.test("an answer of 50 MB and one without an end are given up, and others still come", async () => {
  await withEngine(async (docker, seen) => {
    await docker.followed();
    docker.containers.set(WEB.Id, WEB);
    docker.answer = (path, response) => {
      if (path.includes("/00000000b16b")) {
        response.writeHead(200);
        const chunk = `"${"x".repeat(1 << 20)}",`;
        const more = () => {
          while (response.write(chunk));
          response.once("drain", more);
        };
        more();
        return true;
      }
      return path.includes("/0000000000de");
    };
    const [big, hanging, good] = await Promise.all([
      seen.lookup("00000000b16b"),
      seen.lookup("0000000000de"),
      seen.lookup("000000000001"),
    ]);
    assert.deepEqual([big, hanging, good], [false, false, true]);
    const { "docker.error": errors, "docker.timeout": timeouts } = seen.directory.counters();
    assert.deepEqual([errors, timeouts], [1, 1]);
  });
});

Deno.test("hostile events and names do no harm and stay one line of JSON", async () => {
  await withEngine(async (docker, seen) => {
    await docker.followed();
    docker.send("{\n\n[]\nnull\n7\n");
    docker.send(`{"Action":"create","Actor":{"ID":{},"Attributes":[1]}}\n`);
    docker.send(`${"y".repeat(3 << 20)}\n`);
    const labels = Object.fromEntries(
      Array.from({ length: 5000 }, (_, i) => [`label-${i}`, "v\u001b[2J\r\n"]),
    );
    const hostile = fakeContainer(4, {
      Name: "/\u001b]0;x\u0007\n\u2028",
      Config: { Image: `${"a/".repeat(5000)}b:c:d@e@f`, Labels: labels, Env: Array(5000).fill("E=1") },
      Mounts: [null, 7, { Source: {}, RW: "true" }],
      HostConfig: [],
    });
    docker.containers.set(hostile.Id, hostile);
    const text = JSON.stringify({ Action: "create", Actor: { ID: hostile.Id } });
    docker.send(text.slice(0, 20));
    docker.send(`${text.slice(20)}\n`);
    await seen.until(() => seen.facts(hostile.Id)?.Mounts.length === 3);
    const { json, facts } = seen.records.at(-1)!;
    assert.ok([...json].every((character) => character >= " "));
    assert.ok(Object.keys(facts.labels).length <= 1000);
    assert.ok(facts.image.length <= 4096);
    assert.ok(seen.directory.counters()["directory.left_out"]! >= 4000);
    assert.equal(await seen.lookup("000000000004"), true);
  });
});

Deno.test("500 containers that come and go at once are all told, and all forgotten", async () => {
  await withEngine(
    async (docker, seen) => {
      await docker.followed();
      const all = Array.from({ length: 500 }, (_, i) => fakeContainer(1000 + i));
      for (const container of all) {
        docker.containers.set(container.Id, container);
        docker.emit("create", container.Id, {
          name: String(container["Name"]).slice(1),
          image: "shop/web:1.0",
        });
        docker.emit("start", container.Id);
        docker.emit("destroy", container.Id);
      }
      await seen.until(() => docker.asked.some((path) => path.includes(all.at(-1)!.Id)));
      for (const container of all) {
        docker.containers.delete(container.Id);
        docker.emit("destroy", container.Id);
      }
      await seen.until(() => all.every(({ Id }) => seen.facts(Id)?.name !== undefined));
      const added = seen.records.filter(({ name }) => name === "container");
      assert.equal(new Set(added.map(({ facts }) => facts.name)).size, 500);
      await seen.until(() => seen.directory.counters()["known"] === 0);
      const removed = seen.records.filter(({ name }) => name === "container_removed");
      assert.equal(new Set(removed.map(({ facts }) => facts.id)).size, 500);
    },
    () => {},
    50,
  );
});

Deno.test("a socket that comes later is found", async () => {
  const folder = await Deno.makeTempDir();
  const docker = new FakeDocker(join(folder, "docker.sock"));
  const seen = new WatchedDirectory([{ engine: "docker", path: docker.path }]);
  try {
    await seen.directory.start();
    assert.deepEqual(seen.log, [], "an engine that is not installed is no trouble");
    docker.containers.set(WEB.Id, WEB);
    await docker.start();
    await seen.until(() => seen.facts(WEB.Id) !== undefined);
  } finally {
    seen.directory.close();
    await docker.stop();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a container that is renamed has its new name, by event and after the engine's restart", async () => {
  await withEngine(async (docker, seen) => {
    await docker.followed();
    docker.containers.set(WEB.Id, fakeContainer(1, { Name: "/second" }));
    docker.emit("rename", WEB.Id, { name: "second", oldName: "/web-1" });
    await seen.until(() => seen.facts(WEB.Id)?.name === "second");
    assert.equal(seen.facts(WEB.Id)?.privileged, true);
    await docker.stop();
    docker.containers.set(WEB.Id, fakeContainer(1, { Name: "/third" }));
    await docker.start();
    await seen.until(() => seen.facts(WEB.Id)?.name === "third");
    assert.ok(!seen.records.some(({ name }) => name === "container_removed"));
  }, (docker) => docker.containers.set(WEB.Id, WEB));
});

Deno.test("an answer about another container than was asked for is not taken", async () => {
  await withEngine(async (docker, seen) => {
    await docker.followed();
    docker.answer = (path, response) => {
      if (!path.includes("/00000000beef")) return false;
      response.writeHead(200);
      response.end(JSON.stringify(WEB));
      return true;
    };
    assert.equal(await seen.lookup("00000000beef"), false);
    assert.equal(seen.facts(WEB.Id), undefined);
    // it is asked for twice more while its first events wait
    assert.equal(seen.directory.counters()["docker.foreign"], 3);
  });
});

Deno.test("anyone who invents a thousand containers a second keeps nobody's question waiting, nor forgotten", async () => {
  await withEngine(async (docker, seen) => {
    await docker.followed();
    docker.containers.set(WEB.Id, WEB);
    const invented = { parent: "/lxc/evil/x" };
    const asked = Array.from(
      { length: 5000 },
      (_, at) => seen.lookup(`f${at.toString(16).padStart(11, "0")}`, CONTAINER_TYPE.unknown, invented),
    );
    assert.equal(await seen.lookup("000000000001", CONTAINER_TYPE.docker, { parent: "/docker" }), true);
    await Promise.all(asked);
    const { "docker.asked": questions, "directory.crowded": crowded } = seen.directory.counters();
    assert.ok(questions! < 1000 && crowded! > 4000, `${questions} questions, ${crowded} crowded`);
  });
});
