// When a session looks for its engine again. Its pauses are noted instead of slept through.

import assert from "node:assert/strict";
import type { ContainerEngine } from "../../../metadata/containers/engine.ts";
import { EngineSession, type SessionOptions } from "../../../metadata/containers/engine_session.ts";

const LOOKS = 40;
const USER = 1000;

/** An engine that can be asked, and whose first connection ends at once. */
function engine(): ContainerEngine {
  return {
    connect: () => Promise.resolve("fake 1"),
    list: () => Promise.resolve([]),
    inspect: () => Promise.resolve(undefined),
    watch: () => Promise.resolve(),
    close: () => {},
  };
}

/**
 * The pauses of a session between `LOOKS` looks.
 * @param find what is there at a look, counted from 0
 */
async function pausesOf(find: (look: number) => { owner: number } | undefined): Promise<number[]> {
  const pausesMs: number[] = [];
  const { setTimeout } = globalThis;
  globalThis.setTimeout = ((action: () => void, ms = 0) => {
    pausesMs.push(ms);
    return setTimeout(action, 0);
  }) as typeof globalThis.setTimeout;
  try {
    let looks = 0;
    const nothing = () => {};
    const options: SessionOptions = {
      ...{ engine: "docker", path: "/fake", isConfigured: false, tellsAll: true, listTimeoutMs: 1000 },
      hooks: { create: true, start: false },
      findPlace: () => {
        if (looks === LOOKS) session.close();
        const place = find(looks++);
        return Promise.resolve(place && { path: "/fake", close: nothing, ...place });
      },
      open: () => {
        if (looks > 1) throw new Error("Connection refused");
        return Promise.resolve(engine());
      },
      ...{ onFacts: nothing, onRemoved: nothing, onListed: nothing, count: nothing, log: nothing },
      isMet: () => false,
    };
    const session = new EngineSession(options);
    await session.run();
    return pausesMs.slice(2);
  } finally {
    globalThis.setTimeout = setTimeout;
  }
}

Deno.test("the host's engine that was there is looked for every half second: pods start right after its return", async () => {
  const gone = await pausesOf((look) => look === 0 ? { owner: 0 } : undefined);
  const refused = await pausesOf(() => ({ owner: 0 }));
  for (const pauses of [gone, refused]) {
    assert.ok(pauses.length >= LOOKS - 3, `${pauses}`);
    assert.ok(pauses.every((ms) => ms <= 500), `${pauses}`);
  }
});

Deno.test("what was never there, and a user's engine, are looked for ever less often", async () => {
  const never = await pausesOf(() => undefined);
  const users = await pausesOf(() => ({ owner: USER }));
  assert.ok(never.every((ms) => ms === 3000), `${never}`);
  assert.equal(Math.max(...users), 30_000);
});
