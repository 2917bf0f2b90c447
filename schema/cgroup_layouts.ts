// How container engines name the cgroups of their containers: one table for everything that reads an id from a path.
// In: nothing. Out: the table, and its bytes for the matcher (assembly/generated/cgroup_layouts.ts).
// Elsewhere: reading a path by it, in the matcher (assembly/state/cgroup_path.ts) and outside of it (cgroup_container.ts).
//
// A layout describes one folder of a path. Folders are tried from the outermost in, each with all layouts in this order,
// and the first that fits ends the search: what is below a container's cgroup is made by the container.

import { CONTAINER_TYPE } from "./wire.ts";

/**
 * What is between mark and ending: 64 hexadecimal digits, of which the id is the first 12; a name; a name of at most 64
 * bytes, of which the id is the first 12, and that no unit of systemd has; a name with systemd's escapes; a name of
 * Cloud Foundry's jobs; a UUID; or no container at all.
 */
export const ID_FORM = { digest: 0, name: 1, short: 2, machine: 3, job: 4, uuid: 5, none: 6 } as const;

export interface CgroupLayout {
  readonly engine: keyof typeof CONTAINER_TYPE;
  readonly id: keyof typeof ID_FORM;
  /** what the folder's name begins with; with `isInfix`, what its last part begins with */
  readonly mark: string;
  readonly isInfix?: boolean;
  /** what follows the id; one of these, tried in this order */
  readonly endings: readonly string[];
  /** whole names of the folders just above, the nearest last */
  readonly parents?: readonly string[];
  /** the outermost of `parents` is at the top of the path */
  readonly isAtTop?: boolean;
  /** the folder just above is none of this name */
  readonly notBelow?: string;
  /** Falco does not know it: recordings of Falco are read without it */
  readonly isOwn?: boolean;
}

/** Namespaces that containerd's clients use; any other path of two names would be a container, too. */
const CONTAINERD_NAMESPACES = ["moby", "k8s.io", "default", "buildkit", "nerdctl"];

const PLAIN = [""];
const SCOPE = [".scope"];
const SCOPE_OR_PLAIN = [".scope", ""];

export const CGROUP_LAYOUTS: readonly CgroupLayout[] = [
  // podman: split mode and Quadlet's units, ordinary containers with systemd or cgroupfs
  { engine: "podman", id: "digest", mark: "libpod-payload-", endings: SCOPE_OR_PLAIN },
  { engine: "podman", id: "digest", mark: "libpod-", endings: SCOPE_OR_PLAIN },
  { engine: "docker", id: "digest", mark: "docker-", endings: SCOPE },
  { engine: "cri_o", id: "digest", mark: "crio-", endings: SCOPE_OR_PLAIN },
  { engine: "cri", id: "digest", mark: "cri-containerd-", endings: SCOPE },
  { engine: "containerd", id: "digest", mark: "nerdctl-", endings: SCOPE },
  // a name for systemd that runc took for a path, because it was not told to use systemd
  { engine: "cri", id: "digest", mark: ":cri-containerd:", isInfix: true, endings: PLAIN },
  { engine: "docker", id: "digest", mark: ":docker:", isInfix: true, endings: PLAIN, isOwn: true },
  { engine: "cri_o", id: "digest", mark: ":crio:", isInfix: true, endings: PLAIN, isOwn: true },
  { engine: "containerd", id: "digest", mark: ":nerdctl:", isInfix: true, endings: PLAIN, isOwn: true },
  // docker or any engine of Kubernetes with cgroupfs; with podman, such a folder is a pod that has containers below
  { engine: "unknown", id: "digest", mark: "", endings: PLAIN, notBelow: "libpod_parent" },
  { engine: "libvirt_lxc", id: "name", mark: "", endings: PLAIN, parents: ["libvirt", "lxc"] },
  { engine: "lxc", id: "name", mark: "", endings: PLAIN, parents: ["lxc"] },
  { engine: "lxc", id: "name", mark: "", endings: PLAIN, parents: ["lxc.payload"] },
  { engine: "lxc", id: "name", mark: "lxc.payload.", endings: PLAIN },
  { engine: "libvirt_lxc", id: "name", mark: "", endings: [".libvirt-lxc"] },
  { engine: "libvirt_lxc", id: "name", mark: "machine-lxc\\x2d", endings: SCOPE },
  // what machined knows: containers and virtual machines
  { engine: "unknown", id: "none", mark: "machine-qemu\\x2d", endings: PLAIN },
  { engine: "rkt", id: "machine", mark: "machine-rkt\\x2d", endings: SCOPE, isOwn: true },
  {
    engine: "systemd_nspawn",
    id: "machine",
    mark: "machine-",
    endings: SCOPE,
    parents: ["machine.slice"],
    isOwn: true,
  },
  { engine: "systemd_nspawn", id: "machine", mark: "systemd-nspawn@", endings: [".service"], isOwn: true },
  { engine: "bpm", id: "job", mark: "bpm-", endings: SCOPE_OR_PLAIN },
  { engine: "bpm", id: "job", mark: "runc-bpm-", endings: SCOPE_OR_PLAIN },
  { engine: "mesos", id: "uuid", mark: "", endings: PLAIN, parents: ["mesos"], isOwn: true },
  ...CONTAINERD_NAMESPACES.map((namespace) =>
    ({
      engine: "containerd",
      id: "short",
      mark: "",
      endings: PLAIN,
      parents: [namespace],
      isAtTop: true,
    }) as const
  ),
  {
    engine: "containerd",
    id: "short",
    mark: "",
    endings: PLAIN,
    parents: ["docker", "buildkit"],
    isAtTop: true,
  },
];

