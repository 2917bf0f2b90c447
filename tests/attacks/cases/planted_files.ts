// A user puts links, hard links, files of his own and FIFOs where falco, as root, is going to write: the process id,
// alerts, rotated alerts, metrics, the spool, captures, recordings. The folder is one that everybody may write, without
// the kernel's own protection (a sticky bit with fs.protected_*).

import assert from "node:assert/strict";
import { must, run } from "../../live/lab.ts";
import { FalcoProcess } from "../../live/falco_process.ts";
import type { Attack } from "../attack.ts";
import type { Target } from "../target.ts";

const RULE = `
- rule: Marked
  desc: a file of the attack's is read
  condition: evt.type in (open, openat, openat2) and fd.name = /etc/hostname
  output: marked
  priority: WARNING
  capture: true
  capture_duration: 200
`;
const KINDS = ["pid", "alerts", "metrics", "spool.db", "recording"];

const attack: Attack = {
  aim: "take over",
  tries: "links, hard links, own files and FIFOs where falco writes",
  isQuick: false,
  async run(target) {
    const folder = Deno.makeTempDirSync({ prefix: "falco-attack-", dir: "/var/tmp" });
    Deno.chmodSync(folder, 0o755);
    try {
      const outcomes: string[] = [];
      for (const way of ["link", "dangling", "hardlink", "own", "fifo"] as const) {
        outcomes.push(await attempt(target, `${folder}/${way}`, way));
      }
      return outcomes.join("; ");
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
};

type Way = "link" | "dangling" | "hardlink" | "own" | "fifo";

async function attempt(target: Target, folder: string, way: Way): Promise<string> {
  const at = (name: string) => `${folder}/shared/${name}`;
  const victim = `${folder}/victim`;
  Deno.mkdirSync(`${folder}/shared`, { recursive: true });
  for (const path of [folder, `${folder}/shared`]) Deno.chmodSync(path, path === folder ? 0o755 : 0o777);
  Deno.writeTextFileSync(victim, "keep");
  for (const kind of KINDS) await plant(way, at(kind), victim);
  Deno.writeTextFileSync(`${folder}/rules.yaml`, RULE);

  const pidFile = await ends(target, ["-P", at("pid"), "-M", "1"]);
  assert.match(pidFile, /Cannot write the process id/);
  const recording = await ends(target, ["record", "-w", at("recording"), "--duration", "1"]);
  assert.match(recording, /Cannot write the recording/);

  const settings = {
    "file_output.enabled": "true",
    "file_output.filename": at("alerts"),
    "file_output.rotate_size_mb": "1",
    "spool.enabled": "true",
    "spool.directory": `${folder}/shared`,
    "metrics.enabled": "true",
    "metrics.interval": "1s",
    "metrics.output_file": at("metrics"),
    "capture.enabled": "true",
    "capture.path_prefix": at("capture"),
    "webserver.enabled": "false",
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  const falco = await target.start(["-r", `${folder}/rules.yaml`, ...options]);
  try {
    await run("cat", "/etc/hostname");
    await falco.alert("Marked");
    await says(falco, /shared\/alerts/);
    await says(falco, /spool.*others could exchange its files/);
    await says(falco, /metrics\.output_file/);
    // while nothing could be written, alerts go on
    await run("cat", "/etc/hostname");
    await falco.logged(() => falco.alerts.filter(({ rule }) => rule === "Marked").length > 1);
  } finally {
    await falco.stop();
  }
  assert.equal(Deno.readTextFileSync(victim), "keep");
  assert.throws(() => Deno.lstatSync(`${victim}-new`), Deno.errors.NotFound);
  for (const { name } of Deno.readDirSync(`${folder}/shared`)) {
    const { isFile, uid, mode } = Deno.lstatSync(at(name));
    if (isFile && uid === 65534) assert.equal(Deno.readTextFileSync(at(name)), "", `${name} was written to`);
    if (name.startsWith("capture")) assert.equal(mode! & 0o777, 0o600);
  }
  return `${way}: refused for ${KINDS.length} kinds`;
}

async function plant(way: Way, path: string, victim: string): Promise<void> {
  switch (way) {
    case "link":
    case "dangling":
      Deno.symlinkSync(way === "link" ? victim : `${victim}-new`, path);
      return void await must("chown", "-h", "65534:65534", path);
    case "hardlink":
      return Deno.linkSync(victim, path);
    case "own":
      Deno.writeTextFileSync(path, "");
      Deno.chmodSync(path, 0o666);
      return Deno.chownSync(path, 65534, 65534);
    case "fifo":
      await must("mkfifo", "-m", "666", path);
      return Deno.chownSync(path, 65534, 65534);
  }
}

async function says(falco: FalcoProcess, words: RegExp): Promise<void> {
  await falco.logged((log) => log.some((line) => words.test(line)));
}

/** What it says; it has to end by itself. */
async function ends(target: Target, args: readonly string[]): Promise<string> {
  const [program = "", ...rest] = target.command;
  const { code, stderr } = await new Deno.Command(program, {
    args: [...rest, ...args],
    stdin: "null",
    stdout: "null",
    signal: AbortSignal.timeout(30_000),
  }).output();
  const text = new TextDecoder().decode(stderr);
  assert.equal(code, 1, text);
  return text;
}

export default attack;
