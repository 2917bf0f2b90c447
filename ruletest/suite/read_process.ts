// Processes of a test file, with their parents.
// In: the values of `process` and `processes`. Out: processes, parents before their children.
// What is not written is what is usual: a program of /usr/bin, started by the system, or in a container by its shim.

import { CAPABILITY_NAMES, FD_TYPE, flagTable, L4 } from "../../schema/mod.ts";
import { didYouMean } from "../../base/mod.ts";
import { short, type YamlMap, type YamlNode } from "../../rules/mod.ts";
import type { FdTarget } from "../../scap/mod.ts";
import { localAddress, parseAddress } from "../scenario/address.ts";
import { splitWords } from "../scenario/split_words.ts";
import {
  ALL_CAPABILITIES,
  type Container,
  EXE_FLAGS,
  type ExeFlag,
  NEVER_LOGGED_IN,
  type Process,
} from "../scenario/world.ts";
import { entriesOf, type NodeReader, valueOf } from "./nodes.ts";
import type { Containers } from "./read_container.ts";
import type { Users } from "./read_users.ts";

export const PROCESS_KEYS = [
  ...[
    "name",
    "exe",
    "args",
    "parent",
    "in",
    "user",
    "group",
    "login_user",
    "pid",
    "session",
    "cwd",
    "tty",
    "env",
  ],
  ...["files", "capabilities", "exe_is", "known"],
] as const;

const FIRST_PID = 1000;
const MAX_COMM = 15;
const MAX_PID = 0x3fffff;
/** Far more than anybody writes by hand. */
const MAX_PROCESSES = 1000;
const TTY = 34816;
const encoder = new TextEncoder();
const READ_WRITE = 3;

export class Processes {
  /** parents before their children */
  readonly all: Process[] = [];
  readonly named = new Map<string, Process>();
  readonly #nodes = new Map<string, YamlNode>();
  readonly #open = new Set<string>();
  readonly #pids = new Set<number>();
  #nextPid = FIRST_PID;
  readonly #init: Process;
  #shim: Process | undefined;

