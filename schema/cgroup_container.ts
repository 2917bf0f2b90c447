// The container that cgroups name, for readers of /proc: what the matcher reads in events, read here in the same way.
// In: paths of cgroups, or /proc/PID/cgroup. Out: the container's id, its engine as far as the path tells, its owner.
// Elsewhere: the layouts (cgroup_layouts.ts), the same for events (assembly/state/cgroup_path.ts).

import { CONTAINER_TYPE } from "./wire.ts";
import { CGROUP_LAYOUTS, type CgroupLayout, HOST_ID, NAMED_HOST_ID } from "./cgroup_layouts.ts";

export interface CgroupContainer {
  /** what container.id prints */
  readonly id: string;
  /** number of the engine; 0xffff: any */
  readonly type: number;
  /** user of the host in whose slice the container is; 0: root's, or the system's */
  readonly ownerUid: number;
}

const DIGEST = /^[0-9a-fA-F]{64}$/;
const UUID = /^[0-9a-zA-Z-]{36}$/;
const JOB = /^[A-Za-z0-9._-]+$/;
const UNIT = /\.(?:service|slice|scope)$/;
const SLICE_OF_USER = /^user-(\d{1,10})\.slice$/;
const SHORT_ID_CHARACTERS = 12;
const MAX_NAME_CHARACTERS = 64;

/** @param text of /proc/PID/cgroup: a line `hierarchy:controllers:path` for each hierarchy */
export function containerInCgroupFile(text: string): CgroupContainer | undefined {
  return containerInCgroups(text.split("\n").map((line) => line.split(":").slice(2).join(":")));
}

/** One that the system made counts more than one in a user's slice: users can put their own processes there. */
export function containerInCgroups(paths: readonly string[]): CgroupContainer | undefined {
  let found: CgroupContainer | undefined;
  for (const path of paths) {
    const container = containerInPath(path);
    if (container?.ownerUid === 0) return container;
    found ??= container;
  }
  return found;
}

function containerInPath(path: string): CgroupContainer | undefined {
  // in a cgroup namespace of its own a reader sees its neighbours as `/../neighbour`
  const names = path.split("/").filter((name) => name !== "" && name !== "..");
  let ownerUid = 0;
  for (const [at, name] of names.entries()) {
    if (at === 1 && names[0] === "user.slice") ownerUid = uidOf(name);
    for (const layout of CGROUP_LAYOUTS) {
      const text = fits(layout, names, at);
      if (text === undefined) continue;
      if (layout.id === "none") break;
      const id = idOf(layout.id, text);
      if (id === undefined) continue;
      return { id: id === HOST_ID ? NAMED_HOST_ID : id, type: CONTAINER_TYPE[layout.engine], ownerUid };
    }
  }
  return undefined;
}

function uidOf(name: string): number {
  const uid = Number(SLICE_OF_USER.exec(name)?.[1] ?? 0);
  return uid > 0xffff_ffff ? 0 : uid;
}

/** What is between mark and ending when the folder fits. */
function fits(layout: CgroupLayout, names: readonly string[], at: number): string | undefined {
  const { mark, isInfix = false, endings, parents = [], isAtTop = false, notBelow } = layout;
  if (isAtTop && at !== parents.length) return undefined;
  if (notBelow !== undefined && names[at - 1] === notBelow) return undefined;
  if (parents.some((parent, i) => names[at - parents.length + i] !== parent)) return undefined;
  const name = names[at]!;
  const from = isInfix ? name.lastIndexOf(mark) : name.startsWith(mark) ? 0 : -1;
  if (from < 0) return undefined;
  const rest = name.slice(from + mark.length);
  const ending = endings.find((ending) => rest.endsWith(ending));
  return ending === undefined ? undefined : rest.slice(0, rest.length - ending.length);
}

function idOf(form: CgroupLayout["id"], text: string): string | undefined {
  switch (form) {
    case "digest":
      return DIGEST.test(text) ? text.slice(0, SHORT_ID_CHARACTERS) : undefined;
    case "short":
      return text !== "" && text.length <= MAX_NAME_CHARACTERS && !UNIT.test(text)
        ? text.slice(0, SHORT_ID_CHARACTERS)
        : undefined;
    case "machine":
      return text.replace(/\\x([0-9a-f]{2})/g, (whole, digits: string) => {
        const byte = parseInt(digits, 16);
        return byte > 0x20 && byte < 0x7f && byte !== 0x2f ? String.fromCharCode(byte) : whole;
      }) || undefined;
    case "job":
      return JOB.test(text) && !UNIT.test(text) ? text : undefined;
    case "uuid":
      return UUID.test(text) ? text : undefined;
    default:
      return text || undefined;
  }
}
