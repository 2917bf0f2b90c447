// Which container a cgroup names, in a recording as Falco reads it, and of this host.

import assert from "node:assert/strict";
import fc from "fast-check";
import { asyncEvent } from "../../scap/event_block.ts";
import { containerInCgroups } from "../../schema/cgroup_container.ts";
import { PAGE_BYTES } from "../../schema/layout.ts";
import { ID, LAYOUT_CASES, LIVE_CASES, NESTED_CASES, OTHER, RECORDED_CASES, SHORT } from "./cgroup_cases.ts";
import { StateMatcher } from "./event_stream.ts";
import { clone, exec } from "./process_events.ts";

/** A container that is looked for in the same way in /proc. */
const besides = (paths: string[]) => containerInCgroups(paths)?.id ?? "host";

function containerOf(owner: StateMatcher, cgroups: string[]): string | undefined {
  let found: string | undefined;
  owner.feed(
    [clone({ tid: 7, result: 0 }), exec(7, "/bin/x", cgroups)],
    () => found = owner.text("container_id"),
  );
  return found;
}

function recorded(): StateMatcher {
  return new StateMatcher({ heapBytes: 4 << 20 });
}

/** A ring means that what comes tells of this host. */
function live(): StateMatcher {
  const owner = new StateMatcher({ heapBytes: 4 << 20, ringBytes: 4 * PAGE_BYTES });
  assert.equal(owner.matcher.ring_add(owner.ringsAt, PAGE_BYTES, 0), 0);
  return owner;
}

Deno.test("the container id comes from the cgroups, whatever made them", () => {
  const matchers = [recorded(), live()];
  for (const [cgroup, container] of LAYOUT_CASES) {
    for (const lists of [[`cpuset=${cgroup}`, `cpu_cgroup=${cgroup}`], [`memory=/`, `pids=${cgroup}`]]) {
      for (const owner of matchers) assert.equal(containerOf(owner, lists), container, cgroup);
    }
    assert.equal(besides([cgroup]), container, cgroup);
  }
});

Deno.test("what is below a container's cgroup stays in the container and takes nobody else's id", () => {
  const matchers = [recorded(), live()];
  for (const [cgroup, container] of NESTED_CASES) {
    for (const owner of matchers) assert.equal(containerOf(owner, [`cpu=${cgroup}`]), container, cgroup);
    assert.equal(besides([cgroup]), container, cgroup);
  }
});

Deno.test("of this host, names that only containers have count, and `host` is the id of none", () => {
  const owner = live();
  for (const [cgroup, container] of LIVE_CASES) {
    assert.equal(containerOf(owner, [`cpuset=${cgroup}`]), container, cgroup);
    assert.equal(besides([cgroup]), container, cgroup);
  }
});

Deno.test("in a recording, a cgroup of two names is a container", () => {
  const owner = recorded();
  for (const [cgroup, container] of RECORDED_CASES) {
    assert.equal(containerOf(owner, [`cpuset=${cgroup}`]), container, cgroup);
  }
});

Deno.test("with several hierarchies a container that the system made counts more than one in a user's slice", () => {
  const owner = live();
  const own = `/user.slice/user-1000.slice/user@1000.service/docker-${OTHER}.scope`;
  const cases: [paths: string[], container: string][] = [
    [["/", `/docker/${ID}`], SHORT],
    [[own, "/", `/docker/${ID}`], SHORT],
    [[`/docker/${ID}/x`, own], SHORT],
    [[own, "/user.slice"], OTHER.slice(0, 12)],
  ];
  for (const [paths, container] of cases) {
    assert.equal(containerOf(owner, paths.map((path, i) => `c${i}=${path}`)), container);
    assert.equal(besides(paths), container);
  }
});

Deno.test("a cgroup in a user's slice takes no facts of a container with its id elsewhere, nor gives it any", () => {
  const owner = live();
  const facts = (fields: object) =>
    owner.ingest(
      asyncEvent("container", JSON.stringify({ container: { id: SHORT, type: 0, ...fields } }), 0n),
    );
  const name = (cgroup: string) => {
    let found: string | undefined;
    owner.feed([clone({ tid: 7, result: 0 }), exec(7, "/bin/x", [`cpu=${cgroup}`])], () => {
      assert.equal(owner.text("container_id"), SHORT);
      found = owner.text("container_name");
    });
    return found;
  };
  const ofRoot = `/system.slice/docker-${ID}.scope`;
  const ofUser = (uid: number) => `/user.slice/user-${uid}.slice/user@${uid}.service/docker-${ID}.scope`;
  facts({ name: "root's", owner_uid: 0 });
  assert.equal(name(ofRoot), "root's");
  assert.equal(name(ofUser(1000)), undefined);
  facts({ name: "user's", owner_uid: 1000 });
  assert.equal(name(ofRoot), "root's");
  assert.equal(name(ofUser(1000)), "user's");
  assert.equal(name(ofUser(1001)), undefined);
  // a user's slice inside of a container is the container's
  assert.equal(name(`${ofRoot}/user.slice/user-1000.slice/docker-${OTHER}.scope`), "root's");
});

Deno.test("matcher and /proc are read in the same way, whatever the path", () => {
  const owner = live();
  const part = fc.oneof(
    fc.constantFrom(
      ...["user.slice", "user-1000.slice", "user-0.slice", "user-x.slice", "user-99999999999.slice"],
      ...["lxc", "libvirt", "lxc.payload", "default", "docker", "buildkit", "mesos", "machine.slice"],
      ...[
        "libpod_parent",
        ID,
        OTHER,
        "host",
        "",
        "..",
        "a.scope",
        "a.service",
        "2b1f0c9e-77aa-4d0e-8a51-0c7b6f2d9e10",
      ],
    ),
    fc.tuple(
      fc.constantFrom(
        ...["libpod-", "libpod-payload-", "docker-", "crio-", "cri-containerd-", "nerdctl-", "lxc.payload."],
        ...[
          "machine-",
          "machine-lxc\\x2d",
          "machine-qemu\\x2d",
          "machine-rkt\\x2d",
          "systemd-nspawn@",
          "bpm-",
        ],
        ...["runc-bpm-", "x:cri-containerd:", ":docker:", "a:crio:", ":nerdctl:", ""],
      ),
      fc.constantFrom(
        ID,
        ID.slice(1),
        `${ID}0`,
        "host",
        "a\\x2db",
        "a\\x2fb\\x",
        "name",
        "",
        "x y",
        "a".repeat(70),
      ),
      fc.constantFrom("", ".scope", ".service", ".slice", ".libvirt-lxc"),
    ).map((parts) => parts.join("")),
  );
  const path = fc.array(part, { maxLength: 5 }).map((parts) => `/${parts.join("/")}`);
  fc.assert(
    fc.property(fc.array(path, { minLength: 1, maxLength: 3 }), (paths) => {
      assert.equal(containerOf(owner, paths.map((path, i) => `c${i}=${path}`)), besides(paths));
    }),
    { numRuns: 3000 },
  );
});
