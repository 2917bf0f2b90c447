// Words for programs: a process becomes one (execve), starts one (spawn), makes a child (fork), ends (exit).
// In: arguments. Out: clone, execve and procexit events, whose parameters tell all about the process.

import { EVENT_CODE, EVENTS } from "../../../schema/mod.ts";
import type { YamlNode } from "../../../rules/mod.ts";
import { number, text, textList } from "../bytes.ts";
import type { ParamValue } from "../params.ts";
import type { Action, Actor, Stage } from "../step.ts";
import { EXE_FLAGS, type ExeFlag, type Process } from "../world.ts";
import { cgroupsOf } from "../world_blocks.ts";
import { type Arg, namedParams, valueOfParam, type Word, type WordArgs } from "./word.ts";

const EXECVE = EVENTS[EVENT_CODE["EXECVE_X"]!]!;
const EXECVEAT = EVENTS[EVENT_CODE["EXECVEAT_X"]!]!;
const CLONE = EVENTS[EVENT_CODE["CLONE_X"]!]!;
const PROCEXIT = EVENTS[EVENT_CODE["PROCEXIT_E"]!]!;
const FD_LIMIT = 1024;
const MAX_COMM = 15;
const EXE_BITS: Readonly<Record<ExeFlag, number>> = { writable: 1, upper_layer: 2, memfd: 4, lower_layer: 8 };
const OWN = ["path", "args", "env", "exe_is", "argv0"];
const NO_OVERRIDES: ReadonlyMap<string, ParamValue> = new Map();

export const execve: Word = {
  form: "execve PROGRAM [ARGUMENT…]",
  example: "execve /bin/bash -c 'id; whoami'",
  summary:
    "The process becomes this program. Parameters of the event, and `env`, `exe_is`, `argv0`, by name.",
  read: (args) => readExec(args, false),
};

export const execveat: Word = {
  ...execve,
  form: "execveat PROGRAM [ARGUMENT…]",
  example: "execveat /usr/bin/id",
  summary: "The same by another call.",
};

export const spawn: Word = {
  form: "spawn PROGRAM [ARGUMENT…]",
  example: "spawn sh -c id",
  summary:
    "A child of the process starts this program (clone, execve). `do` says what it does then, `as` names it.",
  makesProcess: true,
  read: (args) => readExec(args, true),
};

export const fork: Word = {
  form: "fork",
  example: "fork",
  summary: "The process makes a child (clone). `do` says what it does, `as` names it.",
  makesProcess: true,
  read(args) {
    const given = namedParams(args, CLONE);
    return (scene, actor) => {
      const child = scene.fork(actor);
      emitClone(scene, child, given);
      return child;
    };
  },
};

export const exit: Word = {
  form: "exit [STATUS]",
  example: "exit 1",
  summary: "The process ends (procexit).",
  read(args) {
    const given = namedParams(args, PROCEXIT);
    const [status] = args.positional;
    const value = status === undefined ? number(8, 0) : valueOfParam(args, PROCEXIT, "ret", status);
    if (value === undefined || value === "last") return undefined;
    const code = Number(new DataView(value.buffer, value.byteOffset, 8).getBigInt64(0, true));
    return (scene, actor) => {
      const values: Record<string, Uint8Array> = {
        status: number(8, code << 8),
        ret: number(8, code),
        sig: number(1, 0),
        core: number(1, 0),
        reaper_tid: number(8, 0),
      };
      scene.emit(
        actor,
        PROCEXIT.code,
        PROCEXIT.params.map(({ name }) => bytesOf(given, name) ?? values[name]!),
      );
    };
  },
};

interface Program {
  readonly path: string;
  readonly argv0: string | undefined;
  readonly args: readonly string[];
  readonly env: readonly string[] | undefined;
  readonly exeFlags: readonly ExeFlag[];
}

function readExec(args: WordArgs, spawns: boolean): Action | undefined {
  const event = args.word === "execveat" ? EXECVEAT : EXECVE;
  const program = readProgram(args);
  if (program === undefined) return undefined;
  // arguments are those of the program, not the parameter alone
  const given = namedParams(args, event, OWN);
  if (args.result !== undefined) {
    const value = valueOfParam(args, event, "res", args.result);
    if (value !== undefined) given.set("res", value);
  }
  const failed = isNegative(given.get("res"));
  return (scene, actor) => {
    const doer = spawns ? scene.fork(actor) : actor;
    if (spawns) emitClone(scene, doer, NO_OVERRIDES);
    const before = doer.process;
    doer.process = become(before, program);
    emitExec(scene, doer, event, given, program);
    if (failed) doer.process = before;
    return spawns ? doer : undefined;
  };
}

