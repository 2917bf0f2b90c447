// Build step: the matcher.
// In: assembly/**/*.ts (AssemblyScript). Out: build/matcher.wasm.
// Elsewhere: the memory map that its static data must keep to (schema/layout.ts), instantiating it (engine/).

import { join } from "node:path";
import { REGION } from "../../schema/layout.ts";
import { TABLE } from "../../schema/wire.ts";
import { staticDataEnd } from "./static_data.ts";
import { hashInputs, type Stamps } from "./stamps.ts";

const VERSION = "assemblyscript 0.28.20, binaryen 132.0.0";

/** Sizes, in nodes of a function's tree, up to which it is put into its callers: always, where it calls nothing, into the only one. */
const INLINED = { always: 30, leaves: 120, ofOneCaller: 2 ** 32 - 1 } as const;

const FLAGS = [
  "-O3",
  "--noAssert",
  ...["--runtime", "stub"],
  ...["--enable", "threads", "--enable", "simd"],
  "--importMemory",
  "--sharedMemory",
  ...["--initialMemory", "192"],
  ...["--maximumMemory", "65536"],
  ...["--memoryBase", String(REGION.STATIC.at)],
  "--importTable",
  ...["--tableBase", String(TABLE.MATCHER_FIRST)],
];

export async function buildMatcher(root: string, stamps: Stamps): Promise<string[]> {
  const output = join(root, "build", "matcher.wasm");
  const step = Deno.readTextFileSync(new URL(import.meta.url));
  const hash = hashInputs(join(root, "assembly"), [".ts"], [VERSION, step]);
  if (stamps.isCurrent("matcher", hash, output)) return [];

  const compiled = await compile(root);
  const end = staticDataEnd(compiled);
  const limit = REGION.STATIC.at + REGION.STATIC.bytes;
  if (end > limit) {
    throw new Error(
      `the matcher's static data ends at byte ${end} of its memory, ${
        end - limit
      } bytes beyond the STATIC region; ` +
        "make tables smaller or the region larger (schema/layout.ts)",
    );
  }
  const binary = await inline(compiled);
  Deno.mkdirSync(join(root, "build"), { recursive: true });
  const temporary = `${output}.${Deno.pid}`;
  Deno.writeFileSync(temporary, binary);
  Deno.renameSync(temporary, output);
  stamps.set("matcher", hash);
  const dataKiB = Math.ceil((end - REGION.STATIC.at) / 1024);
  return [`built build/matcher.wasm (${binary.length} bytes, static data ${dataKiB} KiB)`];
}

/** The compiler is loaded only when it is needed: it takes longer than a build without changes may. */
async function compile(root: string): Promise<Uint8Array> {
  const { default: asc } = await import("assemblyscript/asc");
  let binary: Uint8Array | undefined;
  const messages: string[] = [];
  const { error } = await asc.main(["assembly/index.ts", ...FLAGS, "--outFile", "matcher.wasm"], {
    stdout: { write: () => true },
    stderr: { write: (chunk: string | Uint8Array) => messages.push(toText(chunk)) > 0 },
    readFile: (name: string) => {
      // the compiler also probes for names that do not exist
      try {
        return Deno.readTextFileSync(join(root, name));
      } catch {
        return null;
      }
    },
    writeFile: (name: string, content: string | Uint8Array) => {
      if (name === "matcher.wasm" && content instanceof Uint8Array) binary = content;
    },
    listFiles: () => [],
  });
  if (error !== null || binary === undefined) {
    throw new Error(`asc could not compile the matcher:\n${messages.join("").trim() || error?.message}`);
  }
  return binary;
}

function toText(chunk: string | Uint8Array): string {
  return typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
}

/** The compiler itself inlines little, and has no option for more. */
async function inline(binary: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const { default: binaryen } = await import("binaryen");
  const module = binaryen.readBinary(binary);
  const { MVP, SIMD128, Atomics, BulkMemory, BulkMemoryOpt, MutableGlobals, SignExt } = binaryen.Features;
  const used = [MVP, SIMD128, Atomics, BulkMemory, BulkMemoryOpt, MutableGlobals, SignExt];
  module.setFeatures(used.reduce((all, feature) => all | feature));
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  binaryen.setAlwaysInlineMaxSize(INLINED.always);
  binaryen.setFlexibleInlineMaxSize(INLINED.leaves);
  binaryen.setOneCallerInlineMaxSize(INLINED.ofOneCaller);
  binaryen.setAllowInliningFunctionsWithLoops(true);
  module.runPasses(["inlining-optimizing"]);
  return new Uint8Array(module.emitBinary());
}
