// What each source has said about each container, and whose word counts.
// In: facts and withdrawals of sources, and what events and the kernel say about a container (the form of its cgroup,
// whose it is). Out: the facts that count, as the JSON of a record.
// Elsewhere: what is done with them (directory.ts), how two answers become one (merge_facts.ts).
//
// In a user's slice only that user's engines have a say. Elsewhere root's engines have; a user's engine may speak about
// containers whose user namespace is that user's, when none of root's has spoken. Facts of a kind of engine whose cgroups
// look otherwise do not count. Among sources of the same user the first that has told everything is believed; the others fill what it lacks.
// Nobody can take back what another has said.

import type { ContainerFacts } from "./container_facts.ts";
import { CONTAINER_TYPE, LIMITS } from "../../schema/mod.ts";
import type { DirectoryCounters } from "./directory_counters.ts";
import { FairMap } from "./fair_map.ts";
import type { FactSource } from "./fact_source.ts";
import { containerKey, mergeMet, type MetContainer, shareOf } from "./met_container.ts";
import { fillFacts, mergeFacts } from "./merge_facts.ts";
import { recordJson } from "./record_json.ts";

/** As many as the matcher keeps. */
/** What the sources of one user, or of root, may have us remember. */
const OF_ROOT = { containers: LIMITS.CONTAINERS as number, bytes: 64 << 20, listCharacters: 64 * 1024 };
const OF_A_USER = { containers: 1000, bytes: 4 << 20, listCharacters: 8 * 1024 };
/** All users together. */
const MAX_USER_BYTES = 32 << 20;
const ROOT = 0;
/** Anything may stand in a cgroup's name, and in an engine's answer. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

export function isContainerId(id: string): boolean {
  return ID.test(id);
}

/** One source's word. The JSON is all that is kept: objects of so many containers take several times as much. */
interface Said {
  readonly json: string;
  readonly type: number;
  readonly fullId: string;
  readonly isWhole: boolean;
  /** order in which sources have told everything; 0: not yet */
  readonly wholeSince: number;
}

interface Holdings {
  /** the oldest first, with the bytes of what was said */
  readonly byContainer: Map<string, number>;
  bytes: number;
}

export class FactLedger {
  readonly #labelMaxLength: number;
  readonly #counters: DirectoryCounters;
  readonly #said = new Map<string, Map<FactSource, Said>>();
  /** by key, and the slices in which an id has been met */
  readonly #met: FairMap<MetContainer>;
  readonly #slices = new Map<string, Set<number>>();
  readonly #holdings = new Map<number, Holdings>();
  #wholes = 0;

