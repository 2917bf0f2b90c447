// A user's engine lies about a container of root's: it gives it a trusted image's name, before and after root's own
// engine has spoken, and the user calls a cgroup as that container's is called.

import assert from "node:assert/strict";
import { FakeDocker } from "../../metadata/containers/fake_docker.ts";
import type { Attack } from "../attack.ts";
import { ScratchCgroups } from "../scratch_cgroups.ts";
import { Stranger } from "../stranger.ts";

const MARK = "attack-mark-2e7";
const RULES = `
- rule: Marked command
  desc: the command with the mark among its arguments
  condition: evt.type in (execve, execveat) and proc.name = true and proc.args contains ${MARK}
  output: "%proc.args %container.id %container.type %container.name %container.image.repository %container.privileged"
  priority: WARNING
`;
const config = (rules: string, socket: string) => `
rules_files: [${rules}]
engine: {kind: modern_ebpf}
plugins:
  - name: container
    library_path: libcontainer.so
    init_config: {engines: {docker: {enabled: true, sockets: [${socket}]}, cri: {enabled: false}, containerd: {enabled: false}}}
`;
const ID = "ad".repeat(32);
/** As of an image whose name is another's now: the engine's list has no name for it, and its whole answer comes later. */
const IMAGE_ID = `sha256:${"ef".repeat(32)}`;

const attack: Attack = {
  aim: "lie",
  tries:
    "an engine of a user's that names, renames and removes root's container, before and after root's engine",
  isQuick: true,
  async run(target) {
    const folder = await Deno.makeTempDir();
    const cgroups = ScratchCgroups.open();
    const docker = new FakeDocker(`${folder}/docker.sock`);
    const stranger = Stranger.logIn();
    try {
      await Deno.writeTextFile(`${folder}/rules.yaml`, RULES);
      await Deno.writeTextFile(`${folder}/falco.yaml`, config(`${folder}/rules.yaml`, docker.path));
      const engine = await stranger.start("user_engine.ts", stranger.podmanSocket, "contradict", ID);
      const falco = await target.start(["-c", `${folder}/falco.yaml`]);
      let turns = 0;
      const seen = async (cgroup: string) => {
        const mark = `${MARK}-${turns++}-`;
        await cgroups.run(cgroup, "/bin/true", mark);
        const { output_fields: fields } = await falco.alert(
          "Marked command",
          ({ output }) => output.includes(mark),
        );
        assert.equal(fields["container.id"], ID.slice(0, 12));
        return [fields["container.name"], fields["container.image.repository"]];
      };
      const isUp = (log: readonly string[]) => log.some((line) => line.includes("podman.sock is Podman"));
      try {
        await falco.logged(isUp, 20_000);
        const ofRoot = `/docker/${ID}`;
        const alone = await seen(ofRoot);
        assert.ok(!alone.some((text) => /trusted/.test(String(text))), `the user's engine alone: ${alone}`);

        docker.containers.set(ID, {
          Id: ID,
          Name: "/attacker",
          Image: IMAGE_ID,
          Config: { Image: "evil/miner:1" },
          HostConfig: { Privileged: true },
        });
        await docker.start();
        await docker.followed();
        docker.emit("start", ID, { name: "attacker", image: "evil/miner:1" });
        await falco.logged((log) => log.some((line) => line.includes("docker.sock is Docker")), 20_000);
        let roots = await seen(ofRoot);
        for (let i = 0; i < 50 && !(roots[0] === "attacker" && roots[1]); i++) roots = await seen(ofRoot);
        assert.deepEqual(roots, ["attacker", "evil/miner"], "root's engine after the user's");

        // the user's own cgroup of that name is not root's container, and is described by the user's engine
        const ofUser = `/user.slice/user-${stranger.uid}.slice/libpod-${ID}.scope`;
        let users = await seen(ofUser);
        for (let i = 0; i < 50 && users[0] !== "trusted-agent"; i++) users = await seen(ofUser);
        assert.equal(users[0], "trusted-agent", "the user's own container");
        assert.deepEqual(await seen(ofRoot), ["attacker", "evil/miner"]);

        // again, so that the user's comes last; and gone, so that it takes its word back
        await stranger.stop(engine);
        const again = await stranger.start("user_engine.ts", stranger.podmanSocket, "contradict", ID);
        await falco.logged((log) => log.filter((line) => line.includes("podman.sock")).length >= 2, 20_000);
        assert.deepEqual(await seen(ofRoot), ["attacker", "evil/miner"], "the user's engine after root's");
        await stranger.stop(again);
        assert.deepEqual(await seen(ofRoot), ["attacker", "evil/miner"]);
        assert.ok(!falco.log.some((line) => /^2026-01-01/.test(line)), "no line of the log is forged");
      } finally {
        await falco.stop();
      }
      return `${turns} commands, each with what the engine says whose container it is`;
    } finally {
      await docker.stop();
      await stranger.logOut();
      cgroups.close();
      await Deno.remove(folder, { recursive: true });
    }
  },
};

export default attack;
