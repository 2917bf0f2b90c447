// The canary: makes a harmless call on a timer and sees whether it comes through the kernel, the ring, the matcher, the
// worker and the queue to this thread. As long as it does, events do.
// In: marks of the engine. Out: since when nothing has come through. The probe reports this one call although it reports
// nothing else of this process; it is no event, so no rule, recording or capture sees it (probe/syscalls/canary.bpf.h).
// Elsewhere: what follows from it (service/web/health.ts).

import { callWithMark } from "../../ffi/mod.ts";
import { PROBE_LIMITS } from "../../schema/mod.ts";

const INTERVAL_MS = 1000;
/** While none comes through more are sent: in a flood the kernel may have to drop some. */
const HURRY_AFTER_MS = 3000;
const HURRY_MS = 50;
const MAX_NUMBER = 0x7fff_ffff;
/** of those that are under way the first send times are kept */
const MAX_UNDER_WAY = 4096;

export interface CanaryState {
  /** since one that has come through was sent; since the start when none has */
  readonly silentMs: number;
  /** from the call to this thread, of the latest; undefined before the first */
  readonly latencyMs: number | undefined;
  readonly sent: number;
  readonly seen: number;
}

export class Canary {
  readonly #call: (number: number) => void;
  readonly #sentMs = new Map<number, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;
  #number = 0;
  #sent = 0;
  #seen = 0;
  #latencyMs: number | undefined;
  /** when the latest that has come through was sent */
  #aliveMs = performance.now();

  /** @param call for tests */
  constructor(call: (number: number) => void = (number) => callWithMark(PROBE_LIMITS.CANARY_MAGIC, number)) {
    this.#call = call;
    this.#send();
  }

  /** The engine has seen it. */
  seen(number: number): void {
    const sentMs = this.#sentMs.get(number);
    // forged, or too old to be known
    if (sentMs === undefined) return;
    // in order, so those before it are gone
    for (const older of [...this.#sentMs.keys()]) {
      this.#sentMs.delete(older);
      if (older === number) break;
    }
    this.#seen++;
    this.#aliveMs = sentMs;
    this.#latencyMs = performance.now() - sentMs;
  }

  get state(): CanaryState {
    return {
      silentMs: performance.now() - this.#aliveMs,
      latencyMs: this.#latencyMs,
      sent: this.#sent,
      seen: this.#seen,
    };
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #send(): void {
    this.#number = this.#number === MAX_NUMBER ? 1 : this.#number + 1;
    if (this.#sentMs.size >= MAX_UNDER_WAY) this.#sentMs.delete(this.#sentMs.keys().next().value!);
    this.#sentMs.set(this.#number, performance.now());
    this.#sent++;
    const hurries = this.#seen > 0 && performance.now() - this.#aliveMs > HURRY_AFTER_MS;
    if (!this.#isStopped) this.#timer = setTimeout(() => this.#send(), hurries ? HURRY_MS : INTERVAL_MS);
    this.#call(this.#number);
  }
}
