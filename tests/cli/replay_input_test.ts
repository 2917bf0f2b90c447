// Bad recordings: a clear error with a place in the file, exit 1, and what came before the damage is evaluated.

import { deepEqual, doesNotMatch, equal, match, ok } from "node:assert/strict";
import { gunzipSync, gzipSync } from "node:zlib";
import { falco, STACK_TRACE, withRules } from "./falco_command.ts";
import { recordingPath } from "../support/recordings.ts";
import { falcoCommand, PROJECT } from "../support/program.ts";

const RULES = `${PROJECT}tests/recordings/rules.yaml`;
/** of the recording `files` under these rules */
const ALERTS = 117;

const EVERY_EVENT = `
- rule: Every event
  desc: a test
  condition: evt.num > 0
  output: "%evt.num %proc.cmdline %fd.name"
  priority: INFO
  warn_evttypes: false
`;

async function replay(content: Uint8Array, ...options: readonly string[]) {
  const path = await Deno.makeTempFile({ suffix: ".scap" });
  try {
    await Deno.writeFile(path, content);
    const { code, stdout, stderr } = await falco("replay", path, "-r", RULES, ...options);
    return { code, stderr, alerts: stdout.split("\n").length - 1 };
  } finally {
    await Deno.remove(path);
  }
}

function sound(): { bytes: Uint8Array<ArrayBuffer>; blocks: number[] } {
  const bytes = new Uint8Array(gunzipSync(Deno.readFileSync(recordingPath("files"))));
  const view = new DataView(bytes.buffer);
  const blocks: number[] = [];
  for (let at = 0; at < bytes.length; at += view.getUint32(at + 4, true)) blocks.push(at);
  return { bytes, blocks };
}

interface Damage {
  readonly name: string;
  readonly make: () => Uint8Array;
  readonly message: RegExp;
  /** the share of the alerts that is there before the damage */
  readonly evaluated: boolean;
}

/** The recording with something wrong at its middle; the place is named in the error. */
function damaged(change: (view: DataView, at: number) => void): Uint8Array {
  const { bytes, blocks } = sound();
  change(new DataView(bytes.buffer), blocks[blocks.length >> 1]!);
  return bytes;
}

function headOf(words: readonly (readonly [at: number, value: number])[]): Uint8Array {
  const bytes = sound().bytes.slice(0, 28);
  for (const [at, value] of words) new DataView(bytes.buffer).setUint32(at, value);
  return bytes;
}

const middle = () => sound().blocks[sound().blocks.length >> 1];

