// The way up a log's tree, compared with the tree itself as RFC 6962 defines it.

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { rootHash } from "../../artifacts/signature/keyless/inclusion.ts";
import { pathTo, treeHash } from "./sigstore/fake_log.ts";

const LEAVES = Array.from({ length: 34 }, (_, at) => Buffer.from(`entry ${at}`));
const OTHER = Buffer.alloc(32);

Deno.test("inclusion: each entry of trees of all sizes leads to the root, and to no other from another place", () => {
  for (let size = 1; size <= LEAVES.length; size++) {
    const leaves = LEAVES.slice(0, size);
    const root = treeHash(leaves);
    for (const [at, leaf] of leaves.entries()) {
      const path = pathTo(leaves, at);
      const found = (index: number, of = size, hashes = path) =>
        rootHash(leaf, BigInt(index), BigInt(of), hashes)?.equals(root) === true;
      const where = `${at} of ${size}`;
      assert.ok(found(at), where);
      assert.ok(!found(at + size), `${where}, beyond the end`);
      for (const index of leaves.keys()) assert.ok(index === at || !found(index), `${where} at ${index}`);
      assert.ok(!found(at, size, [...path, OTHER]), `${where}, a hash too many`);
      assert.ok(size === 1 || !found(at, size, path.slice(1)), `${where}, a hash too few`);
      assert.ok(size === 1 || !found(at, size, path.slice(0, -1)), `${where}, the last is missing`);
    }
  }
});

Deno.test("inclusion: a way that ends before the root of its tree leads nowhere", () => {
  const leaves = LEAVES.slice(0, 4);
  assert.equal(rootHash(leaves[0]!, 0n, 8n, pathTo(leaves, 0)), undefined);
  assert.equal(rootHash(leaves[0]!, 4n, 4n, pathTo(leaves, 0)), undefined);
  assert.equal(rootHash(leaves[0]!, 0n, 0n, []), undefined);
});
