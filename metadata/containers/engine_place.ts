// Where an engine is met, and as whom it speaks.
// In: a description. Out: a path that leads to exactly what was looked at, and the user of the host who answers there;
// an error in words where somebody else sits than may.
// Elsewhere: how a place is held (ffi/pinned_place.ts), what that user's word counts for (fact_ledger.ts).
//
// Below a user's own folder only that user counts, and no link leads out of it: falco asks as root, and must not be sent
// to other sockets and files. Elsewhere a server is believed as far as its user goes: root about everything.

import { relative } from "node:path";
import { CallError } from "../../base/mod.ts";
import { listenerOf, type PinnedPlace, pinPlace } from "../../ffi/mod.ts";
import { inTime } from "../../files/mod.ts";
import type { EngineDescription } from "./engine_description.ts";

const ECONNREFUSED = 111;

export interface EnginePlace {
  readonly path: string;
  readonly owner: number;
  close(): void;
}

/**
 * @param onNothing hears what is there instead
 * @returns undefined when there is nothing
 */
export async function findEnginePlace(
  description: EngineDescription,
  onNothing: (what: string) => void = () => {},
): Promise<EnginePlace | undefined> {
  const { engine, path, base = "/", owner } = description;
  // a file system that a user has mounted may never answer
  let isLate = false;
  const pinned = await inTime(path, async () => {
    const found = await pinPlace(base, relative(base, path), owner === undefined);
    if (isLate) found?.close();
    return found;
  });
  isLate = true;
  if (pinned === undefined) {
    onNothing("there is nothing");
    return undefined;
  }
  // a runtime makes a folder where the source of a mount is missing
  if (engine !== "podman_storage" && pinned.kind === "folder") {
    pinned.close();
    onNothing("it is a folder");
    return undefined;
  }
  try {
    const found = engine === "podman_storage" ? ownerOfFolder(pinned) : ownerOfSocket(pinned);
    if (owner !== undefined && found !== owner) {
      throw new Error(`it belongs to user ${found} and lies in a folder of user ${owner}`);
    }
    // files are read and watched by their names, each with the care that a stranger's files need
    return {
      path: engine === "podman_storage" ? path : pinned.path,
      owner: found,
      close: () => pinned.close(),
    };
  } catch (error) {
    pinned.close();
    // what an engine has left behind when it ended
    if (!(error instanceof CallError && error.errno === ECONNREFUSED)) throw error;
    onNothing("nobody listens there");
    return undefined;
  }
}

function ownerOfFolder({ kind, uid }: PinnedPlace): number {
  if (kind !== "folder") throw new Error("it is no folder");
  return uid;
}

function ownerOfSocket({ kind, path }: PinnedPlace): number {
  if (kind !== "socket") throw new Error("it is no socket");
  return listenerOf(path);
}
