// What of the environment reaches the runtime, what falco and its programs find, and that the launcher does the same.

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  givenEnvironment,
  RUNTIME_VARIABLES,
  runtimeEnvironment,
  WITHHELD,
} from "../../assets/environment.ts";
import { expandVariables } from "../../config/environment.ts";
import { environmentHeader } from "../../scripts/compile/environment_header.ts";
import { must } from "../live/lab.ts";
import { PROJECT } from "../support/program.ts";

const HOSTILE = {
  NODE_OPTIONS: "--inspect",
  NODE_EXTRA_CA_CERTS: "/tmp/ca.pem",
  NODE_TLS_REJECT_UNAUTHORIZED: "0",
  DENO_CERT: "/tmp/ca.pem",
  DENO_V8_FLAGS: "--expose-gc",
  SSLKEYLOGFILE: "/tmp/keys",
  OTEL_DENO: "1",
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
  TMPDIR: "/tmp/evil",
  HOME: "/tmp/evil",
  PATH: "/tmp/evil",
};
const LOADED = {
  LD_PRELOAD: "/tmp/evil.so",
  LD_LIBRARY_PATH: "/tmp",
  GLIBC_TUNABLES: "glibc.malloc.check=3",
  BASH_ENV: "/tmp/evil.sh",
  "BASH_FUNC_id%%": "() { evil; }",
  ENV: "/tmp/evil.sh",
};
const OURS = {
  HOST_ROOT: "/host",
  FALCO_HOSTNAME: "n",
  TZ: "UTC",
  HTTPS_PROXY: "http://p:1",
  NODE_NAME: "x",
};

Deno.test("the runtime sees falco's own variables and not those that change what it does", () => {
  const seen = runtimeEnvironment({ ...HOSTILE, ...LOADED, ...OURS, TOKEN: "t", ENVIRONMENT: "e" });
  for (const name of Object.keys({ ...HOSTILE, ...LOADED, TOKEN: 1 })) {
    // the source tree's runtime finds its packages in the cache below the home
    assert.ok(name === "HOME" || !Object.hasOwn(seen, name), name);
  }
  for (const [name, value] of Object.entries(OURS)) assert.equal(seen[name], value);
  assert.deepEqual(runtimeEnvironment(seen), seen);
  assert.deepEqual(givenEnvironment(seen), { ...HOSTILE, ...OURS, TOKEN: "t", ENVIRONMENT: "e" });
});

Deno.test("what settings and programs find is what was given, but for what loaders and shells run code by", () => {
  const seen = { FALCO_GIVEN_TOKEN: "t", FALCO_GIVEN_LD_PRELOAD: "/x.so", LD_AUDIT: "/x", FALCO_A: "a" };
  const given: Record<string, string> = givenEnvironment({ ...seen, ...RUNTIME_VARIABLES });
  assert.equal(expandVariables("${TOKEN} ${LD_AUDIT}${HOME}.", (name) => given[name]), "t .");
  assert.deepEqual(given, { TOKEN: "t", FALCO_A: "a" });
});

Deno.test("the PATH that the runtime makes for itself reaches no program, whichever it names first", () => {
  const [made, was] = [["PATH", "/cache/node_compat_bin"], ["FALCO_GIVEN_PATH", "/bin"]] as const;
  for (const both of [[made, was], [was, made]]) {
    assert.deepEqual(givenEnvironment(Object.fromEntries(both)), { PATH: "/bin" });
  }
  assert.deepEqual(givenEnvironment({ PATH: "/cache/node_compat_bin" }), {});
});

Deno.test("the launcher gives the runtime the same environment, and what it sets for it", async () => {
  const folder = Deno.makeTempDirSync({ prefix: "falco-environment-" });
  try {
    Deno.writeTextFileSync(`${folder}/environment.h`, environmentHeader());
    const files = [`${PROJECT}tests/assets/print_environment.c`, `${PROJECT}launcher/environment.c`];
    const flags = ["-fsanitize=address,undefined", "-g", `-I${folder}`, `-I${PROJECT}launcher`];
    await must("cc", ...flags, "-o", `${folder}/print`, ...files);
    const name = fc.oneof(
      fc.constantFrom(...Object.keys({ ...HOSTILE, ...LOADED, ...OURS }), ...WITHHELD, "L", "FALCO", "ENVY"),
      fc.stringMatching(/^[A-Z_%]{1,12}$/),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, fc.stringMatching(/^[ -~]{0,20}$/)), async (given) => {
        delete given["HOME"], delete given["DENO_DIR"];
        const words = Object.entries(given).map(([name, value]) => `${name}=${value}`);
        const expected = Object.entries({ ...runtimeEnvironment(given), ...RUNTIME_VARIABLES })
          .map(([name, value]) => `${name}=${value}`);
        const printed = (await must(`${folder}/print`, ...words)).split("\0").slice(0, -1);
        assert.deepEqual(printed.sort(), expected.sort());
      }),
      { numRuns: 100 },
    );
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
