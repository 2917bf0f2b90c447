import { equal, match } from "node:assert/strict";
import { progressText, ReplayProgress } from "../../../service/run/replay_progress.ts";

Deno.test("progress shows the share of the file, events, their rate and the time that is left", () => {
  const counters = { EVENTS: 3_000_000n, trace_file_bytes_read: 250n, trace_file_bytes: 1000n };
  equal(
    progressText(counters, 2),
    "[=======>                      ]  25 %  3.0 M events  1.5 M/s  about 6 s left",
  );
  match(progressText({ ...counters, trace_file_bytes_read: 1000n }, 2), /^\[={30}\] 100 %/);
});

Deno.test("of a pipe, whose length is not known, progress shows events", () => {
  equal(
    progressText({ EVENTS: 500n, trace_file_bytes_read: 9n, trace_file_bytes: 0n }, 1),
    "500 events  500/s",
  );
});

Deno.test("where standard error is no terminal nothing is drawn or asked", async () => {
  let written = 0;
  const terminal = { isTerminal: () => false, writeSync: () => written++ };
  const progress = new ReplayProgress(terminal);
  progress.start(() => {
    throw new Error("asked");
  });
  await new Promise((resolve) => setTimeout(resolve, 10));
  progress.erase();
  progress.stop();
  equal(written, 0);
});
