// Plays one case on this host or in a container, and puts back what it changed.
// In: a case. Out: nothing; an error when it could not be played.
// Elsewhere: what the processes do (actor.c).

import { must } from "../live/lab.ts";
import type { Call, Case } from "./suite.ts";

/** Values of the constants that suites name. */
const CONSTANTS: Readonly<Record<string, number>> = {
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  O_CREAT: 0o100,
  O_TRUNC: 0o1000,
  AF_PACKET: 17,
  SOCK_RAW: 3,
};
/** Arguments of each call in their order. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  open: ["pathname", "flags", "mode"],
  openat: ["pathname", "flags", "mode"],
  openat2: ["pathname", "flags", "mode"],
  link: ["oldPath", "newPath"],
  linkat: ["oldPath", "newPath"],
  symlink: ["target", "linkPath"],
  symlinkat: ["target", "linkPath"],
  socket: ["domain", "type", "protocol"],
  dup2: ["oldFd", "newFd"],
  dup3: ["oldFd", "newFd", "flags"],
};

export interface Stage {
  readonly actor: string;
  /** where names of processes are put */
  readonly folder: string;
  /** runs a command in the container */
  readonly inContainer: (environment: readonly string[], ...command: string[]) => Promise<unknown>;
  /** of a user of the host */
  readonly uidOf: (name: string) => number;
}

export async function play(played: Case, stage: Stage, number: number): Promise<void> {
  const folder = played.inContainer ? `/tmp/played/${number}` : `${stage.folder}/${number}`;
  const plan = planOf(played, folder, stage.uidOf);
  if (played.inContainer) return void await stage.inContainer([`ACTOR_PLAN=${plan}`], "/bin/actor");
  const made = makeFiles(played);
  try {
    const inNetwork = played.server === undefined ? [] : networkOf(played.server.host);
    await must("env", `ACTOR_PLAN=${plan}`, ...inNetwork, stage.actor);
  } finally {
    for (const path of made.toReversed()) Deno.removeSync(path);
    for (const path of played.processes.flatMap(({ exe }) => exe ?? [])) Deno.removeSync(path);
    for (const { args } of played.calls) {
      const path = args["newPath"] ?? args["linkPath"];
      if (typeof path === "string") Deno.removeSync(path);
    }
  }
}

/** An address of a network of its own: no packet leaves this host. */
function networkOf(host: string): string[] {
  const setUp = `ip link set lo up && ip addr add ${host}/32 dev lo 2>/dev/null; exec "$@"`;
  return ["unshare", "--net", "sh", "-c", setUp, "sh"];
}

function planOf(
  { processes, before, server, calls }: Case,
  folder: string,
  uidOf: (name: string) => number,
): string {
  return [
    ...processes.map(({ name, exe, args, user, isFileless }, at) => [
      "process",
      user === undefined ? 0 : uidOf(user),
      Number(isFileless),
      exe ?? `${folder}/${at}/${name}`,
      exe ?? name,
      ...args,
    ]),
    ...before === undefined ? [] : [["before", before]],
    ...server === undefined ? [] : [["server", server.protocol, server.host, server.port]],
    ...calls.map((call) => ["call", call.name, ...argumentsOf(call)]),
  ].map((fields) => fields.join("\t")).join("\n");
}

function argumentsOf({ name, args }: Call): (string | number)[] {
  const order = ARGUMENTS[name];
  if (order === undefined) throw new Error(`Cannot play the call ${name}`);
  const all: Record<string, unknown> = { ...args, ...args["how"] as Record<string, unknown> | undefined };
  return order.map((key) => {
    const value = all[key];
    if (value === undefined) return 0;
    if (typeof value === "number") return value;
    const text = String(value);
    if (/^\$\{ \w+\.client\.fd \}$/.test(text)) return "@client";
    if (!/^[A-Z0-9_|]+$/.test(text)) return text;
    return text.split("|").reduce((sum, word) => sum | (CONSTANTS[word] ?? Number(word)), 0);
  });
}

/** Files and folders that are not there; what was made, folders first. */
function makeFiles({ files, calls }: Case): string[] {
  const made: string[] = [];
  const folder = (path: string): void => {
    if (path === "" || exists(path)) return;
    folder(path.slice(0, path.lastIndexOf("/")));
    Deno.mkdirSync(path);
    made.push(path);
  };
  // a traversal walks through folders that it leaves again
  const walked = calls.flatMap(({ args }) => String(args["pathname"] ?? "").split("/../").slice(0, 1));
  for (const path of walked.filter((path) => path !== "" && path.indexOf("/") === 0)) {
    folder(path.slice(0, path.lastIndexOf("/")));
    if (files.some((file) => file.path.startsWith(`${path}/`))) folder(path);
  }
  for (const { path, isFolder } of files) {
    folder(isFolder ? path.replace(/\/$/, "") : path.slice(0, path.lastIndexOf("/")));
    if (isFolder || exists(path)) continue;
    Deno.writeTextFileSync(path, "");
    made.push(path);
  }
  return made;
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
