// Names of hosts that rules compare with (fd.sip.name), resolved to addresses again and again.
// In: the names that the rules of the run have. Out: records outside the stream of events, when addresses have changed.
// Elsewhere: which names (rules/lower/host_names.ts), what the matcher does with them (assembly/state/host_names.ts).
//
// The host's own resolver is asked, so that /etc/hosts counts. A name that cannot be resolved keeps its last addresses.

import { lookup } from "node:dns/promises";
import { asyncEvent } from "../../scap/mod.ts";
import type { Component, RunState } from "../run/run_state.ts";

type Told = Pick<RunState["engine"], "inject">;
interface Run {
  readonly engine: Told;
  readonly rules: Pick<RunState["rules"], "hostNames">;
}

const AGAIN_MS = 60_000;
const MAX_NAMES = 256;

export class HostNames implements Component {
  readonly #run: Run;
  readonly #resolve: (name: string) => Promise<readonly string[]>;
  readonly #known = new Map<string, string>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told: Told;
  #isClosed = false;

  private constructor(run: Run, resolve: (name: string) => Promise<readonly string[]>) {
    this.#run = run;
    this.#resolve = resolve;
    this.#told = run.engine;
  }

  static start(run: Run, resolve = addressesOf): HostNames {
    const names = new HostNames(run, resolve);
    names.#turn();
    return names;
  }

  reloaded(): void {
    if (this.#told !== this.#run.engine) this.#known.clear();
    this.#told = this.#run.engine;
    clearTimeout(this.#timer);
    this.#turn();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #turn(): Promise<void> {
    const names = this.#run.rules.hostNames.slice(0, MAX_NAMES);
    try {
      await Promise.all(names.map((name) => this.#look(name)));
    } finally {
      this.#again(names.length);
    }
  }

  #again(names: number): void {
    if (this.#isClosed || names === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#turn(), AGAIN_MS);
    Deno.unrefTimer(Number(this.#timer));
  }

  async #look(name: string): Promise<void> {
    const addresses = await this.#resolve(name).catch(() => undefined);
    if (this.#isClosed || (addresses === undefined && this.#known.has(name))) return;
    const json = JSON.stringify({
      name,
      addresses: (addresses ?? []).map(hexOf).filter((hex) => hex !== "").sort(),
    });
    if (this.#known.get(name) === json) return;
    this.#known.set(name, json);
    this.#told.inject(asyncEvent("hostname", json, BigInt(Date.now()) * 1_000_000n));
  }
}

async function addressesOf(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address);
}

/** The bytes of an address in hexadecimal digits; "" for what is none. */
export function hexOf(address: string): string {
  if (!address.includes(":")) {
    return /^\d+(\.\d+){3}$/.test(address)
      ? address.split(".").map((part) => hex(Number(part), 2)).join("")
      : "";
  }
  const url = URL.parse(`http://[${address.replace(/%.*$/, "")}]/`);
  if (url === null) return "";
  const [head = "", tail] = url.hostname.slice(1, -1).split("::");
  const groups = (text: string | undefined) => (text ?? "").split(":").filter((group) => group !== "");
  const before = groups(head), after = groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].map((group) => group.padStart(4, "0")).join("");
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
