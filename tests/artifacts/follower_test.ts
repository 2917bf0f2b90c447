// Following: what fails is tried again sooner, what is installed once is left alone, and it ends when nothing is left to do.

import assert from "node:assert/strict";
import { ArtifactError, Follower, type Outcome } from "../../artifacts/mod.ts";

function installer(...failures: readonly (readonly string[])[]) {
  const asked: string[][] = [];
  const install = (names: readonly string[]): Promise<Outcome[]> => {
    const failing = failures[asked.length] ?? [];
    asked.push([...names]);
    return Promise.resolve(
      names.map((name) =>
        failing.includes(name)
          ? { asked: name, result: "failed", error: new ArtifactError("no") }
          : { asked: name, result: "unchanged" }
      ),
    );
  };
  return { asked, install };
}

Deno.test("follow: what is to be installed once is tried until it is there, and no more", async () => {
  const fake = installer(["a", "b"], ["b"]);
  const seen: number[] = [];
  const follower = new Follower({
    installer: fake,
    install: ["a", "b", "c"],
    follow: [],
    everyMs: 3_600_000,
    firstPauseMs: 1,
    onOutcomes: (outcomes) => void seen.push(outcomes.length),
  });
  await follower.run();
  assert.deepEqual(fake.asked, [["a", "b", "c"], ["a", "b"], ["b"]]);
  assert.deepEqual(seen, [3, 2, 1]);
});

Deno.test("follow: what is followed is looked at again after the interval, until it is closed", async () => {
  const fake = installer();
  const follower = new Follower({
    installer: fake,
    install: ["once"],
    follow: ["a"],
    everyMs: 1,
    onOutcomes: () => {
      if (fake.asked.length === 3) follower.close();
    },
  });
  await follower.run();
  assert.deepEqual(fake.asked, [["once", "a"], ["a"], ["a"]]);
});
