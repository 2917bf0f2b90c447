import assert from "node:assert/strict";
import { type FileResult, runFile } from "../../scripts/test/run_file.ts";

async function runText(text: string, limitMs = 60_000): Promise<FileResult> {
  const folder = Deno.makeTempDirSync({ prefix: "falco-run-file-" });
  try {
    Deno.writeTextFileSync(`${folder}/x_test.ts`, text);
    return await runFile(folder, "x_test.ts", limitMs);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function isRunning(pid: string): boolean {
  try {
    return !/^State:\tZ/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}

Deno.test("a file's tests are counted", async () => {
  const { counts, success } = await runText(`
    Deno.test("a", () => {});
    Deno.test("b", () => { throw new Error("no") });
    Deno.test({ name: "c", ignore: true, fn() {} });`);
  assert.deepEqual([counts, success], [{ passed: 1, failed: 1, skipped: 1 }, false]);
});

Deno.test("a file that does not load is one failure, with its reason in the report", async () => {
  const { counts, success, report } = await runText(`import "./missing.ts";`);
  assert.deepEqual([counts, success], [{ passed: 0, failed: 1, skipped: 0 }, false]);
  assert.match(report, /missing\.ts/);
});

Deno.test("a file that hangs is ended, and the report says where its threads stood", async () => {
  const { hung, success, counts, report } = await runText(
    `Deno.test("a", () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));`,
    4000,
  );
  assert.deepEqual([hung, success, counts.failed], [true, false, 1]);
  assert.match(report, /^thread \d+ \S+: S, \d+ ticks/m);
});

Deno.test("what a test left running ends with its file", async () => {
  const { report } = await runText(`
    Deno.test({ name: "a", sanitizeResources: false, sanitizeOps: false, fn() {
      const child = new Deno.Command("sleep", { args: ["600"] }).spawn();
      child.unref();
      console.log("child=" + child.pid);
    } });`);
  const pid = /child=(\d+)/.exec(report)?.[1];
  assert.ok(pid !== undefined, report);
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
});
