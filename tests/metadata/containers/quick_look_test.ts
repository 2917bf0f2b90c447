// The quick look: nobody waits behind another party's, one look serves all who ask, and whole ids need no search.

import assert from "node:assert/strict";
import { makeFacts } from "../../../metadata/containers/container_facts.ts";
import type { ContainerEngine } from "../../../metadata/containers/engine.ts";
import { QuickLook } from "../../../metadata/containers/quick_look.ts";
import { CONTAINER_TYPE } from "../../../schema/mod.ts";

const ID = "ab".repeat(32);
const { signal } = new AbortController();

/** Answers when it is told to. */
class SlowEngine implements ContainerEngine {
  readonly asked: string[] = [];
  readonly #answers = new Map<string, PromiseWithResolvers<void>>();

  async glimpse(id: string) {
    this.asked.push(id);
    const answer = Promise.withResolvers<void>();
    this.#answers.set(id, answer);
    await answer.promise;
    return makeFacts(CONTAINER_TYPE.containerd, id, { name: "web" });
  }

  answer(id: string): void {
    this.#answers.get(id)?.resolve();
  }

  connect = () => Promise.resolve("slow");
  list = () => Promise.resolve([]);
  inspect = () => Promise.resolve(undefined);
  watch = () => Promise.resolve();
  close(): void {}
}

Deno.test("all who ask about one container share one look, by its whole id when an event has told it", async () => {
  const engine = new SlowEngine(), look = new QuickLook();
  look.noteId(ID);
  const both = [
    look.take(engine, ID.slice(0, 12), "/kubepods", signal),
    look.take(engine, ID, "list", signal),
  ];
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(engine.asked, [ID]);
  engine.answer(ID);
  assert.deepEqual((await Promise.all(both)).map((facts) => facts?.name), ["web", "web"]);
});

Deno.test("a party with a thousand questions does not keep another one's waiting for more than one turn", async () => {
  const engine = new SlowEngine(), look = new QuickLook();
  const crowd = Array.from({ length: 1000 }, (_, at) => `e${at}`);
  const all = crowd.map((id) => look.take(engine, id, "/evil", signal));
  const real = look.take(engine, ID, "/kubepods", signal);
  await new Promise((resolve) => setTimeout(resolve));
  assert.ok(!engine.asked.includes(ID));
  for (const id of engine.asked.slice(0, 2)) engine.answer(id);
  await new Promise((resolve) => setTimeout(resolve));
  assert.ok(engine.asked.includes(ID), engine.asked.join(" "));
  engine.answer(ID);
  assert.equal((await real)?.name, "web");
  while (engine.asked.length < crowd.length + 1) {
    for (const id of engine.asked) engine.answer(id);
    await new Promise((resolve) => setTimeout(resolve));
  }
  for (const id of engine.asked) engine.answer(id);
  await Promise.all(all);
});

Deno.test("an engine that fails, or cannot tell anything quickly, tells nothing", async () => {
  const look = new QuickLook();
  const engine = new SlowEngine();
  const failing = Object.assign(engine, { glimpse: () => Promise.reject(new Error("no connection")) });
  assert.equal(await look.take(failing, ID, "list", signal), undefined);
  const { connect, list, inspect, watch } = engine;
  assert.equal(
    await look.take({ connect, list, inspect, watch, close: () => {} }, ID, "list", signal),
    undefined,
  );
});
