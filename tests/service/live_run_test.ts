// The life of a live run: start, end by signal, by time limit, by a reader that goes away. Needs root and BTF.

import { deepEqual, doesNotMatch, equal, match } from "node:assert/strict";
import { GOOD_RULE, STACK_TRACE, withRules } from "../cli/falco_command.ts";
import { liveRefusal } from "../live/falco_process.ts";
import { rawServer } from "../outputs/sinks/local_server.ts";
import { FALCO, falcoCommand, PROJECT } from "../support/program.ts";

const refusal = await liveRefusal();

function live(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: refusal === null ? name : `${name}: skipped, ${refusal}`, ignore: refusal !== null, fn });
}

/** A run with its standard error collected; resolves `ready` when it watches. */
function start(args: readonly string[]) {
  const child = falcoCommand(args, { stdout: "piped", stderr: "piped" }).spawn();
  let stderr = "";
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const log = (async () => {
    for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
      stderr += chunk;
      if (stderr.includes("watching system calls")) resolve();
    }
    reject(new Error(`it ended before it watched:\n${stderr}`));
  })();
  ready.catch(() => {});
  const end = async () => {
    const { code } = await child.status;
    await log;
    return { code, stderr };
  };
  return { child, ready, end };
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
  return await new Response(stream).text();
}

live(
  "SIGINT: what has happened is still reported, counters are printed, exit 0",
  () =>
    withRules(GOOD_RULE, async (path) => {
      const run = start(["-r", path]);
      const stdout = readAll(run.child.stdout);
      await run.ready;
      new Deno.Command("cat", { args: ["/etc/shadow"] }).outputSync();
      run.child.kill("SIGINT");
      const { code, stderr } = await run.end();
      deepEqual(code, 0, stderr);
      match(await stdout, /^\d\d:\d\d:\d\d\.\d{9}: Warning opened \/etc\/shadow by cat$/m);
      match(stderr, /stopping: SIGINT/);
      match(stderr, /\d+ events in .*, \d+ alerts/);
      match(stderr, /drops 0$/m);
    }),
);

live(
  "SIGTERM: outputs that block or never answer are waited for as long as output_timeout, what they lose is counted",
  () =>
    withRules(GOOD_RULE, async (path) => {
      await using silent = await rawServer((socket) => socket.resume());
      const settings = [
        "http_output.enabled=true",
        `http_output.url=http://127.0.0.1:${silent.port}/`,
        "program_output.enabled=true",
        "program_output.program=sleep 1000",
        "output_timeout=2000",
        "log_syslog=false",
      ];
      const run = start(["-r", path, "-v", ...settings.flatMap((setting) => ["-o", setting])]);
      const stdout = readAll(run.child.stdout);
      await run.ready;
      new Deno.Command("cat", { args: ["/etc/shadow"] }).outputSync();
      run.child.kill("SIGTERM");
      const { code, stderr } = await run.end();
      equal(code, 0, stderr);
      match(await stdout, /opened \/etc\/shadow by cat/);
      match(stderr, /stopping: SIGTERM/);
      match(stderr, /\d+ events in .*, 1 alerts/);
      match(stderr, /drops 0$/m);
      match(stderr, /output stdout: delivered 1, retries 0$/m);
      for (const name of ["http", "program"]) {
        match(stderr, new RegExp(`output ${name}: delivered 0, retries \\d+, dropped 1 \\(closed\\)$`, "m"));
      }
      match(stderr, /Events detected: 1$[^]*WARNING: 1$[^]*counters:$/m);
    }),
);

live(
  "a pid file that cannot be written ends the start with exit 1, the path and a remedy",
  () =>
    withRules(GOOD_RULE, async (path) => {
      const { code, stderr } = await falcoCommand(["-r", path, "-P", "/nowhere/falco.pid"]).output();
      const text = new TextDecoder().decode(stderr);
      equal(code, 1, text);
      match(text, /Cannot write the process id to \/nowhere\/falco\.pid: /);
      match(text, /remedy: /);
      doesNotMatch(text, STACK_TRACE);
    }),
);

live(
  "-M ends the run after its time; the pid file is there meanwhile and gone afterwards",
  () =>
    withRules(GOOD_RULE, async (path) => {
      const pidFile = await Deno.makeTempFile();
      const run = start(["-r", path, "-M", "1", "-P", pidFile]);
      const stdout = readAll(run.child.stdout);
      await run.ready;
      const pid = Number(await Deno.readTextFile(pidFile));
      const { code, stderr } = await run.end();
      await stdout;
      equal(code, 0, stderr);
      equal(pid, run.child.pid);
      match(stderr, /time limit of 1 s/);
      equal(await Deno.stat(pidFile).then(() => true, () => false), false);
    }),
);

live(
  "a reader of standard output that goes away ends the run with exit 1 and a reason",
  () =>
    withRules(GOOD_RULE, async (path) => {
      const run = start(["-r", path]);
      await run.ready;
      await run.child.stdout.cancel();
      // the first write after that may still fit into the pipe's buffer
      const timer = setInterval(() => Deno.readTextFileSync("/etc/shadow"), 50);
      const { code, stderr } = await run.end();
      clearInterval(timer);
      equal(code, 1, stderr);
      match(stderr, /standard output: /);
    }),
);

live(
  "without the right to load eBPF programs the error says what is missing and what to do",
  () =>
    withRules(GOOD_RULE, async (path) => {
      const { code, stdout, stderr } = await new Deno.Command("setpriv", {
        args: [
          ...["--bounding-set", "-all", "--inh-caps", "-all"],
          ...[...FALCO, "-r", path],
        ],
        cwd: PROJECT,
        stdin: "null",
      }).output();
      const text = new TextDecoder().decode(stderr);
      deepEqual([code, stdout.length], [1, 0], text);
      match(text, /^Error: .*\n {2}tried: .*\n {2}found: .*CAP_BPF.*missing\n {2}remedy: /m);
      doesNotMatch(text, STACK_TRACE);
    }),
);
