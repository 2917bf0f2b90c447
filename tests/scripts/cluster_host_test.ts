// A cluster's namespaces: what its programs write to folders that are theirs on any host does not come to this one.

import assert from "node:assert/strict";
import { down } from "../../scripts/cluster/down.ts";
import { mustInside, OWN_FOLDERS, startHolder } from "../../scripts/cluster/host.ts";
import { NODE, Place } from "../../scripts/cluster/place.ts";
import { exists } from "../../scripts/compile/stamps.ts";

const MARK = `falco-mark-${crypto.randomUUID()}`;

Deno.test({
  name:
    "files that a cluster's programs leave where kubelets, runtimes and networks keep theirs are not on the host, and go with it",
  ignore: Deno.build.os !== "linux" || Deno.uid() !== 0,
  fn: async () => {
    const place = new Place(`falco-test-${Deno.pid}`);
    await Deno.mkdir(`${place.state}/log`, { recursive: true });
    try {
      await startHolder(place, NODE);
      const files = OWN_FOLDERS.map((folder) => `${folder}/${MARK}`);
      await mustInside(place, "touch", ...files);
      await mustInside(place, "ls", ...files);
      assert.deepEqual(files.filter(exists), []);
    } finally {
      await down(place);
    }
    assert.ok(!exists(place.state));
  },
});
