import assert from "node:assert/strict";
import { distrust } from "../../ffi/trusted_path.ts";

Deno.test({
  name: "a path is trusted when neither it nor a folder above it is another's, links followed",
  ignore: Deno.uid() !== 0,
  fn: () => {
    const folder = Deno.makeTempDirSync({ prefix: "falco-trust-" });
    try {
      const path = `${folder}/inner/lib.so`;
      Deno.mkdirSync(`${folder}/inner`, { mode: 0o755 });
      Deno.writeTextFileSync(path, "");
      assert.equal(distrust(path), undefined);
      Deno.chmodSync(path, 0o666);
      assert.match(distrust(path)!, /lib\.so can be written by everybody/);
      Deno.chmodSync(path, 0o644);
      Deno.chownSync(path, 65534, 0);
      assert.match(distrust(path)!, /belongs to user 65534/);
      Deno.chownSync(path, 0, 0);
      Deno.chmodSync(`${folder}/inner`, 0o777);
      assert.match(distrust(path)!, /inner can be written by everybody/);
      Deno.chmodSync(`${folder}/inner`, 0o775);
      Deno.chownSync(`${folder}/inner`, 0, 65534);
      assert.match(distrust(path)!, /inner can be written by group 65534/);
      Deno.chownSync(`${folder}/inner`, 0, 0);
      Deno.chownSync(folder, 65534, 65534);
      assert.match(distrust(path)!, /belongs to user 65534/);
      Deno.symlinkSync(path, `/tmp/falco-trust-link-${Deno.pid}`);
      assert.match(distrust(`/tmp/falco-trust-link-${Deno.pid}`)!, /belongs to user 65534/);
    } finally {
      Deno.removeSync(folder, { recursive: true });
      Deno.removeSync(`/tmp/falco-trust-link-${Deno.pid}`);
    }
  },
});
