// Somebody who can write into folders that falco watches: rules and settings, which are an administrator's, and a user's
// storage of Podman's.

import { hostileJson, hostileText } from "../hostile_text.ts";
import type { Random } from "../random.ts";
import { Repeat, run, type Stranger, sum } from "../stranger.ts";

const ENDINGS = [".yaml", ".yml", ".json", "", ".swp"];
const LISTS = ["containers.json", "volatile-containers.json"];

export default {
  name: "watched folders",
  async prepare({ folder, random, user }) {
    const rules = `${folder}/rules.d`, config = `${folder}/config.d`, home = `${folder}/home`;
    const storage = `${home}/.local/share/containers/storage/overlay-containers`;
    for (const path of [rules, config, storage]) Deno.mkdirSync(path, { recursive: true });
    await run("chown", ["-R", `${user}:${user}`, home]);
    const ofAdmin = new Repeat(() => random.pick([50, 500, 3000]), async () => {
      const path = random.pick([rules, config]);
      // what is broken keeps all changes from being taken, so it goes now and then
      if (random.chance(0.1)) {
        for (const name of await names(path)) await Deno.remove(`${path}/${name}`, { recursive: true });
      }
      return `admin's: ${await act(random, path, `x${random.below(20)}${random.pick(ENDINGS)}`, 1 << 16)}`;
    });
    const ofUser = new Repeat(() => random.pick([1, 10, 50]), async () => {
      const name = random.chance(0.5) ? random.pick(LISTS) : `x${random.below(20)}${random.pick(ENDINGS)}`;
      const what = await act(random, storage, name, Infinity);
      await run("chown", ["-h", `${user}:${user}`, `${storage}/${name}`]);
      return `user's: ${what}`;
    });
    const repeats = [ofAdmin, ofUser];
    return {
      settings: { rules, config },
      start: () => repeats.forEach((repeat) => repeat.start()),
      counts: () => sum(repeats.map((repeat) => repeat.counts())),
      stop: async () => {
        await Promise.all(repeats.map((repeat) => repeat.stop()));
      },
    };
  },
} satisfies Stranger;

async function act(random: Random, folder: string, name: string, maxBytes: number): Promise<string> {
  const path = `${folder}/${name}`;
  await Deno.remove(path, { recursive: true }).catch(() => {});
  switch (random.below(10)) {
    case 0:
      await run("mkfifo", [path]);
      return "FIFO";
    case 1:
      await Deno.symlink(random.pick([path, "/dev/zero", "/dev/tty", "/proc/kmsg", "nowhere", "/"]), path);
      return "link";
    case 2:
      await Deno.mkdir(path);
      return "folder";
    case 3:
      await run("python3", [
        "-c",
        "import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])",
        path,
      ]);
      return "socket";
    case 4: {
      const script = `: > "$1/$(printf 'x\\377\\376').yaml"; : > "$1/$(printf 'a\\nb').yaml"`;
      await run("sh", ["-c", script, "sh", folder]);
      return "name that is not UTF-8";
    }
    case 5: {
      using file = await Deno.create(path);
      await file.truncate(random.pick([1 << 20, 1 << 34]));
      return "large file with holes";
    }
    case 6: {
      const other = `${path}.new`;
      await Deno.writeFile(other, hostileJson({ a: [1] }, random).subarray(0, maxBytes));
      await Deno.rename(other, path);
      return "file renamed into place";
    }
    case 7: {
      const rule = `- rule: ${JSON.stringify(hostileText(random).slice(0, 200))}\n  desc: x\n`;
      await Deno.writeTextFile(path, `${rule}  condition: evt.type = open\n  output: x\n  priority: INFO\n`);
      return "rule";
    }
    default: {
      const item = {
        id: random.hex(64),
        names: ["n"],
        image: "i",
        metadata: '{"image-name":"i","name":"n"}',
      };
      const list = Array.from({ length: random.pick([1, 100]) }, () => ({ ...item, id: random.hex(64) }));
      await Deno.writeFile(path, hostileJson(list, random).subarray(0, maxBytes));
      return "file of spoilt JSON";
    }
  }
}

async function names(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(path)) found.push(name);
  return found;
}
