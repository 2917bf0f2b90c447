// The environment that falco is started with, and how much of it the runtime sees. The dynamic loader, the C library and
// the runtime load code, open ports, write files and switch checks off by what they find there, under names that grow
// with each version: so they get what is listed here and nothing else. Every other variable is renamed on the way in
// and found by `givenEnvironment`, for those that settings name (`${TOKEN}`) and for programs that falco starts.
// In: the environment. Out: the same for the runtime; the one that was given.
// Elsewhere: the launcher, which does the same from a header made of these lists (scripts/compile/environment_header.ts);
// what falco's own variables mean (config/environment.ts).

/** What falco itself reads, what the runtime may know: proxies, time zone, terminal. */
export const PASSED: readonly string[] = [
  ...["HOST_ROOT", "NODE_NAME", "KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT"],
  ...["NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC"],
  ...["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"],
  ...["http_proxy", "https_proxy", "all_proxy", "no_proxy"],
  ...["TZ", "TERM", "COLORTERM", "NO_COLOR"],
];

/** Names that begin so are passed as well. */
export const PASSED_PREFIX = "FALCO_";

/** Names that reach nobody, or begin so when they end in `_`: the loader and the shell run code by them, in programs too. */
export const WITHHELD: readonly string[] = [
  ...["LD_", "GLIBC_TUNABLES", "GCONV_PATH"],
  ...["BASH_ENV", "BASH_FUNC_", "SHELLOPTS", "BASHOPTS", "ENV", "PS4", "IFS"],
];

/** What a variable that is not passed is called meanwhile. */
export const GIVEN_PREFIX = "FALCO_GIVEN_";

/**
 * For V8, set from the source tree, too.
 *
 * The collector of garbage waits until the heap has grown by 30 %, instead of up to four times, and the place for new
 * objects has 2 MiB (each thread has one, three times as large when it is full): where strangers send much that is read
 * and dropped, 235 MiB instead of 450.
 *
 * JavaScript is optimized after ten times as many calls as by default. A start is over before what is optimized earlier has
 * paid, and that was a tenth of its CPU; events are evaluated by WebAssembly, and what an alert calls gets there soon.
 */
const V8_FLAGS = [
  "--heap-growing-percent=30",
  "--max-semi-space-size=2",
  "--invocation-count-for-maglev=4000",
  "--invocation-count-for-maglev-osr=1000",
  "--invocation-count-for-turbofan=30000",
];

export const V8_VARIABLES = { DENO_V8_FLAGS: V8_FLAGS.join(",") } as const;

/** Set for the runtime by the launcher: nothing is read from or cached on the disk, and nobody is asked for updates. */
export const RUNTIME_VARIABLES: Readonly<Record<string, string>> = {
  DENO_DIR: "/proc/none",
  // it reads .npmrc there, and would ask the C library for the home of root otherwise
  HOME: "/proc/none",
  DENO_NO_UPDATE_CHECK: "1",
  DENO_NO_PACKAGE_JSON: "1",
  // on a terminal the runtime would say that it has no cache
  DENO_LOG: "error,deno::cache=off",
  ...V8_VARIABLES,
};

/** Where the runtime finds what the source tree imports. */
const SOURCE_TREE_VARIABLES: readonly string[] = [
  "DENO_DIR",
  "DENO_NO_UPDATE_CHECK",
  "HOME",
  "XDG_CACHE_HOME",
];

type Variables = Readonly<Record<string, string>>;

/** For the runtime, from the source tree; what has been through this comes out as it is. */
export function runtimeEnvironment(given: Variables): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (isWithheld(name)) continue;
    // a name that has been renamed stays as it is
    if (isPassed(name) || name.startsWith(GIVEN_PREFIX)) passed[name] = value;
    else {
      if (SOURCE_TREE_VARIABLES.includes(name)) passed[name] = value;
      passed[GIVEN_PREFIX + name] = value;
    }
  }
  return passed;
}

/**
 * What falco was started with, but for what is withheld. What is neither passed nor renamed is the runtime's own: it puts
 * a folder of its cache before PATH, and where it sees no PATH, that folder alone.
 */
export function givenEnvironment(runtime: Variables = Deno.env.toObject()): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(runtime)) {
    if (isPassed(name)) given[name] = value;
    else if (name.startsWith(GIVEN_PREFIX)) given[name.slice(GIVEN_PREFIX.length)] = value;
  }
  for (const name of Object.keys(given).filter(isWithheld)) delete given[name];
  return given;
}

function isPassed(name: string): boolean {
  return PASSED.includes(name) || name.startsWith(PASSED_PREFIX) && !name.startsWith(GIVEN_PREFIX);
}

function isWithheld(name: string): boolean {
  return WITHHELD.some((prefix) => prefix.endsWith("_") ? name.startsWith(prefix) : name === prefix);
}
