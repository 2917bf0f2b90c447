// Users of containers, between the engine and their files.
// In: containers that the engine has seen. Out: records of their users and groups, injected into the engine.
// Elsewhere: when which files are read (metadata/container_users.ts), how (ffi/foreign_root.ts),
// which root is the host's (host_identity.ts).

import { cgroupsOf, ForeignRoot, hostRoot, processIds, readBytes } from "../../ffi/mod.ts";
import {
  type AccountFile,
  type AccountFiles,
  ContainerUsers,
  type IdMap,
  type IdMaps,
  parseIdMap,
  type ReadRequest,
  type UserList,
} from "../../metadata/mod.ts";
import { BlockWriter, textParam, u32Param, writeEvent } from "../../scap/mod.ts";
import { containerInCgroupFile } from "../../schema/mod.ts";
import { HostIdentity } from "./host_identity.ts";

/** What this needs of the engine. */
export interface UsersPort {
  inject(blocks: Uint8Array<ArrayBuffer>): void;
  containerUsersRead(id: string): void;
}

const MAX_MAP_BYTES = 64 << 10;
/** Far more than the accounts of any host need. */
const MAX_FILE_BYTES = 1 << 20;

export function watchContainerUsers(
  port: UsersPort,
  root: string = hostRoot(),
): ContainerUsers {
  const host = new HostIdentity(root);
  return new ContainerUsers({
    read: (request) => readAccounts(root, host, request),
    findProcesses: (ids) => findProcesses(root, ids),
    onChange: (id, { added, removed }) => port.inject(userEvents(id, added, removed)),
    onRead: (id) => port.containerUsersRead(id),
  });
}

async function readAccounts(
  hostRoot: string,
  host: HostIdentity,
  request: ReadRequest,
): Promise<AccountFiles> {
  const { id, pid, acceptsHost, stamps } = request;
  const root = await ForeignRoot.open(`${hostRoot}/proc/${pid}/root`);
  if (root === undefined) return { kind: "gone" };
  try {
    // by now the number may belong to a process of somebody else
    if (!isIn(id, cgroupsOf(hostRoot, pid))) return { kind: "gone" };
    const isHosts = root.identity === await host.identity();
    if (!acceptsHost && isHosts) return { kind: "host" };
    const ids = idMaps(hostRoot, pid);
    // a namespace that has just been made has no numbers yet
    if (!acceptsHost && ids?.uids.length === 0) return { kind: "host" };
    return {
      kind: "own",
      ...isHosts ? { isHosts } : {},
      ...ids === undefined ? {} : { ids },
      passwd: await readFile(root, "etc/passwd", stamps.passwd),
      group: await readFile(root, "etc/group", stamps.group),
    };
  } finally {
    root.close();
  }
}

/** Nothing where the numbers of the process are those of the host. */
function idMaps(hostRoot: string, pid: number): IdMaps | undefined {
  const [uids, gids] = ["uid_map", "gid_map"].map((name) => {
    const bytes = readBytes(`${hostRoot}/proc/${pid}/${name}`, MAX_MAP_BYTES);
    return bytes === undefined ? undefined : parseIdMap(new TextDecoder().decode(bytes));
  });
  // the process has gone, or the kernel has no user namespaces
  if (uids === undefined || gids === undefined) return undefined;
  const isHosts = (map: IdMap) => map.length === 1 && map[0]!.inside === 0 && map[0]!.outside === 0;
  return isHosts(uids) && isHosts(gids) ? undefined : { uids, gids };
}

async function readFile(root: ForeignRoot, path: string, knownStamp: string): Promise<AccountFile> {
  const file = await root.read(path, MAX_FILE_BYTES, knownStamp);
  if (file === undefined) return knownStamp === "" ? { stamp: "" } : { stamp: "", text: "" };
  if (file.stamp === knownStamp) return { stamp: knownStamp };
  return { stamp: file.stamp, text: new TextDecoder().decode(file.bytes ?? new Uint8Array(0)) };
}

/** Of the cgroups of a process, that of its container has the outermost name of one: what is below, anybody can make. */
function isIn(key: string, cgroups: string): boolean {
  return keyIn(cgroups) === key;
}

/** What the matcher calls the container (assembly/state/containers.ts). */
function keyIn(cgroups: string): string | undefined {
  const found = containerInCgroupFile(cgroups);
  return found === undefined || found.ownerUid === 0 ? found?.id : `${found.id}/${found.ownerUid}`;
}

function findProcesses(hostRoot: string, keys: ReadonlySet<string>): Map<string, number> {
  const found = new Map<string, number>();
  for (const pid of processIds(hostRoot)) {
    const key = keyIn(cgroupsOf(hostRoot, pid));
    if (key !== undefined && keys.has(key) && !found.has(key)) found.set(key, pid);
    if (found.size === keys.size) break;
  }
  return found;
}

/** One event for each account, as Falco's captures have them. */
export function userEvents(id: string, added: UserList, removed: UserList): Uint8Array<ArrayBuffer> {
  const writer = new BlockWriter(1 << 16);
  const timeNs = BigInt(Date.now()) * 1_000_000n;
  const container = textParam(id);
  for (const [lists, suffix] of [[removed, "DELETED_E"], [added, "ADDED_E"]] as const) {
    for (const { uid, gid, name, home, shell } of lists.users) {
      const texts = [name, home, shell].map(textParam);
      writeEvent(writer, `USER${suffix}`, [u32Param(uid), u32Param(gid), ...texts, container], timeNs);
    }
    for (const { gid, name } of lists.groups) {
      writeEvent(writer, `GROUP${suffix}`, [u32Param(gid), textParam(name), container], timeNs);
    }
  }
  return writer.take();
}
