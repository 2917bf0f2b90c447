// An event of any type by its parameters: what is not written gets what it usually is.
// In: the event's definition, the values that are written, who does it. Out: the bytes of all parameters.
// Elsewhere: reading values (params.ts), words that stand for more than one event (words/).

import { posix } from "node:path";
import { EVENT_FLAGS, type EventDef, type ParamDef } from "../../schema/mod.ts";
import { NOTHING, number, text } from "./bytes.ts";
import { afterCall } from "./identity.ts";
import type { ParamValue } from "./params.ts";
import type { Actor, Stage } from "./step.ts";

const REALPATH = "realpath";
const AT_FDCWD = -100;
const WIDTH: Readonly<Partial<Record<ParamDef["type"], 1 | 2 | 4 | 8>>> = {
  ...{
    int8: 1,
    int16: 2,
    int32: 4,
    int64: 8,
    uint8: 1,
    uint16: 2,
    uint32: 4,
    uint64: 8,
    errno: 8,
    fd: 8,
    pid: 8,
  },
  ...{
    syscallid: 2,
    sigtype: 1,
    reltime: 8,
    abstime: 8,
    port: 2,
    l4proto: 1,
    sockfamily: 1,
    bool: 4,
    flags8: 1,
  },
  ...{ flags16: 2, flags32: 4, uid: 4, gid: 4, double: 8, sigset: 4, mode: 4, enumflags8: 1, enumflags16: 2 },
  ...{ enumflags32: 4, fd32: 4, pid32: 4 },
};

/** The parameter that holds what the call returned; undefined for events that are no returns. */
export function resultParam({ params, flags }: EventDef): ParamDef | undefined {
  const [first] = params;
  if (first === undefined) return undefined;
  const isNewFd = first.type === "fd" && (flags & EVENT_FLAGS.CREATES_FD) !== 0;
  return first.name === "res" || isNewFd ? first : undefined;
}

/** Folders that paths are relative to: usually the working directory. */
export function isDirectoryFd({ params }: EventDef, param: ParamDef): boolean {
  return params.some(({ dirfdParam }) => dirfdParam !== undefined && params[dirfdParam] === param);
}

export function emitEvent(
  scene: Stage,
  actor: Actor,
  event: EventDef,
  given: ReadonlyMap<string, ParamValue>,
): void {
  // before the call opens another one
  const { lastFd } = actor;
  const opened = openedFd(scene, actor, event, given);
  const told = toldByKernel(scene, actor, event, given);
  const values = event.params.map((param) => {
    const value = given.get(param.name);
    if (value === "last") return number(WIDTH[param.type] ?? 8, lastFd);
    return value ?? told.get(param.name) ?? defaultOf(event, param, given, lastFd, opened);
  });
  // the file is known when it has been opened
  const isFailed = opened !== undefined && opened < 0 && event.params.at(-1)?.name === REALPATH;
  scene.emit(actor, event.code, isFailed ? values.slice(0, -1) : values);
  actor.process = afterCall(actor.process, event, values);
}

/** The two ends that pipe and socketpair open, and the session that setsid begins. */
function toldByKernel(
  scene: Stage,
  actor: Actor,
  event: EventDef,
  given: ReadonlyMap<string, ParamValue>,
): Map<string, Uint8Array> {
  if (event.name === "setsid") return new Map([["res", number(8, actor.process.vpid)]]);
  const names = event.params.filter(({ name }) => name === "fd1" || name === "fd2").map(({ name }) => name);
  const result = given.get("res");
  const failed = result !== undefined && result !== "last" && (result.at(-1) ?? 0) >= 0x80;
  if (failed) return new Map(names.map((name) => [name, number(8, -1)]));
  return new Map(
    names.filter((name) => !given.has(name)).map((name) => [name, number(8, scene.openFd(actor))]),
  );
}

/** The number that a call returns which opens something. */
function openedFd(
  scene: Stage,
  actor: Actor,
  event: EventDef,
  given: ReadonlyMap<string, ParamValue>,
): number | undefined {
  const result = resultParam(event);
  if (result?.type !== "fd") return undefined;
  const copied = given.get("newfd");
  const written = given.get(result.name) ?? copied;
  if (written === undefined) return scene.openFd(actor);
  if (written === "last") return actor.lastFd;
  const fd = Number(new DataView(written.buffer, written.byteOffset, 8).getBigInt64(0, true));
  if (fd >= 0) {
    actor.lastFd = fd;
    actor.nextFd = Math.max(actor.nextFd, fd + 1);
  }
  return fd;
}

function defaultOf(
  event: EventDef,
  param: ParamDef,
  given: ReadonlyMap<string, ParamValue>,
  lastFd: number,
  opened: number | undefined,
): Uint8Array {
  const width = WIDTH[param.type];
  if (param.name === REALPATH) return realpathOf(given.get("name"));
  if (width === undefined) {
    return param.type === "charbuf" || param.type.startsWith("fs") ? text("") : NOTHING;
  }
  if (param === resultParam(event)) return number(width, opened ?? movedBytes(given) ?? 0);
  if (param.type === "fd") return number(width, isDirectoryFd(event, param) ? AT_FDCWD : lastFd);
  if (param.name === "size") return number(width, movedBytes(given) ?? 0);
  return number(width, 0);
}

/** Without symbolic links on the way. */
function realpathOf(name: ParamValue | undefined): Uint8Array {
  if (name === undefined || name === "last") return NOTHING;
  const path = new TextDecoder().decode(name.subarray(0, -1));
  return path.startsWith("/") ? text(posix.normalize(path)) : NOTHING;
}

/** Reads and writes return how much they have moved. */
function movedBytes(given: ReadonlyMap<string, ParamValue>): number | undefined {
  const data = given.get("data");
  return data === undefined || data === "last" ? undefined : data.length;
}
