// Whose engine sits at a place: links that lead elsewhere, other files, other users, full queues.

import assert from "node:assert/strict";
import { join } from "node:path";
import { findEnginePlace } from "../../../metadata/containers/engine_place.ts";

async function inFolder(test: (base: string, root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  const base = join(root, "run/user/61001");
  await Deno.mkdir(base, { recursive: true });
  try {
    await test(base, root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const listen = (path: string) => Deno.listen({ transport: "unix", path });
const USER = 61_001;

Deno.test("a link out of a user's folder is as if nothing were there", () =>
  inFolder(async (base, root) => {
    using _server = listen(join(root, "roots.sock"));
    for (
      const [at, target] of [join(root, "roots.sock"), "../../../roots.sock", "/proc/self/root"].entries()
    ) {
      const path = join(base, `${at}.sock`);
      await Deno.symlink(target, path);
      assert.equal(await findEnginePlace({ engine: "podman", path, base, owner: USER }), undefined, target);
    }
    await Deno.symlink(root, join(base, "podman"));
    const path = join(base, "podman/roots.sock");
    assert.equal(await findEnginePlace({ engine: "podman", path, base, owner: USER }), undefined);
  }));

Deno.test("what is no socket, or somebody else's, is refused in words", () =>
  inFolder(async (base) => {
    const path = join(base, "podman.sock");
    const at = { engine: "podman", path, base, owner: USER } as const;
    assert.equal(await findEnginePlace(at), undefined);
    await new Deno.Command("mkfifo", { args: [path] }).output();
    await assert.rejects(findEnginePlace(at), /it is no socket/);
    await Deno.remove(path);
    await Deno.writeTextFile(path, "");
    await assert.rejects(findEnginePlace(at), /it is no socket/);
    await Deno.remove(path);
    using _server = listen(path);
    await Deno.chown(path, USER, USER);
    // whose file it is says nothing: who listens does
    await assert.rejects(findEnginePlace(at), /belongs to user 0 and lies in a folder of user 61001/);
    const place = await findEnginePlace({ engine: "podman", path });
    assert.equal(place?.owner, 0);
    place?.close();
    await Deno.mkdir(join(base, "overlay-containers"));
    const storage = {
      engine: "podman_storage",
      path: join(base, "overlay-containers"),
      base,
      owner: USER,
    } as const;
    await assert.rejects(findEnginePlace(storage), /belongs to user 0/);
  }));

Deno.test("a folder that a mount without a source has made, and what an engine has left behind, are nothing", () =>
  inFolder(async (base) => {
    const path = join(base, "docker.sock");
    await Deno.mkdir(path);
    assert.equal(await findEnginePlace({ engine: "docker", path }), undefined);
    await Deno.remove(path);
    const bound = join(base, "bound.sock");
    {
      using _server = listen(bound);
      // the file stays under its second name
      await Deno.link(bound, path);
    }
    assert.equal(await findEnginePlace({ engine: "docker", path }), undefined);
  }));

Deno.test("an engine that accepts nothing is found out without waiting", () =>
  inFolder(async (base) => {
    const path = join(base, "podman.sock");
    using _server = listen(path);
    let places = 0;
    const fill = async () => {
      for (; places < 100_000; places++) (await findEnginePlace({ engine: "podman", path }))?.close();
    };
    await assert.rejects(fill, /its queue of connections is full/);
    assert.ok(places > 0);
  }));

Deno.test("the place stays the one that was looked at, whatever is put there afterwards", () =>
  inFolder(async (base, root) => {
    const path = join(base, "podman.sock");
    using first = listen(path);
    const place = await findEnginePlace({ engine: "podman", path });
    await Deno.remove(path);
    using _other = listen(join(root, "other.sock"));
    await Deno.symlink(join(root, "other.sock"), path);
    // the first connection was that of the look
    (await first.accept()).close();
    using connection = await Deno.connect({ transport: "unix", path: place!.path });
    using accepted = await first.accept();
    await connection.write(new Uint8Array([7]));
    const got = new Uint8Array(1);
    await accepted.read(got);
    assert.equal(got[0], 7, "the first server was reached");
    place!.close();
  }));
