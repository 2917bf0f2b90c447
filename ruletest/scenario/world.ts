// The world in which a case begins: users, containers, pods, processes with their open files.
// Types, and what every world has. Elsewhere: reading it (suite/read_case.ts), its bytes (world_blocks.ts).

import type { Span } from "../../rules/mod.ts";
import type { FdTarget } from "../../scap/mod.ts";

export interface World {
  readonly hostname: string;
  /** what a resolver would say */
  readonly hosts: readonly Host[];
  readonly users: readonly User[];
  readonly groups: readonly Group[];
  /** every process, parents before their children */
  readonly processes: readonly Process[];
  /** by the names that events may say with `by` */
  readonly named: ReadonlyMap<string, Process>;
  /** does what an event does not say anybody else does */
  readonly actor: Process;
}

/** A name with its addresses, as rules ask for it (fd.sip.name). */
export interface Host {
  readonly name: string;
  readonly addresses: readonly Uint8Array[];
  /** where it is given; absent for one that only rules name */
  readonly span?: Span;
}

export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

export interface Group {
  readonly name: string;
  readonly gid: number;
}

export interface Pod {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ip: string;
  readonly sandboxId: string;
  readonly deployment?: string;
  readonly services: readonly string[];
}

export interface Container {
  /** all 64 digits */
  readonly id: string;
  /** cgroup that its processes are in */
  readonly cgroup: string;
  /** as records of containers have it (assembly/README.md); none: nothing is known but its id */
  readonly facts: Readonly<Record<string, unknown>> | undefined;
  readonly pod?: Pod;
}

export interface Process {
  readonly pid: number;
  readonly vpid: number;
  readonly parentPid: number;
  readonly sid: number;
  readonly pgid: number;
  readonly name: string;
  /** argv[0] */
  readonly exe: string;
  readonly exepath: string;
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly uid: number;
  readonly gid: number;
  readonly loginuid: number;
  readonly tty: number;
  readonly container?: Container;
  readonly files: ReadonlyMap<number, FdTarget>;
  readonly capabilities: bigint;
  readonly exeFlags: readonly ExeFlag[];
  /** false: began unseen, so that its events have nothing but the number of their thread */
  readonly isKnown: boolean;
}

/** What a container's image and memory say about a program; the flags of execve events. */
export const EXE_FLAGS = ["writable", "upper_layer", "lower_layer", "memfd"] as const;
export type ExeFlag = typeof EXE_FLAGS[number];

export const NEVER_LOGGED_IN = 0xffff_ffff;
export const ALL_CAPABILITIES = (1n << 41n) - 1n;

/** Everybody has these. */
export const USUAL_USERS: readonly User[] = [
  { name: "root", uid: 0, gid: 0, home: "/root", shell: "/bin/bash" },
  { name: "www-data", uid: 33, gid: 33, home: "/var/www", shell: "/usr/sbin/nologin" },
  { name: "nobody", uid: 65534, gid: 65534, home: "/nonexistent", shell: "/usr/sbin/nologin" },
];

/** When the first event happens: nothing depends on the day on which a test runs. */
export const BEGIN_NS = 1_767_225_600_000_000_000n; // 2026-01-01T00:00:00Z
export const BETWEEN_EVENTS_NS = 1_000_000n;
export const BOOT_NS = BEGIN_NS - 3_600_000_000_000n;
