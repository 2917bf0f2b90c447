// Settings and rules are read in a thread of their own while falco runs: the main thread answers meanwhile, whatever somebody has
// written into rules, and what comes back is what it would have read itself.

import assert from "node:assert/strict";
import { LoadingThread } from "../../../service/loading/loading_thread.ts";
import { reloadRun } from "../../../service/loading/load_run.ts";
import type { FileDraft } from "../../../operator/mod.ts";

const quiet = () => {};

/** Every item has a mistake: the most work that a file can make. */
const HOSTILE = Array.from({ length: 100 }, (_, number) => ({
  rule: `r${number}`,
  desc: "d",
  condition: `open_read and fd.nam${number} = /x`,
  output: "o".repeat(900),
  priority: "INFO",
}));

Deno.test("loading thread: a reload reads what this thread would have read, and logs what it would have said", async () => {
  const lines: string[] = [];
  const log = (_: string, text: string) => void lines.push(text);
  const there = await new LoadingThread({}, log).do<"reload">({ what: "reload", before: [] });
  assert.deepEqual(there, await reloadRun({}, log, []));
  assert.deepEqual(lines.slice(lines.length / 2), lines.slice(0, lines.length / 2));
});

Deno.test("loading thread: a hostile Rulesfile keeps nobody waiting, and what is wrong with it is told", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("ok"),
  );
  const draft: FileDraft = {
    name: "50-03-hostile-inline.yaml",
    folder: "rules",
    medium: "inline",
    priority: 50,
    bytes: new TextEncoder().encode(JSON.stringify(HOSTILE)),
    isJson: true,
  };
  let isDone = false;
  const examining = new LoadingThread({}, quiet).do<"examine">({
    what: "examine",
    files: [draft],
    folders: { rules: "/nonexistent/rules.d", config: "/nonexistent/config.d" },
  }).finally(() => isDone = true);
  let answers = 0;
  while (!isDone) {
    assert.equal(await (await fetch(`http://127.0.0.1:${server.addr.port}/healthz`)).text(), "ok");
    answers++;
  }
  const { good, refused } = await examining;
  assert.deepEqual(good, []);
  const reason = refused.get(draft.name)!;
  assert.match(
    reason,
    /^50-03-hostile-inline\.yaml:3:\d+: .*`fd\.nam0`.*; 97 more mistakes; nothing of the file counts$/,
  );
  // a thread that is held up answers once, after the rules
  assert.ok(answers > 10, String(answers));
});

Deno.test("loading thread: what takes too long is given up, and what is wrong is an error with its reason", async () => {
  const late = new LoadingThread({}, quiet, 1).do<"reload">({ what: "reload", before: [] });
  await assert.rejects(late, /settings and rules take more than 0\.001 s to read/);
  const wrong = new LoadingThread({ option: ["json_outputt=true"] }, quiet);
  await assert.rejects(wrong.do<"reload">({ what: "reload", before: [] }), /json_outputt/);
  const stop = AbortSignal.abort();
  await assert.rejects(wrong.do<"reload">({ what: "reload", before: [] }, stop), /the run ends/);
});
