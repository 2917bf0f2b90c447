// The one-file executable as users get it: it needs a kernel and glibc, writes nothing, and says what is missing.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Script } from "node:vm";
import { ownArchive, readAsset } from "../../assets/archive.ts";
import { V8_VARIABLES } from "../../assets/environment.ts";
import { buildExecutable } from "../../scripts/compile/executable.ts";
import { placeExecutable } from "../support/executable.ts";
import { liveRefusal } from "../live/falco_process.ts";
import { BareRoot } from "./bare_root.ts";
import { PROJECT } from "../support/program.ts";

const MAX_BYTES = 110e6;
const BAD_RULE =
  "- {rule: r, desc: d, condition: evt.type = open and proc.nam = cat, output: o, priority: INFO}\n";
const refusal = Deno.uid() === 0 ? await liveRefusal() : "needs root, for a root directory of its own";

const folder = Deno.makeTempDirSync({ prefix: "falco-executable-" });
const FALCO = `${folder}/falco`;
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

async function digest(path: string): Promise<string> {
  return createHash("sha256").update(await Deno.readFile(path)).digest("hex");
}

/** A script of the folder, in a process of its own. @returns what it has said */
async function runScript(name: string, env: Record<string, string>): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-read", "--allow-env", name],
    cwd: folder,
    env,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return text(stdout) + text(stderr);
}

function test(name: string, run: () => Promise<void>): void {
  Deno.test({
    name: refusal === null ? name : `${name} (skipped: ${refusal})`,
    ignore: refusal !== null,
    fn: run,
  });
}

Deno.test("the same inputs give the same bytes, fewer than 110 MB", async () => {
  await placeExecutable(FALCO);
  const before = await digest(FALCO);
  await buildExecutable(PROJECT, { output: FALCO, kind: "launcher" });
  assert.equal(await digest(FALCO), before);
  const { size } = Deno.statSync(FALCO);
  assert.ok(size < MAX_BYTES, `${size} bytes`);
});

Deno.test("the runtime takes what the build has found in the program, so that no start takes it apart", async () => {
  const archive = ownArchive(FALCO);
  for (const name of ["program.js", "program.cache"]) {
    Deno.writeFileSync(`${folder}/${name}`, readAsset(archive, name)!);
  }
  const script = `import { takesCodeCache } from ${JSON.stringify(`${PROJECT}scripts/compile/code_cache.ts`)};
const text = Deno.readTextFileSync("program.js"), cache = Deno.readFileSync("program.cache");
console.log(takesCodeCache(text, cache), takesCodeCache(text + " ", cache));`;
  Deno.writeTextFileSync(`${folder}/take.js`, script);
  assert.equal(await runScript("take.js", V8_VARIABLES), "true false\n");
});

Deno.test("the build has found the code of functions that read rules, and not only where functions are", () => {
  const archive = ownArchive(FALCO);
  const text = new TextDecoder().decode(readAsset(archive, "program.js"));
  const bare = new Script(text).createCachedData().length;
  const found = readAsset(archive, "program.cache")!.length;
  assert.ok(found > 2 * bare, `${found} bytes, ${bare} without anything having run`);
});

Deno.test("programs and threads are ASCII, which V8 keeps in half the memory of anything else", () => {
  const archive = ownArchive(FALCO);
  const names = Object.keys(archive.index).filter((name) => name.endsWith(".js"));
  assert.ok(names.length >= 5);
  for (const name of names) assert.ok(readAsset(archive, name)!.every((byte) => byte < 0x80), name);
});

Deno.test("the engine's thread begins without the runtime's modules for Node", async () => {
  const script = `Object.defineProperty(globalThis, "process", { get: () => { throw new Error("loaded") } });
new Function(Deno.readTextFileSync("engine_worker.js"))();
console.log(typeof self.onmessage);`;
  Deno.writeFileSync(`${folder}/engine_worker.js`, readAsset(ownArchive(FALCO), "engine_worker.js")!);
  Deno.writeTextFileSync(`${folder}/begin.js`, script);
  assert.equal(await runScript("begin.js", {}), "function\n");
});

test("in a root with glibc and nothing else it checks, lists and replays, and writes nothing", async () => {
  using root = new BareRoot(FALCO);
  Deno.writeTextFileSync(root.at("bad.yaml"), BAD_RULE);
  const before = root.contents();
  const version = await root.falco(["--version"]);
  assert.deepEqual([version.code, version.stderr], [0, ""]);
  assert.match(version.stdout, /^Falco version: \d/);
  const check = await root.falco(["check", "/bad.yaml"]);
  assert.equal(check.code, 1);
  assert.match(check.stdout + check.stderr, /proc\.name/);
  assert.match((await root.falco(["list", "rules"])).stdout, /falco_rules\.yaml \(bundled\):\d+/);
  const replay = await root.falco(["replay", "/nowhere.scap"]);
  assert.equal(replay.code, 1);
  assert.match(replay.stderr, /no such file/);
  assert.deepEqual(root.contents(), before);
});