  /** @param given numbers that processes ask for, which others do not get */
  constructor(
    readonly reader: NodeReader,
    readonly users: Users,
    readonly containers: Containers,
    readonly given: ReadonlySet<number>,
  ) {
    this.#init = this.#add({
      name: "systemd",
      exe: "/sbin/init",
      exepath: "/usr/lib/systemd/systemd",
      pid: 1,
      parentPid: 0,
    });
  }

  /** Those that have names. */
  readNamed(node: YamlNode | undefined): void {
    const map = node === undefined ? undefined : this.reader.map(node, "`processes`");
    if (map === undefined) return;
    for (const { key, value } of entriesOf(map)) this.#nodes.set(key.value, value);
    for (const name of this.#nodes.keys()) this.#named(name);
  }

  #named(name: string): Process | undefined {
    const found = this.named.get(name);
    const node = this.#nodes.get(name);
    if (found !== undefined || node === undefined) return found;
    if (this.#open.has(name)) {
      return this.reader.fail("invalid-test", node, `the process \`${short(name)}\` is its own ancestor`);
    }
    this.#open.add(name);
    const process = this.read(node, undefined, name);
    this.#open.delete(name);
    if (process !== undefined) this.named.set(name, process);
    return process;
  }

  /** @param around the container of a child, in which a parent is unless it says otherwise */
  read(node: YamlNode, around: Container | undefined, key?: string): Process | undefined {
    const { reader } = this;
    if (this.all.length > MAX_PROCESSES) {
      return reader.fail("invalid-test", node, `there are more than ${MAX_PROCESSES} processes`);
    }
    if (node.kind === "scalar") {
      const { value } = node;
      const isPath = value.startsWith("/");
      return this.#make({ ...(isPath ? { exe: value } : { name: value }), container: around });
    }
    const map = reader.map(node, "a process", PROCESS_KEYS);
    if (map === undefined) return undefined;
    const container = this.#place(valueOf(map, "in"), around);
    const parentNode = valueOf(map, "parent");
    const isOrphan = parentNode?.kind === "scalar" && parentNode.value === "none";
    const parent = parentNode === undefined || isOrphan ? undefined : this.#parent(parentNode, container);
    const inside = valueOf(map, "in") === undefined ? container ?? parent?.container : container;
    const text = (what: string) => reader.text(valueOf(map, what), `\`${what}\` of a process`);
    const user = this.users.uid(valueOf(map, "user")) ?? parent?.uid ?? 0;
    const login = valueOf(map, "login_user");
    const pid = this.#free(valueOf(map, "pid"));
    const session = reader.whole(valueOf(map, "session"), "`session`");
    return this.#make({
      name: text("name") ?? (text("exe") === undefined ? key : undefined),
      exe: text("exe"),
      args: this.#words(valueOf(map, "args")),
      env: environment(reader, valueOf(map, "env")),
      cwd: text("cwd"),
      pid,
      parent,
      ...(isOrphan ? { parentPid: 0 } : {}),
      container: inside,
      uid: user,
      gid: this.users.gid(valueOf(map, "group")) ?? this.users.groupOf(user),
      loginuid: login === undefined ? parent?.loginuid : this.users.uid(login),
      tty: ttyOf(reader, valueOf(map, "tty")) ?? parent?.tty,
      sid: session ?? parent?.sid,
      files: this.#files(valueOf(map, "files")),
      capabilities: capabilitiesOf(reader, valueOf(map, "capabilities")),
      exeFlags: exeFlagsOf(reader, valueOf(map, "exe_is")),
      isKnown: reader.flag(valueOf(map, "known"), "`known`"),
    });
  }

  #free(node: YamlNode | undefined): number | undefined {
    const pid = this.reader.whole(node, "`pid`", MAX_PID);
    if (pid === undefined || !this.#pids.has(pid)) return pid;
    return this.reader.fail("invalid-test", node!, `another process has the pid ${pid}`, {
      ...pid === 1 ? { hint: "1 is systemd, which every case has" } : {},
    });
  }

  #nextFree(): number {
    while (this.given.has(this.#nextPid)) this.#nextPid++;
    return this.#nextPid++;
  }

  #parent(node: YamlNode, container: Container | undefined): Process | undefined {
    if (node.kind === "scalar" && this.#nodes.has(node.value)) return this.#named(node.value);
    return this.read(node, container);
  }

  #place(node: YamlNode | undefined, around: Container | undefined): Container | undefined {
    if (node === undefined) return around;
    if (node.kind === "scalar") return node.value === "host" ? undefined : this.containers.of(node);
    const map = this.reader.map(node, "`in`", ["container"]);
    const inner = map === undefined ? undefined : valueOf(map, "container");
    if (inner !== undefined) return this.containers.of(inner);
    return map === undefined ? undefined : this.reader.fail("missing-key", node, "`in` has no `container`");
  }

  #words(node: YamlNode | undefined): readonly string[] | undefined {
    if (node === undefined) return undefined;
    if (node.kind !== "scalar") return this.reader.texts(node, "`args`");
    return splitWords(node.value).words.map(({ text }) => text);
  }

  /** Files that are open already: a number, and a path or an address. */
  #files(node: YamlNode | undefined): Map<number, FdTarget> {
    const files = new Map<number, FdTarget>();
    const map = node === undefined ? undefined : this.reader.map(node, "`files`");
    for (const { key, value } of map === undefined ? [] : entriesOf(map)) {
      const fd = { stdin: 0, stdout: 1, stderr: 2 }[key.value] ??
        (/^\d{1,7}$/.test(key.value) ? Number(key.value) : NaN);
      const written = this.reader.text(value, `\`${short(key.value)}\` of \`files\``);
      if (Number.isNaN(fd)) {
        this.reader.fail("invalid-test", key, `\`${short(key.value)}\` is no file descriptor`, {
          hint: "write a number, stdin, stdout or stderr",
        });
      } else if (written !== undefined) files.set(fd, fdTarget(written));
    }
    return files;
  }

  #make(given: Given): Process {
    const { name, exe, container } = given;
    const comm = (name ?? (exe === undefined ? "app" : exe.slice(exe.lastIndexOf("/") + 1))).slice(
      0,
      MAX_COMM,
    );
    const exepath = exe ?? (name?.startsWith("/") ? name : `/usr/bin/${name ?? "app"}`);
    const parent = given.parent ?? (container === undefined ? this.#init : this.#shimProcess());
    return this.#add({
      ...given,
      name: comm,
      exe: exe ?? exepath,
      exepath,
      parentPid: given.parentPid ?? parent.pid,
      parent,
    });
  }

  #add(given: Given & { name: string; exe: string; exepath: string; parentPid: number }): Process {
    const pid = given.pid ?? this.#nextFree();
    this.#pids.add(pid);
    const uid = given.uid ?? 0;
    const { container, parent } = given;
    const isFirst = container !== undefined && parent?.container !== container;
    const process: Process = {
      pid,
      // a container counts its own processes
      vpid: isFirst ? 1 : container === undefined ? pid : 10 + pid % 1000,
      parentPid: given.parentPid,
      sid: given.sid ?? pid,
      pgid: pid,
      name: given.name,
      exe: given.exe,
      exepath: given.exepath,
      args: given.args ?? [],
      env: given.env ?? [],
      cwd: given.cwd ?? "/",
      uid,
      gid: given.gid ?? 0,
      loginuid: given.loginuid ?? NEVER_LOGGED_IN,
      tty: given.tty ?? 0,
      files: given.files ?? new Map(),
      capabilities: given.capabilities ?? (uid === 0 ? ALL_CAPABILITIES : 0n),
      exeFlags: given.exeFlags ?? [],
      isKnown: given.isKnown ?? true,
      ...(container === undefined ? {} : { container }),
    };
    this.all.push(process);
    return process;
  }

  #shimProcess(): Process {
    return this.#shim ??= this.#add({
      name: "containerd-shim",
      exe: "/usr/bin/containerd-shim-runc-v2",
      exepath: "/usr/bin/containerd-shim-runc-v2",
      parentPid: 1,
    });
  }
}

