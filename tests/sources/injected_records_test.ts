// Records from outside the stream of events: they reach the matcher, damage is counted, and a recording that begins later
// begins with those that still hold.

import assert from "node:assert/strict";
import { BlockWriter } from "../../scap/block_writer.ts";
import { writeSectionHeader } from "../../scap/section.ts";
import { asyncEvent } from "../../scap/event_block.ts";
import { InjectedRecords } from "../../sources/live/injected_records.ts";
import { userEvents } from "../../service/containers/container_users.ts";
import { concat, StateMatcher } from "../assembly/event_stream.ts";

const NOBODY = { users: [], groups: [] };
const ann = { uid: 1000, gid: 50, name: "ann", home: "/home/ann", shell: "/bin/sh" };
const staff = { gid: 50, name: "staff" };

const container = (name: "container" | "container_removed", id: string, image = "web") =>
  asyncEvent(name, JSON.stringify({ container: { id, image } }), 1n);

function lab() {
  const { matcher, ...owner } = new StateMatcher();
  return { owner, matcher, records: new InjectedRecords(matcher, true) };
}

const held = (records: InjectedRecords) => concat([...records.state()]);

Deno.test("what is injected is known, and told again at the head of a recording until it is taken back", () => {
  const owner = new StateMatcher();
  const records = new InjectedRecords(owner.matcher, true);
  const users = userEvents("c1", { users: [ann], groups: [staff] }, NOBODY);
  records.take(concat([container("container", "c1"), container("container", "c2"), users]));
  assert.equal(owner.counter("CONTAINERS"), 2);
  assert.deepEqual(
    held(records),
    concat([container("container", "c1"), container("container", "c2"), users]),
  );
  records.take(container("container", "c1", "other"));
  records.take(container("container_removed", "c2"));
  assert.deepEqual(held(records), concat([users, container("container", "c1", "other")]));
  records.take(userEvents("c1", NOBODY, { users: [ann], groups: [staff] }));
  assert.deepEqual(held(records), container("container", "c1", "other"));
  assert.equal(records.refused, 0);
});

Deno.test("a live run that is not recorded keeps no copies", () => {
  const { matcher } = lab();
  const records = new InjectedRecords(matcher, false);
  records.take(container("container", "c1"));
  assert.equal(held(records).length, 0);
});

Deno.test("blocks that are cut, damaged, of another kind or too large are counted and harmless", () => {
  const owner = new StateMatcher();
  const records = new InjectedRecords(owner.matcher, true);
  const whole = container("container", "c1");
  records.take(whole.slice(0, -4));
  assert.equal(records.refused, 1);
  const section = new BlockWriter();
  writeSectionHeader(section);
  records.take(concat([whole, section.take()]));
  assert.equal(records.refused, 2);
  assert.equal(owner.counter("CONTAINERS"), 1, "the state was not cleared");
  const damaged = container("container", "c2");
  damaged[damaged.length - 1] = 7;
  records.take(damaged);
  records.take(asyncEvent("container", " ".repeat(9 << 20), 1n));
  assert.equal(records.refused, 4);
  records.take(container("container", "c3"));
  assert.equal(owner.counter("CONTAINERS"), 2);
  records.take(asyncEvent("container", '{"container": {"id": 7}', 1n));
  records.take(asyncEvent("container", "\u0000\u0001{{{[", 1n));
  assert.equal(records.refused, 4);
});

Deno.test("names with control characters and of any length stay what they are, up to their bound", () => {
  const owner = new StateMatcher();
  const records = new InjectedRecords(owner.matcher, true);
  const odd = { ...ann, name: "a\u001b[31m\nb\u0000c", home: "/x".repeat(9000) };
  records.take(userEvents("c1", { users: [odd], groups: [] }, NOBODY));
  assert.equal(records.refused, 0);
});
