// Changes of files as editors, deployments and Kubernetes make them: each is told once, and nothing else is.

import { equal } from "node:assert/strict";
import { signatureOf, type WatchedPaths } from "../../../service/reload/reload_paths.ts";
import { ReloadWatch } from "../../../service/reload/reload_watch.ts";

/** Longer than the quiet time after a change, many times over. */
const SURELY_MS = 400;

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Each step changes something; `told` are the calls that came of it. */
async function watching(
  paths: (folder: string) => WatchedPaths,
  prepare: (folder: string) => void,
  work: (folder: string, told: () => Promise<number>) => Promise<void>,
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  let calls = 0;
  const watch = new ReloadWatch(() => calls++, () => {});
  try {
    prepare(folder);
    const watched = paths(folder);
    await watch.watch(watched, await signatureOf(watched));
    await work(folder, async () => {
      await pause(SURELY_MS);
      return [calls, calls = 0][0]!;
    });
  } finally {
    watch.close();
    Deno.removeSync(folder, { recursive: true });
  }
}

const oneFile = (folder: string) => ({ files: [`${folder}/rules.yaml`], folders: [] });
const write = (path: string, text = String(Math.random())) => Deno.writeTextFileSync(path, text);

Deno.test("a file: written in parts, replaced by an editor, removed and there again are one call each", () =>
  watching(oneFile, (folder) => write(`${folder}/rules.yaml`), async (folder, told) => {
    const path = `${folder}/rules.yaml`;
    for (let i = 0; i < 5; i++) {
      Deno.writeTextFileSync(path, `part ${i}\n`, { append: i > 0 });
      await pause(20);
    }
    equal(await told(), 1, "in parts");
    write(`${folder}/.rules.yaml.swp`);
    Deno.renameSync(`${folder}/.rules.yaml.swp`, path);
    equal(await told(), 1, "rename over it");
    Deno.removeSync(path);
    equal(await told(), 1, "removed");
    write(path);
    equal(await told(), 1, "there again");
    Deno.readTextFileSync(path);
    write(`${folder}/other.yaml`);
    equal(await told(), 0, "reading it, and other files");
  }));

Deno.test("a folder: files that come, change and go are told, other kinds of files are not", () =>
  watching(
    (folder) => ({ files: [folder], folders: [folder] }),
    (folder) => write(`${folder}/a.yaml`),
    async (folder, told) => {
      write(`${folder}/b.yml`);
      equal(await told(), 1);
      write(`${folder}/b.yml`);
      equal(await told(), 1);
      Deno.removeSync(`${folder}/a.yaml`);
      equal(await told(), 1);
      write(`${folder}/notes.txt`);
      equal(await told(), 0);
    },
  ));

/** What the kubelet does with a ConfigMap: files are links through ..data, which is moved from one version to the next. */
function publish(folder: string, version: number, names: readonly string[]): void {
  Deno.mkdirSync(`${folder}/..v${version}`);
  for (const name of names) write(`${folder}/..v${version}/${name}`, `version ${version}`);
  Deno.symlinkSync(`..v${version}`, `${folder}/..data_tmp`);
  Deno.renameSync(`${folder}/..data_tmp`, `${folder}/..data`);
  if (version > 1) Deno.removeSync(`${folder}/..v${version - 1}`, { recursive: true });
}

for (const kind of ["file", "folder"] as const) {
  Deno.test(`a ConfigMap of Kubernetes, given as a ${kind}: every new version is one call`, () =>
    watching(
      (folder) => kind === "file" ? oneFile(folder) : { files: [folder], folders: [folder] },
      (folder) => {
        publish(folder, 1, ["rules.yaml"]);
        Deno.symlinkSync("..data/rules.yaml", `${folder}/rules.yaml`);
      },
      async (folder, told) => {
        for (let version = 2; version <= 4; version++) {
          publish(folder, version, ["rules.yaml"]);
          equal(await told(), 1, `version ${version}`);
        }
        write(`${folder}/..v4/rules.yaml`);
        equal(await told(), 1, "after the links");
      },
    ));
}

Deno.test("what changed between reading and watching is told", async () => {
  const folder = Deno.makeTempDirSync();
  const paths = oneFile(folder);
  write(`${folder}/rules.yaml`);
  const signature = await signatureOf(paths);
  await pause(5);
  write(`${folder}/rules.yaml`, "another length");
  let calls = 0;
  const watch = new ReloadWatch(() => calls++, () => {});
  await watch.watch(paths, signature);
  equal(calls, 1);
  watch.close();
  Deno.removeSync(folder, { recursive: true });
});
