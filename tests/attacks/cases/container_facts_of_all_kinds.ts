// What nobody should call a container, or say of one: ids that begin alike, in capitals, with formats and signs of the
// shell; names, images and labels with line breaks, NUL and turns of direction; an engine that changes its mind about whose
// name is whose; and processes that are moved out of their container's cgroup, or whose cgroup is renamed.

import assert from "node:assert/strict";
import { FakeDocker } from "../../metadata/containers/fake_docker.ts";
import type { Attack } from "../attack.ts";
import { ScratchCgroups } from "../scratch_cgroups.ts";

const MARK = "attack-mark-f39";
const RULE = `
- rule: Marked command
  desc: the command with the mark among its arguments
  condition: evt.type in (execve, execveat) and proc.name = true and proc.args contains ${MARK}
  output: "%proc.args %container.id %container.name %container.image.repository %container.labels"
  priority: WARNING
`;
const config = (rules: string, socket: string) => `
rules_files: [${rules}]
engine: {kind: modern_ebpf}
plugins:
  - name: container
    library_path: libcontainer.so
    init_config: {engines: {docker: {enabled: true, sockets: [${socket}]}, cri: {enabled: false}, containerd: {enabled: false}, podman: {enabled: false}}}
`;
const A = "abcdef012345".padEnd(64, "a");
const B = "feedbeef0000".padEnd(64, "b");
const BAD = 'x\n{"rule":"forged"}\0\u2028\u202e\u001b[31m%proc.name';
const NO_CONTAINERS = [
  "docker/%s%n%x%proc.name",
  "docker/$(reboot)",
  "lxc.payload.",
  "docker/...",
];

const attack: Attack = {
  aim: "lie",
  tries: "odd ids, harmful names and labels, swapped names, moves out of the container's cgroup",
  isQuick: true,
  async run(target) {
    const folder = await Deno.makeTempDir();
    const cgroups = ScratchCgroups.open();
    const docker = new FakeDocker(`${folder}/docker.sock`);
    const put = (id: string, name: string, image: string, labels: Record<string, string> = {}) =>
      docker.containers.set(id, {
        Id: id,
        Name: `/${name}`,
        Image: "sha256:abc",
        Config: { Image: image, Labels: labels },
      });
    try {
      await Deno.writeTextFile(`${folder}/rules.yaml`, RULE);
      await Deno.writeTextFile(`${folder}/falco.yaml`, config(`${folder}/rules.yaml`, docker.path));
      put(A, BAD, BAD, { [BAD]: BAD, plain: "1" });
      put(B, "quiet", "");
      await docker.start();
      const falco = await target.start(["-c", `${folder}/falco.yaml`]);
      let turns = 0;
      const alertOf = async (run: (mark: string) => Promise<void>) => {
        const mark = `${MARK}-${turns++}-`;
        await run(mark);
        const { output_fields } = await falco.alert("Marked command", ({ output }) => output.includes(mark));
        return output_fields;
      };
      const seen = (cgroup: string) => alertOf((mark) => cgroups.run(cgroup, "/bin/true", mark));
      try {
        const harmful = await seen(`docker/${A}`);
        assert.equal(harmful["container.id"], A.slice(0, 12));
        assert.ok(falco.alerts.every(({ rule }) => rule !== "forged"));
        // an id of its own, which nobody knows
        const capitals = await seen(`docker/${A.toUpperCase()}`);
        assert.equal(capitals["container.id"], A.slice(0, 12).toUpperCase());
        assert.ok(!capitals["container.name"], `capitals: ${capitals["container.name"]}`);

        for (const cgroup of NO_CONTAINERS) {
          const fields = await seen(cgroup);
          assert.notEqual(fields["container.name"], "quiet", cgroup);
          assert.equal(fields["container.id"], "host", `${cgroup} is ${fields["container.id"]}`);
        }

        // anyone who is in it knows nothing of the folder's new name
        const group = cgroups.make(`docker/${"c0de".repeat(16)}`);
        const moved = await alertOf(async (mark) => {
          const script = `echo $$ > "$0/cgroup.procs"; echo $$ > "$1/cgroup.procs"; exec /bin/true ${mark}`;
          const { code } = await new Deno.Command("/bin/sh", { args: ["-c", script, group, cgroups.root] })
            .output();
          assert.equal(code, 0);
        });
        assert.equal(moved["container.id"], "host", "moved to the root's cgroup by root");

        // names swapped: each keeps its own facts
        put(A, "quiet", "shop/web:1");
        put(B, "loud", "shop/db:2");
        docker.emit("rename", A, { name: "quiet" });
        docker.emit("rename", B, { name: "loud" });
        let both: unknown[] = [];
        for (let i = 0; i < 50 && both.join() !== "quiet,loud"; i++) {
          both = [
            (await seen(`docker/${A}`))["container.name"],
            (await seen(`docker/${B}`))["container.name"],
          ];
        }
        assert.deepEqual(both, ["quiet", "loud"]);
        const forged = falco.log.filter((line) => !/^\S+ \S+ \d+ [\d:]+ \d+: /.test(line));
        assert.deepEqual(forged, []);
      } finally {
        await falco.stop();
      }
      return `${turns} commands, each with its own container's facts, made harmless`;
    } finally {
      await docker.stop();
      cgroups.close();
      await Deno.remove(folder, { recursive: true });
    }
  },
};

export default attack;