  constructor(labelMaxLength: number, counters: DirectoryCounters) {
    this.#labelMaxLength = labelMaxLength;
    this.#counters = counters;
    this.#met = new FairMap<MetContainer>(LIMITS.CONTAINERS, (_, { id, sliceUid }) => {
      const slices = this.#slices.get(id);
      slices?.delete(sliceUid);
      if (slices?.size === 0) this.#slices.delete(id);
    });
  }

  get size(): number {
    return this.#said.size;
  }

  /** A process of a container has turned up. */
  met(container: MetContainer): MetContainer {
    const { id, sliceUid } = container;
    const key = containerKey(id, sliceUid);
    const merged = mergeMet(this.#met.get(key), container);
    this.#met.set(key, merged, shareOf(merged));
    let slices = this.#slices.get(id);
    if (slices === undefined) this.#slices.set(id, slices = new Set());
    slices.add(sliceUid);
    return merged;
  }

  metAs(key: string): MetContainer | undefined {
    return this.#met.get(key);
  }

  /** Slices in which facts about this id may count. */
  slicesOf(id: string): Iterable<number> {
    return new Set([ROOT, ...this.#slices.get(id) ?? []]);
  }

  /** @returns whether it could be kept */
  say(source: FactSource, facts: ContainerFacts, isWhole: boolean): boolean {
    const { id, full_id } = facts;
    if (!isContainerId(full_id)) return this.#refuse();
    const before = this.#said.get(id)?.get(source);
    const isSame = before !== undefined && before.fullId === full_id;
    const merged = mergeFacts(
      isSame ? { facts: parseFacts(before.json), isWhole: before.isWhole } : undefined,
      {
        facts,
        isWhole,
      },
    );
    const { json, leftOut } = recordJson(
      merged.facts,
      this.#labelMaxLength,
      limitsOf(source.owner).listCharacters,
    );
    if (isSame && json === before.json && merged.isWhole === before.isWhole) return true;
    if (leftOut > 0) this.#counters.count("directory", "left_out", leftOut);
    this.take(source, id);
    if (!this.#makeRoom(source.owner, id, json.length)) return this.#refuse();
    const wholeSince = !merged.isWhole
      ? 0
      : isSame && before.wholeSince > 0
      ? before.wholeSince
      : ++this.#wholes;
    let sayings = this.#said.get(id);
    if (sayings === undefined) this.#said.set(id, sayings = new Map());
    sayings.set(source, { json, type: facts.type, fullId: full_id, isWhole: merged.isWhole, wholeSince });
    return true;
  }

  /** Forgets what a source has said of a container. */
  take(source: FactSource, id: string): void {
    const sayings = this.#said.get(id);
    const said = sayings?.get(source);
    if (sayings === undefined || said === undefined) return;
    sayings.delete(source);
    if (sayings.size === 0) this.#said.delete(id);
    const holdings = this.#holdings.get(source.owner)!;
    const left = (holdings.byContainer.get(id) ?? 0) - said.json.length;
    holdings.bytes -= said.json.length;
    if (left <= 0) holdings.byContainer.delete(id);
    else holdings.byContainer.set(id, left);
    if (holdings.byContainer.size === 0) this.#holdings.delete(source.owner);
  }

  /** Whether somebody whose word counts has told everything. */
  isWhole(id: string, sliceUid: number): boolean {
    return this.#counting(id, sliceUid).some(([, { isWhole }]) => isWhole);
  }

  /** Whether anybody has spoken of it, entitled or not. */
  isSaid(id: string): boolean {
    return this.#said.has(id);
  }

  /** Whether an event has named it. */
  isWanted(id: string): boolean {
    return this.#slices.has(id);
  }

  /** Ids that a source has spoken of. */
  idsOf(source: FactSource): string[] {
    return [...this.#said].filter(([, sayings]) => sayings.has(source)).map(([id]) => id);
  }

  /** The facts that count, as a record's JSON; "" when nobody's do. */
  best(id: string, sliceUid: number): string {
    const [[, first] = [], ...others] = this.#counting(id, sliceUid);
    if (first === undefined) return "";
    const same = others.filter(([, { fullId }]) => fullId === first.fullId);
    const facts = same.reduce(
      (known, [, said]) => fillFacts(known, parseFacts(said.json), first.isWhole),
      parseFacts(first.json),
    );
    return recordJson(facts, this.#labelMaxLength, OF_ROOT.listCharacters, sliceUid).json;
  }

  /** Those whose word counts, the first one first. */
  #counting(id: string, sliceUid: number): [FactSource, Said][] {
    const met = this.#met.get(containerKey(id, sliceUid));
    const all = [...this.#said.get(id) ?? []].filter(([{ engine, owner }, { type }]) =>
      (met === undefined || fits(met.type, engine, type)) &&
      (sliceUid === ROOT ? owner === ROOT || owner === met?.namespaceUid : owner === sliceUid)
    );
    const isRoots = all.some(([{ owner }]) => owner === ROOT);
    return all.filter(([{ owner }]) => (owner === ROOT) === isRoots).sort(byRank);
  }

  #makeRoom(owner: number, id: string, bytes: number): boolean {
    const limits = limitsOf(owner);
    let holdings = this.#holdings.get(owner);
    if (holdings === undefined) this.#holdings.set(owner, holdings = { byContainer: new Map(), bytes: 0 });
    const isNew = !holdings.byContainer.has(id);
    const isFull = () =>
      holdings.bytes + bytes > limits.bytes ||
      (isNew && holdings.byContainer.size >= limits.containers);
    if (isFull()) this.#dropUnmet(owner, holdings, isFull);
    const isCrowded = owner !== ROOT && this.#userBytes() + bytes > MAX_USER_BYTES;
    if (isFull() || isCrowded) {
      if (holdings.byContainer.size === 0) this.#holdings.delete(owner);
      return false;
    }
    holdings.byContainer.set(id, (holdings.byContainer.get(id) ?? 0) + bytes);
    holdings.bytes += bytes;
    return true;
  }

  /** What a user's sources say of containers that no event has named has cost them nothing. */
  #dropUnmet(owner: number, holdings: Holdings, isFull: () => boolean): void {
    if (owner === ROOT) return;
    for (const id of holdings.byContainer.keys()) {
      if (!isFull()) return;
      if (this.isWanted(id)) continue;
      for (const source of this.#said.get(id)?.keys() ?? []) {
        if (source.owner === owner) this.take(source, id);
      }
    }
  }

  #userBytes(): number {
    let bytes = 0;
    for (const [owner, holdings] of this.#holdings) if (owner !== ROOT) bytes += holdings.bytes;
    return bytes;
  }

  #refuse(): false {
    this.#counters.count("directory", "refused");
    return false;
  }
}

function limitsOf(owner: number): typeof OF_ROOT {
  return owner === ROOT ? OF_ROOT : OF_A_USER;
}

/** Who has told everything comes first, in the order in which that happened. */
function byRank([, a]: [FactSource, Said], [, b]: [FactSource, Said]): number {
  return (a.wholeSince || Number.MAX_SAFE_INTEGER) - (b.wholeSince || Number.MAX_SAFE_INTEGER);
}

function parseFacts(json: string): ContainerFacts {
  return JSON.parse(json).container;
}

/** Whether a container of this kind can have cgroups of this form; where no prefix names an engine, any can. */
function fits(form: number, engine: string, type: number): boolean {
  switch (form) {
    case CONTAINER_TYPE.docker:
      return type === CONTAINER_TYPE.docker || engine === "cri";
    case CONTAINER_TYPE.podman:
      return type === CONTAINER_TYPE.podman;
    case CONTAINER_TYPE.cri_o:
      return engine === "cri" && (type === CONTAINER_TYPE.cri_o || type === CONTAINER_TYPE.cri);
    case CONTAINER_TYPE.cri:
      return engine === "cri" || engine === "containerd";
    case CONTAINER_TYPE.containerd:
      return engine === "containerd" || engine === "cri";
    case CONTAINER_TYPE.lxc:
    case CONTAINER_TYPE.libvirt_lxc:
    case CONTAINER_TYPE.bpm:
    case CONTAINER_TYPE.mesos:
    case CONTAINER_TYPE.rkt:
    case CONTAINER_TYPE.systemd_nspawn:
      // none of the engines that are asked
      return false;
    default:
      return true;
  }
}
