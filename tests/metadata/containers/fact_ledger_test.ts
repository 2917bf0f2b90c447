// Engines that contradict each other, in every order: whose word counts for which container.

import assert from "node:assert/strict";
import { CONTAINER_TYPE } from "../../../schema/wire.ts";
import { type ContainerFacts, makeFacts } from "../../../metadata/containers/container_facts.ts";
import { DirectoryCounters } from "../../../metadata/containers/directory_counters.ts";
import { FactLedger } from "../../../metadata/containers/fact_ledger.ts";
import type { FactSource } from "../../../metadata/containers/fact_source.ts";

const ID = "ad".repeat(32);
const SHORT = ID.slice(0, 12);
const USER = 1001;
const ROOTS: FactSource = { engine: "docker", owner: 0 };
const USERS: FactSource = { engine: "podman", owner: USER };
const OTHERS: FactSource = { engine: "podman", owner: 1002 };

const facts = (name: string, more: Partial<ContainerFacts> = {}, type: number = CONTAINER_TYPE.docker) =>
  makeFacts(type, ID, { name, ...more });
const open = () => new FactLedger(100, new DirectoryCounters());
const met = (ledger: FactLedger, more: { sliceUid?: number; namespaceUid?: number; type?: number } = {}) =>
  ledger.met({
    id: SHORT,
    type: CONTAINER_TYPE.unknown,
    sliceUid: 0,
    namespaceUid: 0,
    parent: "/docker",
    ...more,
  });
const best = (ledger: FactLedger, sliceUid = 0): ContainerFacts | undefined => {
  const json = ledger.best(SHORT, sliceUid);
  return json === "" ? undefined : JSON.parse(json).container;
};

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

type Step = (ledger: FactLedger) => void;
const rootSays: Step = (ledger) => ledger.say(ROOTS, facts("attacker", { privileged: true }), true);
const userSays: Step = (ledger) =>
  ledger.say(USERS, facts("trusted", { image: "trusted:1" }, CONTAINER_TYPE.podman), true);
const userTakes: Step = (ledger) => ledger.take(USERS, SHORT);
const isMet: Step = (ledger) => met(ledger);

Deno.test("a user's engine neither replaces, fills nor removes what root's says, in any order", () => {
  for (const order of permutations([rootSays, userSays, userTakes, isMet])) {
    const ledger = open();
    for (const step of order) step(ledger);
    const { name, image, privileged } = best(ledger)!;
    assert.deepEqual([name, image, privileged], ["attacker", "", true]);
    assert.deepEqual([...ledger.slicesOf(SHORT)], [0], "none of this name has been met in the user's slice");
  }
});

Deno.test("a user's engine alone says nothing of a container that is not that user's", () => {
  for (
    const order of permutations([userSays, isMet, (ledger: FactLedger) => met(ledger, { sliceUid: 1002 })])
  ) {
    const ledger = open();
    for (const step of order) step(ledger);
    assert.deepEqual([best(ledger), best(ledger, 1002)], [undefined, undefined]);
  }
});

Deno.test("in a user's slice only that user's engines count, and root's container of the same name stays another", () => {
  const inSlice: Step = (ledger) => met(ledger, { sliceUid: USER, namespaceUid: USER });
  const otherSays: Step = (ledger) => ledger.say(OTHERS, facts("other"), true);
  for (const order of permutations([rootSays, userSays, otherSays, isMet, inSlice])) {
    const ledger = open();
    for (const step of order) step(ledger);
    assert.deepEqual([best(ledger)?.name, best(ledger, USER)?.name], ["attacker", "trusted"]);
  }
});

Deno.test("a container in a user's namespace is described by that user, until root's process turns out to be in it", () => {
  const ledger = open();
  userSays(ledger);
  ledger.say(OTHERS, facts("other"), true);
  met(ledger, { namespaceUid: USER });
  assert.equal(best(ledger)?.name, "trusted");
  met(ledger, { namespaceUid: 1002 });
  assert.equal(best(ledger)?.name, "trusted", "another user cannot take it over");
  met(ledger, { namespaceUid: 0 });
  assert.equal(best(ledger), undefined);
  met(ledger, { namespaceUid: USER });
  assert.equal(best(ledger), undefined, "root's is not given back");
});

