// The first module of the one-file executable: evaluates the program, which is an asset like others. As a module of its
// own the runtime would take it apart at every start, to see what it imports; there is no cache on the disk.
// In: how the file was put together, which the build writes in front. Out: the program, running.
// Elsewhere: the archive (assets/assets.ts), the build (scripts/compile/executable.ts).

import { createRequire } from "node:module";

const path = globalThis.FALCO_EXECUTABLE === "launcher"
  ? "/proc/self/fd/101"
  : new URL("assets.bin", import.meta.url);
const bytes = Deno.readFileSync(path);
const indexBytes = new DataView(bytes.buffer).getUint32(0, true);
const decode = (at, length) => new TextDecoder().decode(bytes.subarray(at, at + length));
const [at, length] = JSON.parse(decode(4, indexBytes))["program.js"];

// the bundle is of the CommonJS kind
globalThis.require = createRequire("file:///");
const module = { exports: {} };
const program = (0, eval)(
  `(function (require, module, exports) {${decode(4 + indexBytes + at, length)}\n})\n//# sourceURL=falco.js`,
);
program(globalThis.require, module, module.exports);