export const LAYOUT_FLAG = { infix: 1, own: 2, at_top: 4 } as const;

/** No container has this id: it is what the host is called. */
export const HOST_ID = "host";
/** The id of a container that its user called `host`. */
export const NAMED_HOST_ID = "container-host";

/**
 * Layouts one after another: u16 engine, u8 form of the id, u8 flags; then texts, each u8 length and bytes: the mark,
 * what it is not below, u8 count and the parents with the nearest first, u8 count and the endings.
 */
export function renderCgroupLayouts(banner: string): string {
  const bytes = CGROUP_LAYOUTS.flatMap(layoutBytes);
  const rows: string[] = [];
  for (let i = 0; i < bytes.length; i += 24) rows.push(`  ${bytes.slice(i, i + 24).join(",")},`);
  const constants = [
    ...Object.entries(ID_FORM).map(([name, value]) =>
      `export const ID_${name.toUpperCase()}: u32 = ${value};`
    ),
    ...Object.entries(LAYOUT_FLAG).map(([name, value]) =>
      `export const LAYOUT_${name.toUpperCase()}: u32 = ${value};`
    ),
    `export const LAYOUT_COUNT: u32 = ${CGROUP_LAYOUTS.length};`,
  ];
  return [
    banner,
    "",
    ...constants.map((line) => `// @ts-ignore: decorator\n@inline ${line}`),
    "",
    `export const LAYOUTS: usize = memory.data<u8>([\n${rows.join("\n")}\n]);`,
    "",
  ].join("\n");
}

function layoutBytes(layout: CgroupLayout): number[] {
  const { engine, id, mark, endings, parents = [], notBelow = "" } = layout;
  const number = CONTAINER_TYPE[engine];
  const flags = (layout.isInfix ? LAYOUT_FLAG.infix : 0) | (layout.isOwn ? LAYOUT_FLAG.own : 0) |
    (layout.isAtTop ? LAYOUT_FLAG.at_top : 0);
  return [
    ...[number & 0xff, number >> 8, ID_FORM[id], flags],
    ...textBytes(mark),
    ...textBytes(notBelow),
    ...[parents.length, ...[...parents].reverse().flatMap(textBytes)],
    ...[endings.length, ...endings.flatMap(textBytes)],
  ];
}

function textBytes(text: string): number[] {
  return [text.length, ...new TextEncoder().encode(text)];
}