const DAMAGES: readonly Damage[] = [
  {
    name: "an empty file",
    make: () => new Uint8Array(0),
    message: /the file is empty$/m,
    evaluated: false,
  },
  {
    name: "a text file",
    make: () => new TextEncoder().encode("- rule: x\n".repeat(9)),
    message: /this is no \.scap file/,
    evaluated: false,
  },
  {
    name: "a file of the other byte order",
    make: () => headOf([[8, 0x1a2b3c4d]]),
    message: /big-endian machine, which is not supported \(at byte 8/,
    evaluated: false,
  },
  {
    name: "a file without events",
    make: () => sound().bytes.slice(0, 28),
    message: /there is no event in it \(at byte 28/,
    evaluated: false,
  },
  {
    name: "a file that ends within a block",
    make: () => sound().bytes.slice(0, (middle() ?? 0) + 9),
    message: /ends within a block, of which it has 9 bytes: it is truncated \(at byte \d{6}/,
    evaluated: true,
  },
  {
    name: "a truncated gzip file",
    make: () => {
      const compressed = Deno.readFileSync(recordingPath("files"));
      return compressed.slice(0, compressed.length >> 1);
    },
    message: /the compressed data end too early: the file is truncated \(at byte \d{6}/,
    evaluated: true,
  },
  {
    name: "a block of 4 GiB",
    make: () => damaged((view, at) => view.setUint32(at + 4, 0xffffffff, true)),
    message: /a block claims a length of 4294967295 bytes, more than the 8 MiB .* \(at byte \d{6}/,
    evaluated: true,
  },
  {
    name: "a block of no length",
    make: () => damaged((view, at) => view.setUint32(at + 4, 0, true)),
    message: /the block is damaged \(at byte \d{6}/,
    evaluated: true,
  },
  {
    name: "an event whose parameters claim more than it has",
    make: () => damaged((view, at) => view.setUint16(at + 8 + 2 + 26, 0xffff, true)),
    message: /the block that begins at byte \d{6} is damaged \(at byte \d{6}/,
    evaluated: true,
  },
  {
    name: "a zip bomb after the events",
    make: () =>
      new Uint8Array([
        ...gzipSync(sound().bytes.slice(0, middle())),
        ...gzipSync(new Uint8Array(256 << 20), { level: 9 }),
      ]),
    message: /the block is damaged \(at byte \d{6}/,
    evaluated: true,
  },
];

for (const { name, make, message, evaluated } of DAMAGES) {
  Deno.test(
    `${name}: a clear error with a place, exit 1${evaluated ? ", and what came before is evaluated" : ""}`,
    async () => {
      const { code, stderr, alerts } = await replay(make());
      equal(code, 1, stderr);
      match(stderr, message);
      doesNotMatch(stderr, STACK_TRACE);
      if (!evaluated) return equal(alerts, 0);
      ok(alerts > 2 && alerts < ALERTS, `${alerts} alerts`);
      match(stderr, new RegExp(`\\d+ events in .*, ${alerts} alerts: `));
    },
  );
}

Deno.test("the end of a replay is summed up: events, time, alerts by priority and rule", async () => {
  const { code, stderr, alerts } = await replay(sound().bytes);
  equal(code, 0, stderr);
  match(stderr, /16922 events in \d+\.\d s \(\d+ a second\), 117 alerts: 8 Warning, 109 Notice$/m);
  const counts = [...stderr.matchAll(/ {2}(\d+) × \w/g)].map(([, count]) => Number(count));
  equal(counts.reduce((sum, count) => sum + count, 0), alerts);
  doesNotMatch(stderr, /\r|=>/, "no progress bar where there is no terminal");
});

Deno.test("recordings one after the other in one file are evaluated one after the other", async () => {
  const { bytes } = sound();
  const twice = new Uint8Array(bytes.length * 2);
  twice.set(bytes);
  twice.set(bytes, bytes.length);
  const { code, stderr, alerts } = await replay(twice);
  deepEqual([code, alerts], [0, 2 * ALERTS], stderr);
});

Deno.test("engine.kind=replay names a recording in Falco's way", async () => {
  const options = ["engine.kind=replay", `engine.replay.capture_file=${recordingPath("files")}`];
  const { code, stdout, stderr } = await falco("-r", RULES, ...options.flatMap((option) => ["-o", option]));
  deepEqual([code, stdout.split("\n").length - 1], [0, ALERTS], stderr);
});

Deno.test("engine.kind=replay without a recording is a clear error, exit 1", async () => {
  const { code, stdout, stderr } = await falco("-o", "engine.kind=replay");
  deepEqual([code, stdout], [1, ""]);
  match(stderr, /^Error: engine\.kind is replay, but engine\.replay\.capture_file is empty/m);
});

/** Many recordings in one file: as they are, and compressed. */
for (const compressed of [false, true]) {
  const kind = compressed ? "compressed" : "plain";
  Deno.test(`memory stays below 200 MiB, however large the file is: ${kind}`, async () => {
    const path = await Deno.makeTempFile({ suffix: ".scap" });
    try {
      const { bytes } = sound();
      const part = compressed ? gzipSync(bytes, { level: 1 }) : bytes;
      {
        using file = await Deno.open(path, { write: true });
        const writer = file.writable.getWriter();
        for (let written = 0; written < 400 << 20; written += bytes.length) await writer.write(part);
        writer.releaseLock();
      }
      const peakKb = await peakMemoryKb(path);
      ok(peakKb > 10_000 && peakKb < 200 * 1024, `${peakKb} KiB`);
    } finally {
      await Deno.remove(path);
    }
  });
}

/** The largest resident size of a replay; a run that fails is one of 0. */
async function peakMemoryKb(path: string): Promise<number> {
  const child = falcoCommand(["replay", path, "-r", RULES, "-o", "stdout_output.enabled=false"], {
    stdout: "null",
    stderr: "null",
  }).spawn();
  let ended = false;
  const status = child.status.then((status) => {
    ended = true;
    return status;
  });
  let peakKb = 0;
  while (!ended) {
    try {
      const text = await Deno.readTextFile(`/proc/${child.pid}/status`);
      peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(text)?.[1] ?? 0));
    } catch {
      // it has ended
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return (await status).success ? peakKb : 0;
}

Deno.test(
  "a reader that has seen enough (`| head`) ends the replay with exit 1 and a reason, text or JSON",
  () =>
    withRules(EVERY_EVENT, async (rules) => {
      for (const json of [false, true]) {
        const child = falcoCommand([
          ...["replay", recordingPath("container"), "-r", RULES, "-r", rules],
          ...["-o", "rule_matching=all", "-o", `json_output=${json}`],
        ], { stdout: "piped", stderr: "piped" }).spawn();
        const stderr = new Response(child.stderr).text();
        const reader = child.stdout.getReader();
        ok((await reader.read()).value!.length > 0);
        await reader.cancel();
        equal((await child.status).code, 1);
        match(await stderr, /stopping: standard output: Broken pipe/);
        match(await stderr, /alerts that could not be written: \d+$/m);
      }
    }),
);
