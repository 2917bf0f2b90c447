// Somebody who can write into folders that falco watches: rules, settings, Podman's storage.

import { hostileJson, hostileText } from "../hostile_text.ts";
import type { Random } from "../random.ts";
import { Repeat, type Stranger } from "../stranger.ts";

const ENDINGS = [".yaml", ".yml", ".json", "", ".swp"];

export default {
  name: "watched folders",
  prepare({ folder, random }) {
    const chance = random.fork("folders");
    const rules = `${folder}/rules.d`, config = `${folder}/config.d`;
    const storage = `${folder}/home/.local/share/containers/storage/overlay-containers`;
    for (const path of [rules, config, storage]) Deno.mkdirSync(path, { recursive: true });
    const repeat = new Repeat(
      () => chance.pick([1, 10, 50]),
      () => act(chance, chance.pick([rules, config, storage])),
    );
    return {
      settings: { rules, config },
      start: () => repeat.start(),
      counts: () => repeat.counts(),
      stop: () => repeat.stop(),
    };
  },
} satisfies Stranger;

async function act(random: Random, folder: string): Promise<string> {
  const isStorage = folder.endsWith("-containers");
  const name = isStorage && random.chance(0.5)
    ? random.pick(["containers.json", "volatile-containers.json"])
    : `x${random.below(20)}${random.pick(ENDINGS)}`;
  const path = `${folder}/${name}`;
  await Deno.remove(path, { recursive: true }).catch(() => {});
  switch (random.below(10)) {
    case 0:
      await run("mkfifo", path);
      return "FIFO";
    case 1:
      await Deno.symlink(random.pick([path, "/dev/zero", "/dev/tty", "/proc/kmsg", "nowhere", "/"]), path);
      return "link";
    case 2:
      await Deno.mkdir(path);
      return "folder";
    case 3:
      Deno.listen({ transport: "unix", path }).close();
      return "socket";
    case 4:
      await run(
        "sh",
        "-c",
        `: > "$1/$(printf 'x\\377\\376').yaml"; : > "$1/$(printf 'a\\nb').yaml"`,
        "sh",
        folder,
      );
      return "name that is not UTF-8";
    case 5: {
      using file = await Deno.create(path);
      await file.truncate(random.pick([1 << 20, 1 << 34]));
      return "large file with holes";
    }
    case 6: {
      const other = `${path}.new`;
      await Deno.writeFile(other, hostileJson({ a: [1] }, random));
      await Deno.rename(other, path);
      return "file renamed into place";
    }
    case 7:
      await Deno.writeTextFile(
        path,
        `- rule: ${hostileText(random).slice(0, 200)}\n  condition: evt.type = open\n`,
      );
      return "rule";
    default: {
      const item = {
        id: random.hex(64),
        names: ["n"],
        image: "i",
        metadata: '{"image-name":"i","name":"n"}',
      };
      await Deno.writeFile(path, hostileJson(Array(random.pick([1, 100])).fill(item), random));
      return "file of spoilt JSON";
    }
  }
}

async function run(command: string, ...args: string[]): Promise<void> {
  await new Deno.Command(command, { args, stdin: "null", stdout: "null", stderr: "null" }).output();
}
