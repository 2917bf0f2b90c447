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
const decode = (at, length) => new TextDecoder().decode(readAt(start + at, length));
const index = JSON.parse(decode(4, indexBytes));

/** The bundles are of the CommonJS kind. */
function evaluate(name) {
  const [at, length] = index[name];
  const module = { exports: {} };
  const program = (0, eval)(
    `(function (require, module, exports) {${
      decode(4 + indexBytes + at, length)
    }\n})\n//# sourceURL=falco.js`,
  );
  program(globalThis.require, module, module.exports);
  return module.exports;
}

if (Deno.args.length === 1 && Deno.args[0] === "--version") {
  const version = evaluate("version.js").plainVersion();
  if (version !== undefined) {
    console.log(version);
    Deno.exit(0);
  }
}
globalThis.require = process.getBuiltinModule("node:module").createRequire("file:///");
evaluate("program.js");