test("in such a root it watches the host with the libbpf that it carries", async () => {
  using root = new BareRoot(FALCO);
  const before = root.contents();
  const child = root.command(["-o", "json_output=true", "-M", "20"]).spawn();
  const log = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  let seen = "";
  while (!/watching system calls/.test(seen)) {
    const { value, done } = await log.read();
    assert.ok(!done, seen);
    seen += value;
  }
  log.releaseLock();
  await new Deno.Command("cat", { args: ["/etc/shadow"], stdout: "null" }).output();
  let alerts = "", isTold = false;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    alerts += text;
    if (isTold || !alerts.includes("/etc/shadow")) continue;
    // once: a second signal would end it at once, with another code
    child.kill("SIGINT");
    isTold = true;
  }
  assert.match(alerts, /"fd\.name":"\/etc\/shadow"/);
  assert.equal((await child.status).code, 0);
  await child.stderr.cancel().catch(() => {});
  assert.deepEqual(root.contents(), before);
});

test("in such a root falco doctor starts itself once more, and events of every family arrive", async () => {
  using root = new BareRoot(FALCO);
  const { code, stdout, stderr } = await root.falco(["doctor"]);
  assert.deepEqual([code, stderr], [0, ""], stdout);
  assert.match(stdout, /^ok +libbpf .*carried by this executable$/m);
  assert.match(stdout, /^ok +self-test: security /m);
});

test("what is missing is said, with a remedy", async () => {
  using root = new BareRoot(FALCO);
  const noProc = await root.falco(["--version"], { withProc: false });
  assert.equal(noProc.code, 1);
  assert.match(noProc.stderr, /no \/proc.*\n {2}remedy: mount it/s);

  Deno.truncateSync(root.at("bin/falco"), 50_000_000);
  const short = await root.falco(["--version"]);
  assert.match(short.stderr, /incomplete\n {2}remedy: copy it again/);

  Deno.copyFileSync(FALCO, root.at("bin/falco"));
  Deno.writeTextFileSync(root.at(`/lib/${Deno.build.arch}-linux-gnu/libc.so.6`), "an old one");
  const old = await root.falco(["--version"]);
  assert.match(old.stderr, /C library of this host is too old\n {2}remedy: .*2\.28/);
});

test("with a set-user-ID bit or file capabilities it refuses, for its caller chooses the settings", async () => {
  const call = async (prepare: readonly string[]) => {
    const path = `${folder}/privileged`;
    Deno.copyFileSync(FALCO, path);
    Deno.chmodSync(path, 0o755);
    await new Deno.Command(prepare[0]!, { args: [...prepare.slice(1), path] }).output();
    const args = ["--reuid=65534", "--regid=65534", "--clear-groups", path, "--version"];
    const { code, stderr } = await new Deno.Command("setpriv", { args, cwd: "/" }).output();
    Deno.removeSync(path);
    return { code, text: new TextDecoder().decode(stderr) };
  };
  Deno.chmodSync(folder, 0o755);
  for (const prepare of [["chmod", "u+s"], ["setcap", "cap_bpf+ep"]]) {
    const { code, text } = await call(prepare);
    assert.equal(code, 1);
    assert.match(text, /refuses to run with rights that its caller does not have.*\n {2}remedy: /s);
  }
  assert.equal((await call(["true"])).code, 0);
});

test("a low hard limit of open files is told as what it is", async () => {
  const run = async (limit: number, ...args: string[]) => {
    const { code, stderr } = await new Deno.Command("prlimit", {
      args: [`--nofile=${limit}:${limit}`, "--", FALCO, ...args],
      stdin: "null",
      stdout: "null",
    }).output();
    return { code, text: new TextDecoder().decode(stderr) };
  };
  for (const limit of [20, 127]) {
    const { code, text } = await run(limit, "--version");
    assert.equal(code, 1);
    assert.match(text, /^Error: the limit of open files is too low\n {2}remedy: .*LimitNOFILE/);
  }
  assert.equal((await run(128, "--version")).code, 0);
  const { code, text } = await run(150, "-M", "1", "-o", "webserver.enabled=false");
  assert.equal(code, 1);
  assert.match(
    text,
    /too few files\n {2}tried: .*\n {2}found: RLIMIT_NOFILE is 150.*\n {2}remedy: .*LimitNOFILE/,
  );
});

