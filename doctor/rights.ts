// What this process may do: capabilities, the user namespace that they count in, a seccomp filter.
// In: /proc/self. Out: findings; whether the kernel can be asked for the probe at all.

import { CAPABILITIES, effectiveText, missingCapabilities } from "../sources/live/mod.ts";
import { fail, type Finding, ok, warning } from "./finding.ts";
import { readText, readWord } from "./host_file.ts";

export interface RightsFacts {
  /** text of /proc/self/status */
  readonly status: string;
  readonly uidMap: string | undefined;
}

function readRightsFacts(): RightsFacts {
  return { status: readText("/proc/self/status") ?? "", uidMap: readWord("/proc/self/uid_map") };
}

export function checkRights(facts: RightsFacts = readRightsFacts()): Finding[] {
  return [capabilities(facts), ...userNamespace(facts), ...seccomp(facts)];
}

function capabilities({ status }: RightsFacts): Finding {
  const text = effectiveText(status);
  const user = /^Uid:\s*\d+\s+(\d+)/m.exec(status)?.[1] ?? "?";
  const subject = "capabilities";
  if (text === undefined) {
    return warning(
      subject,
      "unknown: /proc/self/status cannot be read",
      "Mount /proc: mount -t proc proc /proc",
    );
  }
  const missing = missingCapabilities(status);
  if (missing.length === 0) return ok(subject, `all that are needed (user ${user}, CapEff ${text})`);
  const found = `user ${user} lacks ${missing.map(({ name, without }) => `${name}: ${without}`).join("; ")}`;
  const names = CAPABILITIES.map(({ name }) => name);
  const remedy = [
    "Run falco as root (sudo)",
    `In a container: --privileged, or ${names.map((name) => `--cap-add ${name.slice(4)}`).join(" ")}`,
    `As a service of another user: AmbientCapabilities=${names.join(" ")}`,
  ];
  return missing.some(({ isNeeded }) => isNeeded)
    ? fail(subject, found, ...remedy)
    : warning(subject, found, ...remedy);
}

/** The kernel asks for capabilities of the first namespace: root of another one is nobody to it. */
function userNamespace({ uidMap }: RightsFacts): Finding[] {
  if (uidMap === undefined || /^\s*0\s+0\s+4294967295$/.test(uidMap)) return [];
  return [
    fail(
      "user namespace",
      `falco runs in one of its own (${
        uidMap.replace(/\s+/g, " ")
      }): its capabilities mean nothing to the kernel`,
      "Start it outside: as root of the host, in a container that is not rootless, without userns-remap",
    ),
  ];
}

function seccomp({ status }: RightsFacts): Finding[] {
  const mode = /^Seccomp:\s*(\d)/m.exec(status)?.[1];
  if (mode !== "2") return [];
  return [
    ok("seccomp", "a filter is active; what it forbids shows below"),
  ];
}
