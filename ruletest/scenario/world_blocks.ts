// The world of a case as `.scap` blocks: a new section, which forgets the case before, and the lists that a recording begins
// with; what a resolver says about names of hosts; then what runtimes and the cluster say about containers and pods.
// In: a world. Out: blocks for the matcher. Elsewhere: the lists themselves (scap/).

import {
  asyncEvent,
  type BlockWriter,
  type ProcessEntry,
  textParam,
  u32Param,
  writeEvent,
  writeFdList,
  writeInterfaceList,
  writeMachineInfo,
  writeProcessList,
  writeSectionHeader,
  writeUserList,
} from "../../scap/mod.ts";
import { LOCAL_IPV4, LOCAL_IPV6 } from "./address.ts";
import { raw, textList } from "./bytes.ts";
import { BEGIN_NS, BOOT_NS, type Pod, type Process, type World } from "./world.ts";

const FD_LIMIT = 1024n;
const SHORT_ID = 12;
const MAX_PID = 4194304;
const MEMORY_BYTES = 8n << 30n;

export function writeWorld(writer: BlockWriter, world: World): void {
  writeSectionHeader(writer);
  writeMachineInfo(writer, {
    cpus: 2,
    memoryBytes: MEMORY_BYTES,
    maxPid: MAX_PID,
    hostname: world.hostname,
    bootEpochNs: BOOT_NS,
    isOwn: true,
  });
  writeInterfaceList(writer, [
    { name: "lo", address: Uint8Array.of(127, 0, 0, 1), netmask: Uint8Array.of(255, 0, 0, 0) },
    { name: "eth0", address: LOCAL_IPV4, netmask: Uint8Array.of(255, 255, 255, 0) },
    { name: "eth0", address: LOCAL_IPV6, netmask: new Uint8Array(16).fill(255, 0, 8) },
  ]);
  writeUserList(writer, world.users, world.groups);
  for (const { name, addresses } of world.hosts) {
    const record = { name, addresses: addresses.map((address) => address.toHex()) };
    writer.raw(asyncEvent("hostname", JSON.stringify(record), BEGIN_NS));
  }
  const known = world.processes.filter(({ isKnown }) => isKnown);
  writeProcessList(writer, known.map(entryOf));
  for (const { pid, files } of known) {
    writeFdList(writer, pid, [...files].map(([fd, target]) => ({ fd, ino: BigInt(100_000 + fd), target })));
  }
  const containers = new Set(world.processes.flatMap(({ container }) => container ?? []));
  const told = new Set<string>();
  for (const { id, facts, pod } of containers) {
    writeUsers(writer, world, id);
    if (facts !== undefined) {
      writer.raw(asyncEvent("container", JSON.stringify({ container: facts }), BEGIN_NS));
    }
    if (pod === undefined || told.has(pod.uid)) continue;
    told.add(pod.uid);
    for (const json of podRecords(pod)) writer.raw(asyncEvent("k8s", json, BEGIN_NS));
  }
}

/** A container has users of its own: here those of the host. */
function writeUsers(writer: BlockWriter, { users, groups }: World, containerId: string): void {
  const container = textParam(containerId.slice(0, SHORT_ID));
  for (const { uid, gid, name, home, shell } of users) {
    const params = [u32Param(uid), u32Param(gid), ...[name, home, shell].map(textParam), container];
    writeEvent(writer, "USERADDED_E", params, BEGIN_NS);
  }
  for (const { gid, name } of groups) {
    writeEvent(writer, "GROUPADDED_E", [u32Param(gid), textParam(name), container], BEGIN_NS);
  }
}

export function cgroupsOf({ container }: Pick<Process, "container">): readonly string[] {
  const path = container?.cgroup ?? "/system.slice";
  return ["cpuset", "cpu", "memory", "pids"].map((controller) => `${controller}=${path}`);
}

function entryOf(process: Process): ProcessEntry {
  const { pid, exeFlags, capabilities } = process;
  return {
    tid: pid,
    pid,
    ptid: process.parentPid,
    sid: process.sid,
    vpgid: process.vpid,
    pgid: process.pgid,
    vtid: process.vpid,
    vpid: process.vpid,
    comm: raw(process.name),
    exe: raw(process.exe),
    exepath: raw(process.exepath),
    args: textList(process.args),
    env: textList(process.env),
    cwd: raw(process.cwd),
    root: raw("/"),
    cgroups: textList(cgroupsOf(process)),
    fdlimit: FD_LIMIT,
    flags: 0,
    uid: process.uid,
    gid: process.gid,
    loginuid: process.loginuid,
    tty: process.tty,
    vmsizeKb: 4096,
    vmrssKb: 1024,
    vmswapKb: 0,
    pageFaultsMajor: 0n,
    pageFaultsMinor: 0n,
    capInheritable: 0n,
    capPermitted: capabilities,
    capEffective: capabilities,
    pidnsInitStartNs: BOOT_NS,
    exeWritable: exeFlags.includes("writable"),
    exeUpperLayer: exeFlags.includes("upper_layer"),
    exeLowerLayer: exeFlags.includes("lower_layer"),
    exeFromMemfd: exeFlags.includes("memfd"),
    exeIno: 0n,
    exeInoCtimeNs: BOOT_NS,
    exeInoMtimeNs: BOOT_NS,
  };
}

/** As Falco's plugin k8smeta leaves them in captures (assembly/README.md). */
function podRecords({ name, namespace, uid, labels, ip, deployment, services }: Pod): string[] {
  const object = (kind: string, of: string, ofName: string, meta = {}, more = {}) =>
    JSON.stringify({
      reason: "Create",
      kind,
      uid: of,
      meta: JSON.stringify({ name: ofName, uid: of, ...meta }),
      ...more,
    });
  const refs: Record<string, { list: string[] }> = { Namespace: { list: [`namespace-${namespace}`] } };
  const records = [object("Namespace", `namespace-${namespace}`, namespace)];
  if (deployment !== undefined) {
    records.push(object("Deployment", `deployment-${deployment}`, deployment));
    refs["Deployment"] = { list: [`deployment-${deployment}`] };
  }
  if (services.length > 0) refs["Service"] = { list: services.map((service) => `service-${service}`) };
  for (const service of services) records.push(object("Service", `service-${service}`, service));
  records.push(
    object("Pod", uid, name, { namespace, labels }, {
      status: JSON.stringify({ podIP: ip }),
      refs: { resources: refs },
    }),
  );
  return records;
}
