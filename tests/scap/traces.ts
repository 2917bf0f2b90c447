// Recordings made with Falco, beside the project; tests that need them say so and skip where they are missing.

const FOLDER = new URL("../../../shared/falco/traces/", import.meta.url);

export const tracesMissing: string | undefined = (() => {
  try {
    Deno.statSync(FOLDER);
    return undefined;
  } catch {
    return "no recordings in ../shared/falco/traces";
  }
})();

export const TRACE_NAMES = [
  ...["build", "container", "files", "kernel", "net", "privileged", "procs", "scripts", "services"],
];

export function tracePath(name: string): string {
  return new URL(`${name}.scap`, FOLDER).pathname;
}
