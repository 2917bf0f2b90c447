// Containers that come and go are events that rules see, as in Falco; lists of what is known are none.

import assert from "node:assert/strict";
import { asyncEvent } from "../../scap/event_block.ts";
import { EVENT_CODE } from "../../schema/events.ts";
import { REGION } from "../../schema/layout.ts";
import { concat, event, eventBlock, StateMatcher, text, u32 } from "./event_stream.ts";

const record = (name: "container" | "container_removed" | "k8s", id: string, isEvent: boolean) =>
  asyncEvent(name, JSON.stringify({ container: { id, name: `name-${id}`, imagerepo: "web" } }), 5n, isEvent);
const happens = () =>
  eventBlock(event({ type: EVENT_CODE["GETUID_X"]!, tid: 1, timeNs: 4n, params: [u32(0)] }));
const user = () =>
  eventBlock(event({
    type: EVENT_CODE["USERADDED_E"]!,
    tid: -1,
    params: [u32(0), u32(0), text("a"), text("/"), text("/bin/sh"), text("")],
  }));

function watch(): { readonly owner: StateMatcher; readonly seen: string[] } {
  const owner = new StateMatcher();
  const seen: string[] = [];
  owner.onEvent = () => {
    const words = ["evt_type", "evt_asynctype", "container_name", "container_image_repository"]
      .map((field) => owner.text(field) ?? "-");
    seen.push([...words, owner.number("evt_is_async")].join(" "));
  };
  return { owner, seen };
}

Deno.test("a recording: messages about containers are events, in the middle and where no list of users is before them", () => {
  const { owner, seen } = watch();
  owner.ingest(
    concat([record("container", "aaa", true), happens(), record("container_removed", "aaa", true)]),
  );
  assert.deepEqual(seen, [
    "container container name-aaa web 1",
    "getuid - host  0",
    "container_removed container_removed name-aaa web 1",
  ]);
});

Deno.test("a recording: what is listed at its head, or marked as state, is known and no event", () => {
  const listed = watch();
  listed.owner.ingest(concat([user(), record("container", "aaa", true), happens()]));
  assert.deepEqual(listed.seen, ["getuid - host  0"]);
  const marked = watch();
  marked.owner.ingest(
    concat([record("container", "aaa", false), happens(), record("container", "bbb", false)]),
  );
  assert.deepEqual(marked.seen, ["getuid - host  0"]);
  assert.equal(marked.owner.counter("CONTAINERS"), 2);
});

Deno.test("live: a container that comes or goes is an event, and has the time of the last one; what is only known is none", () => {
  const { owner, seen } = watch();
  const times: (number | undefined)[] = [];
  const inject = (blocks: Uint8Array) => {
    owner.bytes.set(blocks, REGION.INGEST.at);
    assert.equal(owner.matcher.inject(REGION.INGEST.at, blocks.length), blocks.length);
  };
  owner.ingest(happens());
  const { onEvent } = owner;
  owner.onEvent = () => {
    onEvent();
    times.push(owner.number("evt_rawtime"));
  };
  seen.length = 0;
  inject(record("container", "aaa", true));
  inject(record("container", "aaa", false));
  inject(record("k8s", "aaa", false));
  inject(user());
  inject(record("container_removed", "aaa", true));
  assert.deepEqual(seen, [
    "container container name-aaa web 1",
    "container_removed container_removed name-aaa web 1",
  ]);
  assert.deepEqual(times, [4, 4]);
});
