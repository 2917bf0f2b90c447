// The first module of the one-file executable: evaluates the program, which is an asset like others. As a module of its
// own the runtime would take it apart at every start, to see what it imports; there is no cache on the disk. `--version` alone is
// mostly answered by a small program, without the runtime's modules for Node (cli/plain_version.ts).
// In: how the file was put together, which the build writes in front. Out: the program, running.
// Elsewhere: the archive (assets/archive.ts), the build (scripts/compile/executable.ts).

const isLaunched = globalThis.FALCO_EXECUTABLE === "launcher";
using file = Deno.openSync(isLaunched ? "/proc/self/exe" : new URL("assets.bin", import.meta.url));

function readAt(at, length) {
  file.seekSync(at, Deno.SeekMode.Start);
  const bytes = new Uint8Array(length);
  for (let read = 0; read < length;) {
    const got = file.readSync(bytes.subarray(read));
    if (got === null) throw new Error("The executable is incomplete");
    read += got;
  }
  return bytes;
}

function assetsAt() {
  if (!isLaunched) return 0;
  const trailerAt = file.statSync().size - 40;
  const lengths = new DataView(readAt(trailerAt, 40).buffer);
  return trailerAt - Number(lengths.getBigUint64(16, true)) - Number(lengths.getBigUint64(24, true));
}

const start = assetsAt();
const indexBytes = new DataView(readAt(start, 4).buffer).getUint32(0, true);
const index = JSON.parse(new TextDecoder().decode(readAt(start + 4, indexBytes)));

function asset(name) {
  const [at, length] = index[name];
  return readAt(start + 4 + indexBytes + at, length);
}

const text = (name) => new TextDecoder().decode(asset(name));

/** The bundles are functions of the CommonJS kind (`requireWhenNeeded`: require.js). */
function call(program) {
  const module = { exports: {} };
  program(requireWhenNeeded, module, module.exports);
  return module.exports;
}

if (Deno.args.length === 1 && Deno.args[0] === "--version") {
  const version = call((0, eval)(text("version.js"))).plainVersion();
  if (version !== undefined) {
    console.log(version);
    Deno.exit(0);
  }
}
const { Script } = process.getBuiltinModule("node:vm");
// what the build has found in it; a runtime of another version looks for itself
const cachedData = asset("program.cache");
call(new Script(text("program.js"), { filename: "falco.js", cachedData }).runInThisContext());
