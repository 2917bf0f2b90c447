// What parties share: memory, turns, questions, lines of the log.

import assert from "node:assert/strict";
import { FairMap } from "../../../metadata/containers/fair_map.ts";
import { QuestionBudget } from "../../../metadata/containers/question_budget.ts";
import { TroubleLog } from "../../../metadata/containers/trouble_log.ts";
import { TurnQueue } from "../../../metadata/containers/turn_queue.ts";

Deno.test("who fills a shared memory pushes out only its own", () => {
  const gone: string[] = [];
  const map = new FairMap<number>(100, (key) => gone.push(key));
  for (let i = 0; i < 20; i++) map.set(`good-${i}`, i, "good");
  for (let i = 0; i < 10_000; i++) map.set(`evil-${i}`, i, "evil");
  assert.equal(map.size, 100);
  assert.ok(Array.from({ length: 20 }, (_, i) => map.get(`good-${i}`)).every((value, i) => value === i));
  assert.equal(gone.length, 10_020 - 100);
  assert.equal(map.get("evil-9999"), 9999);
});

Deno.test("each party has its turn before another has its next; who waits in crowds is refused", async () => {
  const turns = new TurnQueue(1);
  assert.ok(await turns.take("evil"));
  const order: string[] = [];
  const wait = async (party: string) => {
    const isTaken = await turns.take(party);
    order.push(isTaken ? party : "refused");
    if (isTaken) turns.done();
  };
  const all = [...Array.from({ length: 2000 }, () => wait("evil")), wait("good"), wait("good")];
  turns.done();
  await Promise.all(all);
  const taken = order.filter((party) => party !== "refused");
  assert.deepEqual(taken.slice(0, 4), ["evil", "good", "evil", "good"]);
  assert.ok(order.length - taken.length > 0);
  assert.ok(await turns.take("late"), "the turn was given back");
});

Deno.test("a party that has used up its questions does not use up another's", () => {
  const budget = new QuestionBudget();
  let asked = 0;
  for (let i = 0; i < 10_000; i++) if (budget.take("evil")) asked++;
  assert.ok(asked < 1000, `${asked}`);
  assert.ok(budget.take("good"));
});

Deno.test("trouble whose words change at each attempt is told once, and that it is over", () => {
  const lines: string[] = [];
  const log = new TroubleLog((level, what) => lines.push(`${level} ${what}`));
  log.fine("is there");
  for (let i = 0; i < 1000; i++) {
    log.trouble(`reason ${i}`);
    if (i % 10 === 0 && !log.isTrouble) log.fine("is there");
  }
  assert.deepEqual(lines, ["info is there", "warning reason 0"]);
  log.fine("is there");
  log.fine("is there");
  assert.deepEqual(lines.slice(2), ["info is there"]);
});
