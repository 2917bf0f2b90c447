// The thread of one stranger. In and out: messages (stranger_thread.ts).
// It and its processes are nice: what is measured is what strangers write, and not that they take all processors.

import { anySyscall } from "../../ffi/any_syscall.ts";
import { Random } from "./random.ts";
import type { Prepared } from "./stranger.ts";
import type { FromStranger, ToStranger } from "./stranger_thread.ts";
import { STRANGERS } from "./strangers/index.ts";

interface Scope {
  onmessage: ((event: MessageEvent<ToStranger>) => void) | null;
  postMessage(message: FromStranger): void;
}
const scope = self as unknown as Scope;
const COUNTS_EVERY_MS = 1000;
const SETPRIORITY = Deno.build.arch === "aarch64" ? 140 : 141;
const NICE = 15n;

// of this thread
anySyscall(SETPRIORITY, [0n, 0n, NICE]);

let prepared: Prepared | undefined;
let counting: ReturnType<typeof setInterval> | undefined;
// what this stranger's peers do to its connections is no failure of the run
self.addEventListener("unhandledrejection", (event) => event.preventDefault());

scope.onmessage = async ({ data }) => {
  try {
    switch (data.kind) {
      case "prepare": {
        const { seed, ...lab } = data.lab;
        prepared = await STRANGERS[data.name]!.prepare({ ...lab, random: new Random(seed).fork(data.name) });
        scope.postMessage({ kind: "prepared", settings: prepared.settings ?? {} });
        break;
      }
      case "start":
        prepared?.start();
        counting = setInterval(tell, COUNTS_EVERY_MS);
        break;
      case "stop":
        clearInterval(counting);
        await prepared?.stop();
        tell();
        scope.postMessage({ kind: "stopped" });
    }
  } catch (error) {
    scope.postMessage({ kind: "failed", reason: error instanceof Error ? error.message : String(error) });
  }
};

function tell(): void {
  if (prepared !== undefined) scope.postMessage({ kind: "counts", counts: { ...prepared.counts() } });
}
