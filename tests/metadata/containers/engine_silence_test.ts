// Containers that run while nobody names them are told, with what was looked for; a host without containers is fine.

import assert from "node:assert/strict";
import { join } from "node:path";
import { engineFinding } from "../../../doctor/engines.ts";
import { EngineSilence, type EngineStanding } from "../../../metadata/containers/engine_silence.ts";
import { CONTAINER_TYPE } from "../../../schema/wire.ts";
import { FakeDocker } from "./fake_docker.ts";
import { WatchedDirectory } from "./watched_directory.ts";

const ID = "0123456789ab";
const POD = "/kubepods/besteffort/pod0d5a7a39-9a0b-4f5e-8a52-6f2d1c1e7f10";
const met = (type: number, parent = "/") => ({ id: ID, type, sliceUid: 0, namespaceUid: 0, parent });

function standing(engine: EngineStanding["engine"], problem?: string, isConfigured = false): EngineStanding {
  return { engine, path: `/host/run/${engine}.sock`, isConfigured, problem };
}

const ABSENT = [standing("docker", "there is nothing"), standing("cri", "it is a folder")];

Deno.test("nothing is said of engines that are not there while no container runs", () => {
  assert.equal(new EngineSilence().problem(ABSENT), undefined);
});

Deno.test("a pod's container that nobody names: the places of the CRI are told, and what is there", () => {
  const silence = new EngineSilence();
  silence.nobodyKnows(met(CONTAINER_TYPE.unknown, POD));
  const problem = silence.problem(ABSENT);
  assert.match(problem!, /containers run here, .* \(cri at \/host\/run\/cri\.sock: it is a folder\); mount/);
  assert.equal(silence.problem([standing("cri")]), undefined);
  assert.equal(silence.problem(ABSENT), undefined, "one that was known late is no trouble for ever");
});

Deno.test("a socket that the settings name and that does not answer is told at once", () => {
  const wrong = standing("cri", "nobody listens there", true);
  assert.match(
    new EngineSilence().problem([wrong])!,
    /where the settings say \(cri at .*: nobody listens there\)/,
  );
  assert.equal(new EngineSilence().problem([wrong, standing("cri", undefined, true)]), undefined);
});

Deno.test("an engine that is switched off is named when containers of its run; without any engine nobody wants names", () => {
  const silence = new EngineSilence();
  silence.nobodyKnows(met(CONTAINER_TYPE.docker));
  assert.match(silence.problem([standing("cri")])!, /the settings switch docker off/);
  assert.equal(silence.problem([]), undefined);
});

Deno.test("cgroups that only look like a container's are no reason to complain", () => {
  const silence = new EngineSilence();
  silence.nobodyKnows(met(CONTAINER_TYPE.unknown, "/somebody"));
  assert.equal(silence.problem(ABSENT), undefined);
});

for (
  const [what, make, expected] of [
    ["nothing", () => {}, /there is nothing/],
    ["a folder", (path: string) => Deno.mkdirSync(path), /it is a folder/],
    ["a file", (path: string) => Deno.writeTextFileSync(path, ""), /it is no socket/],
    ["a socket that nobody listens at", (path: string) => {
      Deno.listen({ transport: "unix", path }).close();
    }, /nobody listens there|there is nothing/],
  ] as const
) {
  Deno.test(`where the socket of an engine should be there is ${what}: told with a container that runs, taken back when it answers`, async () => {
    const folder = await Deno.makeTempDir();
    const path = join(folder, "docker.sock");
    make(path);
    const problems: (string | undefined)[] = [];
    using seen = new WatchedDirectory([{ engine: "docker", path }], 20, (problem) => problems.push(problem));
    await seen.directory.start();
    assert.equal(await seen.lookup(ID, CONTAINER_TYPE.docker), false);
    await seen.until(() => problems.length > 0);
    assert.match(problems[0]!, expected);
    await Deno.remove(path, { recursive: true }).catch(() => {});
    const docker = new FakeDocker(path);
    await docker.start();
    await seen.until(() => problems.length > 1 && problems.at(-1) === undefined);
    // a look between the removal and the start says what it saw
    for (const problem of problems.slice(1, -1)) assert.match(problem!, /there is nothing/);
    seen.directory.close();
    await docker.stop();
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("doctor: engines that answer, that should, and that nobody needs", () => {
  const standingOf = (all: readonly EngineStanding[], areContainers: boolean) => {
    const { standing, found } = engineFinding(all, areContainers);
    return `${standing}: ${found}`;
  };
  assert.equal(standingOf([standing("cri"), ...ABSENT.slice(0, 1)], true), "ok: cri at /host/run/cri.sock");
  assert.equal(standingOf(ABSENT, false), "ok: none answers, and no containers run here");
  assert.match(
    standingOf(ABSENT, true),
    /^warning: containers run here, .*docker at .*: there is nothing; cri at .*: it is a folder/,
  );
  assert.match(
    standingOf([standing("cri", "nobody listens there", true)], false),
    /^warning: none answers; looked for cri at/,
  );
  assert.match(standingOf([], true), /^warning: .*switch all engines off/);
});
