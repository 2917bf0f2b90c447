// Which container a cgroup names, in a recording as Falco reads it, and of this host.

import assert from "node:assert/strict";
import { PAGE_BYTES } from "../../schema/layout.ts";
import { StateMatcher } from "./event_stream.ts";
import { clone, exec } from "./process_events.ts";

const ID = "3a7f2b9c1d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8";
const SHORT = ID.slice(0, 12);

function containerOf(owner: StateMatcher, cgroups: string[]): string | undefined {
  let found: string | undefined;
  owner.feed(
    [clone({ tid: 7, result: 0 }), exec(7, "/bin/x", cgroups)],
    () => found = owner.text("container_id"),
  );
  return found;
}

Deno.test("the container id comes from the cgroups, whatever made them", () => {
  const cases: [cgroup: string, container: string][] = [
    [`/docker/${ID}`, SHORT],
    [`/system.slice/docker-${ID}.scope`, SHORT],
    [`/machine.slice/libpod-${ID}.scope`, SHORT],
    [`/machine.slice/libpod-${ID}.scope/container`, SHORT],
    [`/libpod_parent/libpod-${ID}`, SHORT],
    [`/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope/container`, SHORT],
    [`/kubepods/besteffort/pod2b1/${ID}`, SHORT],
    [`/kubepods.slice/kubepods-pod2b1.slice/cri-containerd-${ID}.scope`, SHORT],
    [`/kubepods.slice/kubepods-pod2b1.slice/crio-${ID}.scope`, SHORT],
    [`/kubepods-besteffort-pod2b1.slice:cri-containerd:${ID}`, SHORT],
    [`/system.slice/nerdctl-${ID}.scope`, SHORT],
    [`/default/${ID}`, SHORT],
    ["/default/my-container", "my-container"],
    ["/default/web", "web"],
    ["/lxc/guest", "guest"],
    ["/lxc.payload.guest/init.scope", "guest"],
    ["/guest.libvirt-lxc", "guest"],
    ["/libpod_parent/conmon", "conmon"],
    ["/", "host"],
    ["/init.scope", "host"],
    ["/system.slice/ssh.service", "host"],
    ["/user.slice/user-0.slice/session-1.scope", "host"],
  ];
  for (const [cgroup, container] of cases) {
    for (const lists of [[`cpuset=${cgroup}`, `cpu_cgroup=${cgroup}`], [`memory=/`, `pids=${cgroup}`]]) {
      assert.equal(containerOf(new StateMatcher({ heapBytes: 4 << 20 }), lists), container, cgroup);
    }
  }
});

Deno.test("of this host, a cgroup of two names is a container only in a namespace that containerd is known to use", () => {
  const cases: [cgroup: string, container: string][] = [
    ["/jobs/42", "host"],
    ["/process_manager/3a7f2b9c1d4e5f60718293a4b5c6d7e8", "host"],
    ["/libpod_parent/conmon", "host"],
    ["/defaults/web", "host"],
    ["/default/web", "web"],
    ["/moby/web", "web"],
    ["/k8s.io/web", "web"],
    ["/buildkit/web", "web"],
    ["/nerdctl/web", "web"],
    [`/docker/${ID}`, SHORT],
    [`/any-name/${ID}`, SHORT],
  ];
  for (const [cgroup, container] of cases) {
    const owner = new StateMatcher({ heapBytes: 4 << 20, ringBytes: 4 * PAGE_BYTES });
    // a ring means that what comes tells of this host
    assert.equal(owner.matcher.ring_add(owner.ringsAt, PAGE_BYTES, 0), 0);
    assert.equal(containerOf(owner, [`cpuset=${cgroup}`]), container, cgroup);
  }
});
