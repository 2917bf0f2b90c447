// Variables and a working folder of a user reach a falco that runs as root, as by sudo with env_keep: libraries and
// modules to be loaded, a debugger to be opened, keys of TLS to be written, configuration of the runtime.

import assert from "node:assert/strict";
import { must, run } from "../../live/lab.ts";
import type { Attack } from "../attack.ts";
import { DebuggerClient } from "../debugger_client.ts";

const RUNTIME_FILES = [
  "deno.json",
  "package.json",
  ".npmrc",
  ".env",
  "deno.lock",
  "import_map.json",
  "tsconfig.json",
];
const NOT_JSON = "{ this is no configuration";
const LIBRARY = new URL("../evil_library.c", import.meta.url).pathname;

const attack: Attack = {
  aim: "take over",
  tries: "to load code by variables and by files of the working folder",
  isQuick: true,
  async run(target) {
    const folder = Deno.makeTempDirSync({ prefix: "falco-attack-" });
    const [proof, library, module, seen] = ["proof", "evil.so", "evil.cjs", "seen"].map((name) =>
      `${folder}/${name}`
    );
    await must("cc", "-shared", "-fPIC", `-DPROOF="${proof}"`, "-o", library!, LIBRARY);
    Deno.writeTextFileSync(module!, `require("node:fs").writeFileSync(${JSON.stringify(proof)}, "");`);
    for (const name of RUNTIME_FILES) Deno.writeTextFileSync(`${folder}/${name}`, NOT_JSON);
    Deno.chownSync(library!, 65534, 65534);
    // what begins before falco's own first line cannot be helped in the source tree: there it is the user's deno
    const early = target.name === "executable"
      ? [
        `LD_PRELOAD=${library}`,
        `LD_AUDIT=${library}`,
        `SSLKEYLOGFILE=${proof}`,
        `NODE_OPTIONS=--inspect --require ${module}`,
      ]
      : [];
    const variables = [`BASH_ENV=${module}`, "TOKEN=of-the-admin", ...early];
    const cwd = target.name === "executable" ? ["-C", folder] : [];
    const client = await DebuggerClient.start();
    const program =
      `cat >/dev/null; { env; grep SigBlk /proc/self/status; } >${seen}.tmp; mv ${seen}.tmp ${seen}`;
    const options = ["-o", "program_output.enabled=true", "-o", `program_output.program=${program}`];
    const falco = await target.start(options, ["env", ...cwd, ...variables]);
    let text = "";
    try {
      await run("cat", "/etc/shadow");
      await falco.alert("Read sensitive file untrusted");
      text = await whenThere(seen!);
    } finally {
      await falco.stop();
    }
    const refused = await refusesLibbpf([...target.command], library!);
    const isProven = exists(proof!);
    Deno.removeSync(folder, { recursive: true });
    const { tries, accepted } = await client.end();
    assert.equal(isProven, false, "code of the user ran, or a file of its choice was written");
    assert.equal(accepted, 0);
    assert.match(text, /^TOKEN=of-the-admin$/m);
    assert.doesNotMatch(text, /^(LD_|BASH_ENV|FALCO_GIVEN_|DENO_DIR=\/proc)/m);
    assert.match(text, /^SigBlk:\s*0+$/m);
    return `nothing loaded, ${tries} connects refused, programs have the admin's variables and no signal blocked; ${refused}`;
  },
};

async function refusesLibbpf([program = "", ...args]: string[], library: string): Promise<string> {
  const { code, stderr } = await new Deno.Command(program, {
    args: [...args, "-M", "1"],
    env: { FALCO_LIBBPF: library },
    stdin: "null",
    stdout: "null",
  }).output();
  const text = new TextDecoder().decode(stderr);
  assert.equal(code, 1, text);
  assert.match(text, /FALCO_LIBBPF names: others could put code there/);
  return "FALCO_LIBBPF of a user refused";
}

async function whenThere(path: string): Promise<string> {
  const untilMs = performance.now() + 5000;
  while (!exists(path) && performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return Deno.readTextFileSync(path);
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

export default attack;