Deno.test("facts of another kind of engine than the cgroup's form shows do not count", () => {
  const forms: [form: number, engine: string, type: number, counts: boolean][] = [
    [CONTAINER_TYPE.podman, "docker", CONTAINER_TYPE.docker, false],
    [CONTAINER_TYPE.podman, "docker", CONTAINER_TYPE.podman, true],
    [CONTAINER_TYPE.podman, "podman_storage", CONTAINER_TYPE.podman, true],
    [CONTAINER_TYPE.docker, "podman", CONTAINER_TYPE.podman, false],
    [CONTAINER_TYPE.docker, "docker", CONTAINER_TYPE.docker, true],
    [CONTAINER_TYPE.cri, "docker", CONTAINER_TYPE.docker, false],
    [CONTAINER_TYPE.cri, "cri", CONTAINER_TYPE.containerd, true],
    [CONTAINER_TYPE.cri_o, "cri", CONTAINER_TYPE.containerd, false],
    [CONTAINER_TYPE.cri_o, "cri", CONTAINER_TYPE.cri_o, true],
    [CONTAINER_TYPE.lxc, "docker", CONTAINER_TYPE.docker, false],
    [CONTAINER_TYPE.unknown, "docker", CONTAINER_TYPE.docker, true],
  ];
  for (const [form, engine, type, counts] of forms) {
    const ledger = open();
    ledger.say({ engine, owner: 0 }, facts("a", {}, type), true);
    assert.notEqual(best(ledger), undefined, "before it is met, its form is not known");
    met(ledger, { type: form });
    assert.equal(best(ledger) !== undefined, counts, `${engine} ${type} for ${form}`);
  }
});

Deno.test("of root's engines the first that has told everything is believed, and the others fill what it lacks", () => {
  const first: FactSource = { engine: "docker", owner: 0 };
  const second: FactSource = { engine: "podman_storage", owner: 0 };
  for (const order of [[0, 1], [1, 0]]) {
    const ledger = open();
    const says = [
      () => ledger.say(first, facts("one", { privileged: false, env: [] }), true),
      () => ledger.say(second, facts("two", { privileged: true, env: ["A=b"] }), false),
    ];
    for (const at of order) says[at]!();
    const { name, privileged, env } = best(ledger)!;
    assert.deepEqual([name, privileged, env], ["one", false, ["A=b"]]);
    ledger.take(first, SHORT);
    assert.equal(best(ledger)?.name, "two", "what another one says stays");
    ledger.take(second, SHORT);
    assert.equal(best(ledger), undefined);
  }
});

Deno.test("a second whole answer of another engine never replaces the first one's; one's own newer answer does", () => {
  const ledger = open();
  const second: FactSource = { engine: "docker", owner: 0 };
  ledger.say(ROOTS, facts("first"), true);
  ledger.say(second, facts("second", { image: "other" }), true);
  assert.deepEqual([best(ledger)?.name, best(ledger)?.image], ["first", "other"]);
  ledger.say(ROOTS, facts("renamed"), true);
  assert.equal(best(ledger)?.name, "renamed");
  ledger.say(second, makeFacts(CONTAINER_TYPE.docker, ID.replace(/d$/, "e"), { image: "foreign" }), true);
  assert.equal(best(ledger)?.image, "", "another container whose id begins so fills nothing");
});

Deno.test("a user's engine that claims 20,000 containers is remembered for a thousand, and for those that are met", () => {
  const ledger = open();
  const idOf = (at: number) => at.toString(16).padStart(12, "0").padEnd(64, "0");
  ledger.met({
    id: idOf(0).slice(0, 12),
    type: CONTAINER_TYPE.podman,
    sliceUid: USER,
    namespaceUid: USER,
    parent: "/",
  });
  const large = { env: Array(1000).fill("x".repeat(100)) };
  for (let i = 0; i < 20_000; i++) {
    ledger.say(USERS, makeFacts(CONTAINER_TYPE.podman, idOf(i), { name: `c${i}`, ...large }), false);
  }
  assert.ok(ledger.size <= 1000, `${ledger.size}`);
  assert.match(ledger.best(idOf(0).slice(0, 12), USER), /"name":"c0"/, "its own container is not pushed out");
  const rest: FactSource = { engine: "docker", owner: 0 };
  assert.ok(ledger.say(rest, facts("root's"), true), "nor is there less room for root's");
});
