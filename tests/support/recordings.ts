// The recordings that the tests replay, and what Falco said about them (tests/recordings/README.md).

export const RECORDINGS = new URL("../recordings/", import.meta.url);

export const RECORDING_NAMES = [
  ...["build", "container", "files", "kernel", "net", "privileged", "procs", "scripts", "services"],
];

export function recordingPath(name: string): string {
  return new URL(`${name}.scap`, RECORDINGS).pathname;
}