function readProgram(args: WordArgs): Program | undefined {
  const { reader, positional, named } = args;
  const [first, ...rest] = positional;
  const path = (named.get("path") ?? first)?.texts[0];
  if (path === undefined) {
    return reader.fail("invalid-test", args.span, `\`${args.word}\` does not say which program`, {
      hint: `write \`${args.word} /bin/sh -c id\``,
    });
  }
  const words = named.has("path") ? positional : rest;
  const exeFlags = (named.get("exe_is")?.texts ?? []).flatMap((word) =>
    reader.word(nodeOf(named.get("exe_is")!, word), "`exe_is`", EXE_FLAGS) ?? []
  );
  return {
    path,
    argv0: named.get("argv0")?.texts[0],
    args: named.get("args")?.texts ?? words.flatMap(({ texts }) => texts),
    env: named.get("env")?.texts,
    exeFlags,
  };
}

function nodeOf(arg: Arg, word: string): YamlNode {
  return { kind: "scalar", value: word, span: arg.span, text: undefined as never };
}

/** Which file a name without a folder is. */
function become(process: Process, { path, args, env, exeFlags, argv0 }: Program): Process {
  const exepath = path.startsWith("/")
    ? path
    : path.startsWith("./")
    ? `${process.cwd === "/" ? "" : process.cwd}/${path.slice(2)}`
    : `/usr/bin/${path}`;
  const name = path.slice(path.lastIndexOf("/") + 1).slice(0, MAX_COMM);
  return { ...process, name, exe: argv0 ?? path, exepath, args, env: env ?? process.env, exeFlags };
}

function emitExec(
  scene: Stage,
  actor: Actor,
  event: typeof EXECVE,
  given: ReadonlyMap<string, ParamValue>,
  program: Program,
): void {
  const { process } = actor;
  const values = processParams(process);
  Object.assign(values, {
    res: number(8, 0),
    env: textList(process.env),
    tty: number(4, process.tty),
    vpgid: number(8, process.vpid),
    loginuid: number(4, process.loginuid),
    flags: number(4, process.exeFlags.reduce((bits, flag) => bits | EXE_BITS[flag], 0)),
    cap_inheritable: number(8, 0),
    cap_permitted: number(8, process.capabilities),
    cap_effective: number(8, process.capabilities),
    exe_ino: number(8, 0),
    exe_ino_ctime: number(8, 0),
    exe_ino_mtime: number(8, 0),
    uid: number(4, process.uid),
    trusted_exepath: text(process.exepath),
    pgid: number(8, process.pgid),
    gid: number(4, process.gid),
    filename: text(program.path),
  });
  scene.emit(actor, event.code, event.params.map(({ name }) => bytesOf(given, name) ?? values[name]!));
}

/** The child's side: the parent's says nothing that it does not. */
function emitClone(scene: Stage, child: Actor, given: ReadonlyMap<string, ParamValue>): void {
  const { process } = child;
  const values = processParams(process);
  const inNamespace = process.container !== undefined;
  Object.assign(values, {
    res: number(8, 0),
    fdlimit: number(8, FD_LIMIT),
    flags: number(4, inNamespace ? 0x20000000 : 0),
    uid: number(4, process.uid),
    gid: number(4, process.gid),
    vtid: number(8, process.vpid),
    vpid: number(8, process.vpid),
    pidns_init_start_ts: number(8, 0),
  });
  scene.emit(child, CLONE.code, CLONE.params.map(({ name }) => bytesOf(given, name) ?? values[name]!));
}

/** What clone and execve say in the same way. */
function processParams(process: Process): Record<string, Uint8Array> {
  return {
    exe: text(process.exe),
    args: textList(process.args),
    tid: number(8, process.pid),
    pid: number(8, process.pid),
    ptid: number(8, process.parentPid),
    cwd: text(process.cwd),
    fdlimit: number(8, FD_LIMIT),
    pgft_maj: number(8, 0),
    pgft_min: number(8, 0),
    vm_size: number(4, 4096),
    vm_rss: number(4, 1024),
    vm_swap: number(4, 0),
    comm: text(process.name),
    cgroups: textList(cgroupsOf(process)),
  };
}

function bytesOf(given: ReadonlyMap<string, ParamValue>, name: string): Uint8Array | undefined {
  const value = given.get(name);
  return value === "last" ? undefined : value;
}

function isNegative(value: ParamValue | undefined): boolean {
  return value !== undefined && value !== "last" && (value.at(-1) ?? 0) >= 0x80;
}
