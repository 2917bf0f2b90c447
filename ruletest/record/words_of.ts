// What happened, in words: a process, and what it and its children do.
// In: happenings of a recording. Out: the lines of `users`, `process` and `events` of a case, or why there are no words for it.
// Elsewhere: what the words mean (scenario/words/), whether they say the same as the recording (record_case.ts).

import { basename } from "node:path";
import { type EventDef, type ParamDef } from "../../schema/mod.ts";
import { isDirectoryFd, resultParam } from "../scenario/event_defaults.ts";
import { USUAL_USERS } from "../scenario/world.ts";
import { fieldOf, type Happening, MAX_ANCESTORS, MAX_ARGS, PROGRAM_EVENTS } from "./happenings.ts";

export interface Words {
  readonly users: Readonly<Record<string, number>>;
  readonly process: Json;
  readonly events: readonly Json[];
}

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** There are no words for it. */
export class NoWords extends Error {}

const OPENS = ["open", "openat", "openat2"];
const OPEN_WORDS: Readonly<Record<string, string>> = {
  O_RDONLY: "read",
  O_WRONLY: "write",
  O_RDWR: "readwrite",
  O_CREAT: "create",
  O_TRUNC: "truncate",
  O_APPEND: "append",
  O_DIRECTORY: "directory",
};
const MAX_COMM = 15;
const AT_FDCWD = "-100";
const NOBODY = ["-1", "4294967295"];

/** @param ancestors how many of the process that started the command */
export function wordsOf(happenings: readonly Happening[], ancestors: number): Words {
  const [first] = happenings;
  if (first === undefined) throw new NoWords("nothing of it is what rules look at");
  if (!isStart(first)) throw new NoWords(`it begins with ${first.event.name}, before a program was started`);
  const writer = new Writer();
  for (const one of happenings) writer.take(one);
  return {
    users: Object.fromEntries([...writer.users].sort()),
    process: starterOf(first, ancestors),
    events: writer.events,
  };
}

class Writer {
  readonly users = new Map<string, number>();
  readonly events: Json[] = [];
  /** by pid */
  readonly #names = new Map<string, string>();
  readonly #lastFd = new Map<string, string>();

  take(one: Happening): void {
    this.#knowUser(one);
    if (isStart(one)) this.#start(one);
    else if (!PROGRAM_EVENTS.includes(one.event.name)) {
      this.events.push({ by: this.#nameOf(one), ...stepOf(one, this.#lastFd.get(pidOf(one))) });
      const { event } = one;
      const opened = resultParam(event)?.type === "fd" ? one.values.get("evt.res") : undefined;
      if (opened === "SUCCESS") this.#lastFd.set(pidOf(one), "last");
    }
  }

  #knowUser({ values }: Happening): void {
    for (const [name, id] of [["user.name", "user.uid"], ["user.loginname", "user.loginuid"]] as const) {
      const user = values.get(name), uid = values.get(id);
      if (!user || uid === undefined || NOBODY.includes(uid)) continue;
      if (USUAL_USERS.some((usual) => usual.name === user && usual.uid === Number(uid))) continue;
      if (!/^[<]/.test(user)) this.users.set(user, Number(uid));
    }
  }

  #start(one: Happening): void {
    const program = programOf(one);
    const pid = pidOf(one);
    const known = this.#names.get(pid);
    if (known !== undefined) return void this.events.push({ by: known, [one.event.name]: program });
    const isFirst = this.#names.size === 0;
    const parent = isFirst ? undefined : this.#parentOf(one);
    const name = this.#nameFor(pid, one.values.get("proc.name"));
    this.events.push({ ...parent === undefined ? {} : { by: parent }, spawn: program, as: name });
  }

  /** A child that has started no program yet is known from here on. */
  #nameOf(one: Happening): string {
    const pid = pidOf(one);
    return this.#names.get(pid) ?? this.#fork(this.#parentOf(one), pid, one.values.get("proc.name"));
  }

  /** Those between it and the nearest that is known have done nothing else. */
  #parentOf({ values }: Pick<Happening, "values">, depth = 1): string {
    const pid = values.get(`proc.apid[${depth}]`);
    const known = pid === undefined ? undefined : this.#names.get(pid);
    if (known !== undefined) return known;
    if (pid === undefined || depth === MAX_ANCESTORS) {
      throw new NoWords(`no process of it has started ${values.get("proc.name")}`);
    }
    return this.#fork(this.#parentOf({ values }, depth + 1), pid, values.get(`proc.aname[${depth}]`));
  }

  #fork(by: string, pid: string, comm: string | undefined): string {
    const name = this.#nameFor(pid, comm);
    this.events.push({ by, fork: null, as: name });
    return name;
  }

  #nameFor(pid: string, comm = "process"): string {
    const base = comm.replace(/[^\w.-]/g, "_");
    const taken = new Set(this.#names.values());
    let name = base;
    for (let count = 2; taken.has(name); count++) name = `${base} ${count}`;
    this.#names.set(pid, name);
    return name;
  }
}

function pidOf({ values }: Happening): string {
  return values.get("proc.pid") ?? "";
}

function isStart({ event, values }: Happening): boolean {
  return PROGRAM_EVENTS.includes(event.name) && values.get("evt.res") === "SUCCESS";
}

