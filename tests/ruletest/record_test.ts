// `falco test --record`: what a command does on this host becomes a case that passes.

import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../main.ts", import.meta.url));

Deno.test({
  name: "a command that is recorded becomes a case that expects what fired, and passes",
  ignore: Deno.uid() !== 0,
  async fn() {
    const folder = await Deno.makeTempDir();
    const falco = async (...args: readonly string[]) => {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", "--cached-only", MAIN, ...args],
        cwd: folder,
        stdin: "null",
      }).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      return { code, stdout: text(stdout), stderr: text(stderr) };
    };
    try {
      const recorded = await falco("test", "--record", "password file", "--", "cat", "/etc/shadow");
      assert.equal(recorded.code, 0, recorded.stderr);
      const tests = await Deno.readTextFile(join(folder, "password_file.test.yaml"));
      assert.match(tests, /- scap: "password_file\.scap"/);
      assert.match(tests, /rule: "Read sensitive file untrusted", times: 1, priority: Warning/);
      const run = await falco("test");
      assert.equal(run.code, 0, run.stdout);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
