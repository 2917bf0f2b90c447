// Following: what fails is tried again sooner, what is installed once is left alone, and it ends when nothing is left to do.

import assert from "node:assert/strict";
import { ArtifactError, Follower, type Outcome, scheduleOf } from "../../artifacts/mod.ts";

function installer(...failures: readonly (readonly string[])[]) {
  const asked: string[][] = [];
  const install = async (
    names: readonly string[],
    onSome: (outcomes: readonly Outcome[]) => void | Promise<void> = () => {},
  ): Promise<Outcome[]> => {
    const failing = failures[asked.length] ?? [];
    asked.push([...names]);
    const outcomes = names.map((name): Outcome =>
      failing.includes(name)
        ? { asked: name, result: "failed", error: new ArtifactError("no") }
        : { asked: name, result: "unchanged" }
    );
    await onSome(outcomes);
    return outcomes;
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
    schedule: scheduleOf(3_600_000),
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
    schedule: scheduleOf(1),
    onOutcomes: () => {
      if (fake.asked.length === 3) follower.close();
    },
  });
  await follower.run();
  assert.deepEqual(fake.asked, [["once", "a"], ["a"], ["a"]]);
});

Deno.test("follow: a cron expression counts in place of the interval, within the minute that it names", () => {
  const now = new Date("2026-12-01T10:20:30Z");
  for (let i = 0; i < 100; i++) {
    const interval = scheduleOf(3_600_000).nextInMs(now);
    assert.ok(interval > 3_240_000 && interval <= 3_600_000, `${interval}`);
    const cron = scheduleOf(1, "TZ=UTC 0 11 * * *").nextInMs(now);
    assert.ok(cron >= 39.5 * 60_000 && cron < 40.5 * 60_000, `${cron}`);
  }
});
