// Runs the tests of one file in a process of their own, so that a hang or a crash names its file and takes nothing
// else along.
// In: the file, how long it may take on an idle machine. Out: its counts, its report, what it hung on.
// Elsewhere: which files run alongside each other (scripts/test.ts), reading the report (scripts/test/summary.ts).

import { join } from "node:path";
import { PatientLimit } from "./patient_limit.ts";
import { type Counts, countsOf } from "./summary.ts";
import { describeThreads } from "./threads.ts";

export interface FileResult {
  readonly file: string;
  readonly counts: Counts;
  readonly success: boolean;
  readonly hung: boolean;
  readonly seconds: number;
  /** what the tests printed, and where its threads stood when it hung */
  readonly report: string;
}

/** For hangs only: the longest file takes half a minute alone. */
const LIMIT_MS = 5 * 60_000;

export async function runFile(root: string, file: string, limitMs = LIMIT_MS): Promise<FileResult> {
  const startMs = performance.now();
  const child = new Deno.Command(Deno.execPath(), {
    // types are checked by `deno task check`
    args: ["test", "-A", "--no-check", join(root, file)],
    cwd: root,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true, // a group of its own: what a test has started ends with it
  }).spawn();
  let threads: string | undefined;
  const stopLimit = PatientLimit.start(limitMs, () => {
    threads = describeThreads(child.pid);
    killGroup(child.pid);
  });
  const [out, err] = [readText(child.stdout), readText(child.stderr)];
  const status = await child.status;
  stopLimit();
  // a child that a failed test left behind would keep the pipes open
  killGroup(child.pid);
  const text = `${await out}${await err}`;
  const counts = countsOf(text);
  const hung = threads !== undefined;
  return {
    file,
    counts: counts ?? { passed: 0, failed: 1, skipped: 0 },
    success: status.success && counts !== undefined && !hung,
    hung,
    seconds: (performance.now() - startMs) / 1000,
    report: threads === undefined ? text : `${text}\n${threads}`,
  };
}

async function readText(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text = (text + chunk).slice(-(1 << 20)); // the summary is at the end
  }
  return text;
}

function killGroup(pid: number): void {
  try {
    Deno.kill(-pid, "SIGKILL");
  } catch {
    // it has ended
  }
}