test("limits under which the runtime would crash are told as what they are, soft ones are raised", async () => {
  const version = async (...limit: string[]) => {
    const { code, stderr } = await new Deno.Command("prlimit", {
      args: [...limit, "--", FALCO, "--version"],
      stdin: "null",
      stdout: "null",
    }).output();
    return { code, text: new TextDecoder().decode(stderr) };
  };
  for (
    const [limit, bytes, words] of [
      ["as", 1 << 30, /^Error: the limit of address space is too low\n {2}remedy: .*LimitAS/],
      ["data", 256 << 20, /^Error: the limit of data is too low\n {2}remedy: .*LimitDATA/],
      ["fsize", 1 << 20, /^Error: the limit of file sizes is too low\n {2}remedy: .*LimitFSIZE/],
      ["stack", 64 << 10, /^Error: the limit of the stack is too low\n {2}remedy: .*LimitSTACK/],
    ] as const
  ) {
    const { code, text } = await version(`--${limit}=${bytes}:${bytes}`);
    assert.equal(code, 1);
    assert.match(text, words);
    assert.deepEqual(await version(`--${limit}=${bytes}:unlimited`), { code: 0, text: "" });
  }
});

test("a working folder that has been removed is told as what it is", async () => {
  const { code, stderr } = await new Deno.Command("sh", {
    args: ["-c", 'mkdir "$1" && cd "$1" && rmdir "$1" && exec "$0" --version', FALCO, `${folder}/gone`],
  }).output();
  assert.equal(code, 1);
  assert.match(
    new TextDecoder().decode(stderr),
    /^Error: the working folder has been removed.*\n {2}remedy: /,
  );
});

test("nothing is put into memory to be executed, and the process has the executable's name", async () => {
  const strict = `${folder}/no_memfd`;
  const source = new URL("no_memfd.c", import.meta.url).pathname;
  const { success } = await new Deno.Command("cc", { args: ["-o", strict, source] }).output();
  assert.ok(success);
  const { code } = await new Deno.Command(strict, { args: [FALCO, "--version"], stdin: "null" }).output();
  assert.equal(code, 0);

  const options = ["-o", "webserver.enabled=false"];
  const child = new Deno.Command(FALCO, { args: options, stdin: "null", stdout: "piped", stderr: "piped" })
    .spawn();
  const log = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  for (let seen = ""; !/watching system calls/.test(seen);) {
    const { value, done } = await log.read();
    assert.ok(!done, seen);
    seen += value;
  }
  const of = (name: string) => Deno.readTextFileSync(`/proc/${child.pid}/${name}`);
  try {
    // its own kind starts without an alert
    await new Deno.Command(FALCO, { args: ["--version"] }).output();
    await new Deno.Command("cat", { args: ["/etc/shadow"], stdout: "null" }).output();
    const alerts = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let raised = "";
    while (!/\/etc\/shadow/.test(raised)) raised += (await alerts.read()).value ?? assert.fail(raised);
    assert.doesNotMatch(raised, /memory|memfd/i);
    alerts.cancel().catch(() => {});
    assert.equal(Deno.readLinkSync(`/proc/${child.pid}/exe`), FALCO);
    assert.equal(of("comm"), "falco\n");
    assert.deepEqual(of("cmdline").split("\0"), [FALCO, ...options, ""]);
    assert.doesNotMatch(of("maps"), /x[ps] .*memfd:falco/);
    // the runtime's text is the file's own pages
    const text = of("maps").split("\n").filter((line) => / r-xp .*\/falco$/.test(line));
    assert.ok(text.some((line) => {
      const [from = "0", to = "0"] = line.split(/[- ]/);
      return parseInt(to, 16) - parseInt(from, 16) > 32e6;
    }));
  } finally {
    child.kill("SIGTERM");
    while (!(await log.read()).done);
    assert.equal((await child.status).code, 0);
  }
});

Deno.test("the way over deno compile goes as far as its runtime can be had", async () => {
  const output = `${folder}/compiled`;
  try {
    await buildExecutable(PROJECT, { output, kind: "compiled" });
  } catch (error) {
    console.log(`deno compile: ${error instanceof Error ? error.message : error}`);
    return assert.match(String(error), /denort|download|error sending request|compile/i);
  }
  const { code, stdout } = await new Deno.Command(output, { args: ["--version"] }).output();
  assert.equal(code, 0);
  assert.match(new TextDecoder().decode(stdout), /^falco \d/);
});
