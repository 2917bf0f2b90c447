// How far reloads have come, for programs that ask for one and want to know what became of it.
// In: beginnings and ends of reloads (reload.ts, service/run/run.ts). Out: numbers that only grow, and Falco's JSON of them.
// The answer to a request names the reload that had begun last (`started_generation`): the one that was asked for is over when
// `applied_generation` or `rejected_generation` is a later one.
// Elsewhere: where it is published (reload_control.ts, service/web/routes.ts).

export class ReloadState {
  /** a restart of the process begins another */
  readonly instanceId = crypto.getRandomValues(new Uint8Array(16)).toHex();
  #started = 0;
  #applied = 0;
  #rejected = 0;
  #isReady = false;

  /** Before anything is read. @returns the generation that begins */
  begin(): number {
    return ++this.#started;
  }

  applied(generation: number): void {
    this.#applied = Math.max(this.#applied, generation);
    this.#isReady = true;
  }

  /** What was in force still is. */
  rejected(generation: number): void {
    this.#rejected = Math.max(this.#rejected, generation);
  }

  stopped(): void {
    this.#isReady = false;
  }

  get json(): string {
    return JSON.stringify({
      applied_generation: this.#applied,
      instance_id: this.instanceId,
      ready: this.#isReady,
      rejected_generation: this.#rejected,
      started_generation: this.#started,
    });
  }

  /** The answer to a request: what later states have to be compared with. */
  get baselineJson(): string {
    return JSON.stringify({ instance_id: this.instanceId, started_generation: this.#started });
  }
}
