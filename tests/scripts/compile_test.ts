import { deepEqual, equal, match, ok, rejects } from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { REGION } from "../../schema/layout.ts";
import { buildMatcher } from "../../scripts/compile/matcher.ts";
import { buildProbe } from "../../scripts/compile/probe.ts";
import { Stamps } from "../../scripts/compile/stamps.ts";
import { staticDataEnd } from "../../scripts/compile/static_data.ts";
import {
  BUILD_NEEDS,
  ensureTools,
  missingMessage,
  PACKAGE_MANAGERS,
  RUN_NEEDS,
} from "../../scripts/compile/toolchain.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

async function withProject(
  files: Readonly<Record<string, string>>,
  body: (root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(join(root, path, ".."), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    }
    await body(root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const MATCHER =
  "const table: usize = memory.data<u8>([1, 2, 3, 4]);\nexport function first(): u32 { return load<u8>(table); }\n";

Deno.test("the matcher is built once, again after a change, and its data lies in the STATIC region", async () => {
  await withProject({ "assembly/index.ts": MATCHER }, async (root) => {
    match((await buildMatcher(root, Stamps.load(root)))[0] ?? "", /^built build\/matcher\.wasm \(\d+ bytes/);
    const binary = await Deno.readFile(join(root, "build/matcher.wasm"));
    const end = staticDataEnd(binary);
    ok(end > REGION.STATIC.at && end <= REGION.STATIC.at + REGION.STATIC.bytes);
    deepEqual(await buildMatcher(root, Stamps.load(root)), []);

    await Deno.writeTextFile(
      join(root, "assembly/index.ts"),
      MATCHER + "export function two(): i32 { return 2; }\n",
    );
    equal((await buildMatcher(root, Stamps.load(root))).length, 1);
    await Deno.remove(join(root, "build/matcher.wasm"));
    equal((await buildMatcher(root, Stamps.load(root))).length, 1);
  });
});

Deno.test("a matcher whose data leaves the STATIC region is refused", async () => {
  const source = `const table: usize = memory.data<u8>([${"7,".repeat(1 << 20)}7]);\n` +
    "export function at(i: u32): u32 { return load<u8>(table + i); }\n";
  await withProject({ "assembly/index.ts": source }, async (root) => {
    await rejects(buildMatcher(root, Stamps.load(root)), /beyond the STATIC region/);
  });
});

Deno.test("a mistake in the matcher's source is reported with its place", async () => {
  await withProject({ "assembly/index.ts": "export function f(): i32 { return x; }\n" }, async (root) => {
    await rejects(buildMatcher(root, Stamps.load(root)), /Cannot find name 'x'[\s\S]*assembly\/index\.ts/);
  });
});

Deno.test({
  name: "the probe is built once, again after a change of a header, and a mistake is reported",
  ignore: BUILD_NEEDS.some((need) => !need.isMet()),
  fn: () =>
    withProject({
      "probe/probe.bpf.c":
        '#include <linux/bpf.h>\n#include "generated/x.h"\nint f(void *c) { (void)c; return X; }\n',
      "probe/preemption.bpf.c": "int g(void *c) { (void)c; return 0; }\n",
      "probe/generated/x.h": "#define X 1\n",
    }, async (root) => {
      const built = await buildProbe(root, Stamps.load(root));
      match(built.join("\n"), /^built build\/probe\.bpf\.o.*\nbuilt build\/preemption\.bpf\.o.*$/);
      deepEqual(await buildProbe(root, Stamps.load(root)), []);
      await Deno.writeTextFile(join(root, "probe/generated/x.h"), "#define X 2\n");
      equal((await buildProbe(root, Stamps.load(root))).length, 2);
      await Deno.writeTextFile(join(root, "probe/generated/x.h"), "#define X nothing\n");
      await rejects(buildProbe(root, Stamps.load(root)), /clang could not compile[\s\S]*nothing/);
    }),
});

Deno.test("damaged stamps only mean that everything is built again", async () => {
  await withProject({ "build/.stamps.json": "{ not json", "assembly/index.ts": MATCHER }, async (root) => {
    equal((await buildMatcher(root, Stamps.load(root))).length, 1);
  });
});

Deno.test("what is missing is named with the package of each package manager", () => {
  const text = missingMessage([...BUILD_NEEDS, ...RUN_NEEDS]);
  match(text, /missing: clang/);
  match(text, /apt-get install .*clang libbpf-dev linux-libc-dev libbpf1/);
  match(text, /dnf install -y clang libbpf-devel kernel-headers libbpf/);
  match(text, /apk add clang libbpf-dev linux-headers libbpf/);
  match(text, /pacman -S --needed clang libbpf linux-api-headers/);
  equal(PACKAGE_MANAGERS.length, 4);
});

Deno.test("nothing is installed when nothing is missing", async () => {
  deepEqual(await ensureTools([{ ...BUILD_NEEDS[0]!, isMet: () => true }]), []);
});

Deno.test("a build without changes says nothing", async () => {
  const build = () =>
    new Deno.Command(Deno.execPath(), { args: ["run", "-A", "scripts/compile.ts"], cwd: ROOT }).output();
  await build();
  const second = await build();
  deepEqual([second.code, new TextDecoder().decode(second.stderr)], [0, ""]);
});