/** A line when every part of it is a word, otherwise by keys. */
function programOf({ values }: Happening): Json {
  const exepath = values.get("proc.exepath") ?? "";
  const filename = values.get("evt.arg.filename") ?? "";
  const path = filename.startsWith("/") ? filename : exepath;
  const comm = values.get("proc.name") ?? "";
  const argv0 = values.get("proc.exe") ?? path;
  const args = argumentsOf(values);
  const more = {
    ...argv0 === path ? {} : { argv0 },
    ...exepath === path || exepath === "" ? {} : { trusted_exepath: exepath },
    ...comm === basename(path).slice(0, MAX_COMM) ? {} : { comm },
  };
  const isPlain = Object.keys(more).length === 0 && args.every((arg) => /^[\w./:@%+,-]+$/.test(arg));
  if (isPlain) return [path, ...args].join(" ");
  return {
    path,
    ...more,
    ...args.length === 0 ? {} : { args },
  };
}

/** Those of a longer command line stay together. */
function argumentsOf(values: Happening["values"]): readonly string[] {
  const all = values.get("proc.args") ?? "";
  const args: string[] = [];
  for (let at = 0; at < MAX_ARGS && args.join(" ") !== all; at++) {
    args.push(values.get(`proc.args[${at}]`) ?? "");
  }
  return all === "" || args.join(" ") === all ? args : [all];
}

/** Who has started the command, with as many of its ancestors. */
function starterOf({ values }: Happening, ancestors: number): Json {
  const user = values.get("user.name") || values.get("user.uid") || "root";
  const login = values.get("user.loginuid") ?? "-1";
  const tty = Number(values.get("proc.tty") ?? "0");
  const about = {
    ...user === "root" ? {} : { user },
    ...NOBODY.includes(login) ? {} : { login_user: values.get("user.loginname") || login },
    ...tty === 0 ? {} : { tty },
    cwd: values.get("proc.cwd") ?? "/",
  };
  const of = (depth: number): Json | undefined => {
    const name = values.get(`proc.aname[${depth}]`);
    if (!name || depth > ancestors + 1) return undefined;
    const exe = values.get(`proc.aexepath[${depth}]`);
    const parent = of(depth + 1);
    return {
      name,
      ...exe === undefined || exe === "" ? {} : { exe },
      ...depth === 1 ? about : {},
      ...parent === undefined ? {} : { parent },
    };
  };
  return of(1) ?? { name: "starter", ...about };
}

function stepOf(one: Happening, lastFd: string | undefined): { readonly [key: string]: Json } {
  const { event: { name } } = one;
  const returns = failureOf(one);
  if (OPENS.includes(name)) return { [name]: openLine(one) };
  if (
    name === "connect" || name === "accept" || name === "accept4" || name === "sendto" || name === "recvfrom"
  ) {
    const line = addressLine(one);
    const word = name.startsWith("accept") ? "accept" : name;
    if (line !== undefined) return { [word]: `${line}${returns}` };
  }
  return { [name]: paramsOf(one, lastFd) };
}

function openLine(one: Happening): string {
  const { values } = one;
  const isRelativeToFolder = (values.get("evt.rawarg.dirfd") ?? AT_FDCWD) !== AT_FDCWD;
  const path = (isRelativeToFolder ? values.get("fd.name") : values.get("evt.arg.name")) ?? "";
  const flags = (values.get("evt.arg.flags") ?? "O_RDONLY").split("|")
    .filter((flag) => flag !== "O_F_CREATED" && flag !== "O_CLOEXEC").map((flag) => OPEN_WORDS[flag] ?? flag);
  const real = values.get("fd.realname");
  const named = real === undefined || real === "" || real === path ? "" : ` realpath=${quoted(real)}`;
  return `${quoted(path)} ${flags.join(" ")}${named}${failureOf(one)}`;
}

function addressLine({ event, values }: Happening): string | undefined {
  const ip = values.get("fd.rip") ?? values.get("fd.sip");
  const port = values.get("fd.rport") ?? values.get("fd.sport");
  if (ip === undefined || port === undefined) {
    const path = values.get("evt.arg.addr");
    return event.name === "connect" && path?.startsWith("/") ? quoted(path) : undefined;
  }
  const address = ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
  return event.name === "connect" && values.get("fd.l4proto") === "udp" ? `${address} udp` : address;
}

function failureOf({ values }: Happening): string {
  const result = values.get("evt.res");
  return result === undefined || !/^E[A-Z0-9]+$/.test(result) ? "" : ` = ${result}`;
}

/** All parameters that say something. */
function paramsOf(one: Happening, lastFd: string | undefined): { readonly [name: string]: Json } {
  const { event, values } = one;
  const result = resultParam(event);
  const params: Record<string, Json> = {};
  for (const param of event.params) {
    const value = values.get(fieldOf(param));
    if (param === result || value === undefined || value === "" || isUsual(event, param, value)) continue;
    params[param.name] = param.type === "mode"
      ? `0${Number(value).toString(8)}`
      : param.type === "fd" && Number(value) > 2 && lastFd !== undefined
      ? lastFd
      : value;
  }
  const failure = failureOf(one);
  if (failure !== "") params["returns"] = failure.slice(3);
  return params;
}

function isUsual(event: EventDef, param: ParamDef, value: string): boolean {
  if (["bytebuf", "socktuple", "sockaddr", "dyn"].includes(param.type)) return true;
  return (isDirectoryFd(event, param) && value === AT_FDCWD) ||
    (!/buf$|path$|fd|uid|gid|mode/.test(param.type) && value === "0");
}

function quoted(text: string): string {
  return /^[\w./:@%+,[\]-]+$/.test(text) ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
}