type Given =
  & {
    readonly [K in keyof Omit<Process, "vpid" | "pgid">]?: Process[K] | undefined;
  }
  & { readonly parent?: Process | undefined };

function fdTarget(written: string): FdTarget {
  const address = written.includes("->") ? undefined : parseAddress(written);
  const [from, to] = written.includes("->")
    ? written.split("->").map(parseAddress)
    : address?.family === 2 || address?.family === 10
    ? [localAddress(address, 40000), address]
    : [];
  if (from?.family === 2 && to?.family === 2) {
    const ip = (bytes: Uint8Array) => new DataView(bytes.slice().buffer).getUint32(0, true);
    return { kind: "ipv4", sip: ip(from.ip), dip: ip(to.ip), sport: from.port, dport: to.port, l4: L4.TCP };
  }
  if (from?.family === 10 && to?.family === 10) {
    return { kind: "ipv6", sip: from.ip, dip: to.ip, sport: from.port, dport: to.port, l4: L4.TCP };
  }
  const name = encoder.encode(written);
  if (written.startsWith("pipe:")) return { kind: "named", type: FD_TYPE.FIFO, name };
  if (written.startsWith("memfd:")) return { kind: "named", type: FD_TYPE.MEMFD, name };
  if (/^[a-z]+:$/.test(written)) return { kind: "unix", source: 0n, peer: 0n, name };
  return { kind: "file", openFlags: READ_WRITE, dev: 0, name };
}

/** A mapping, or a list of `NAME=VALUE`. */
function environment(reader: NodeReader, node: YamlNode | undefined): string[] {
  if (node?.kind !== "map") return reader.texts(node, "`env`");
  return entriesOf(node as YamlMap).flatMap(({ key, value }) => {
    const text = value.kind === "null" ? "" : reader.text(value, `\`${short(key.value)}\` of \`env\``);
    return text === undefined ? [] : [`${key.value}=${text}`];
  });
}

function ttyOf(reader: NodeReader, node: YamlNode | undefined): number | undefined {
  if (node?.kind === "scalar" && /^\d+$/.test(node.value)) return reader.whole(node, "`tty`");
  const has = reader.flag(node, "`tty`");
  return has === undefined ? undefined : has ? TTY : 0;
}

function capabilitiesOf(reader: NodeReader, node: YamlNode | undefined): bigint | undefined {
  if (node === undefined) return undefined;
  let set = 0n;
  for (const item of reader.list(node)) {
    const word = reader.word(item, "a capability", [...CAPABILITY_NAMES, "all"]);
    if (word === "all") set = ALL_CAPABILITIES;
    else if (word !== undefined) set |= 1n << BigInt(CAPABILITY_NAMES.indexOf(word));
  }
  return set;
}

function exeFlagsOf(reader: NodeReader, node: YamlNode | undefined): ExeFlag[] {
  return reader.list(node).flatMap((item) => reader.word(item, "`exe_is`", EXE_FLAGS) ?? []);
}

/** The numbers that processes ask for, however deep. */
export function pidsIn(...nodes: readonly (YamlNode | undefined)[]): Set<number> {
  return new Set(nodes.flatMap((node): number[] => {
    if (node?.kind === "sequence") return [...pidsIn(...node.items)];
    if (node?.kind !== "map") return [];
    const pid = valueOf(node, "pid");
    const own = pid?.kind === "scalar" && /^\d{1,7}$/.test(pid.value) ? [Number(pid.value)] : [];
    return [...own, ...pidsIn(...entriesOf(node).map(({ value }) => value))];
  }));
}

export function unknownProcess(
  reader: NodeReader,
  node: YamlNode,
  name: string,
  known: Iterable<string>,
): undefined {
  return reader.fail("invalid-test", node, `there is no process \`${short(name)}\``, {
    hint: didYouMean(name, known) ?? "name it in `processes`, or with `as` where it is spawned",
  });
}

/** Of execve events. */
export function exeFlagBits(flags: readonly ExeFlag[]): number {
  const names: Readonly<Record<ExeFlag, string>> = {
    writable: "EXE_WRITABLE",
    upper_layer: "EXE_UPPER_LAYER",
    lower_layer: "EXE_LOWER_LAYER",
    memfd: "EXE_FROM_MEMFD",
  };
  const table = flagTable("execve_flags")?.entries ?? [];
  return flags.reduce((bits, flag) => bits | (table.find(([name]) => name === names[flag])?.[1] ?? 0), 0);
}
