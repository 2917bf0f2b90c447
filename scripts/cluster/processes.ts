// Starts, ends and counts the processes of a cluster.
// In: the place, a part. Out: processes with their numbers in pid files and their words in log/.
// Elsewhere: their settings (parts.ts), the namespaces in which they run (host.ts).

import { exists } from "../compile/stamps.ts";
import { insideOf } from "./host.ts";
import { nodeOf, type Part } from "./parts.ts";
import { MARK, type Place } from "./place.ts";

/** Detached: it lives until `down`. */
export async function startPart(place: Place, part: Part, command: readonly string[]): Promise<void> {
  const { state } = place;
  const words = [...insideOf(place, "/", nodeOf(part)), ...command].map(quoted).join(" ");
  // what restart needs to start it as it was
  await Deno.writeTextFile(`${state}/log/${part}.command`, JSON.stringify(command));
  const script = `ulimit -n 65536; setsid ${words} >>${state}/log/${part}.log 2>&1 </dev/null & ` +
    `echo $! >${state}/log/${part}.pid`;
  await new Deno.Command("sh", { args: ["-c", script], env: place.environment, cwd: state }).output();
}

/** Killed, away for so long, started as it was. */
export async function restartPart(place: Place, part: Part, awayMs: number): Promise<void> {
  const command = JSON.parse(await Deno.readTextFile(`${place.state}/log/${part}.command`));
  killPart(place, part);
  await new Promise((resolve) => setTimeout(resolve, awayMs));
  await startPart(place, part, command);
}

export function killPart(place: Place, part: Part): void {
  signal(Number(Deno.readTextFileSync(`${place.state}/log/${part}.pid`)), "SIGKILL");
}

export function isRunning(place: Place, part: Part): boolean {
  try {
    const pid = Deno.readTextFileSync(`${place.state}/log/${part}.pid`).trim();
    return exists(`/proc/${pid}`);
  } catch {
    return false;
  }
}

/** Every process that a program of this cluster has started, the containers' excepted, which have no such variable. */
export function markedProcesses(name: string): number[] {
  const wanted = `${MARK}=${name}`;
  return processes().filter((pid) => {
    try {
      return Deno.readTextFileSync(`/proc/${pid}/environ`).split("\0").includes(wanted);
    } catch {
      return false;
    }
  });
}

/** Processes in the containers of a containerd below this folder, by the place of their root: also those whose shim has ended. */
export function containerProcesses(folder: string): number[] {
  return processes().filter((pid) => {
    try {
      // 12 34 0:56 / / rw - overlay overlay rw,lowerdir=STATE/containerd/…
      const mounts = Deno.readTextFileSync(`/proc/${pid}/mountinfo`).split("\n");
      return mounts.some((line) =>
        line.split(" ")[4] === "/" && line.includes(`=${folder}/`) && line.includes("/containerd/")
      );
    } catch {
      return false;
    }
  });
}

export function processes(): number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) =>
    Number.isInteger(pid) && pid !== Deno.pid
  );
}

export function signal(pid: number, what: Deno.Signal): void {
  try {
    Deno.kill(pid, what);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
