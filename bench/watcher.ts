// A program that watches the host while something else is measured: falco, or another one that takes the same flags.
// In: how it is called. Out: the CPU and memory that it takes, how many events of each type have reached it, how many were dropped.
// It has begun when its web server answers and it takes no more CPU than a program that waits, or has answered for a while on a busy host.

const START_LIMIT_MS = 120_000;
const LOOK_MS = 500;
/** What others do on a busy host is work for it, too. */
const NEVER_QUIET_MS = 10_000;
const TICKS_A_SECOND = 100;
/** Of a CPU, in a look. */
const QUIET_SHARE = 0.1;
/** Falco's own names: the probe's counters and the pages of a process. */
const DROPS = /^falcosecurity_scap_n_drops_total (\d+)/m;
const RESIDENT = /^VmRSS:\s*(\d+)/m;
const ANONYMOUS = /^RssAnon:\s*(\d+)/m;
const EVENTS = /^falcosecurity_falco_events_total\{([^}]*)\} (\d+)/gm;

export class Watcher implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #url: string;

  private constructor(command: readonly string[], port: number) {
    const [program = "", ...args] = command;
    this.#url = `http://127.0.0.1:${port}`;
    this.#child = new Deno.Command(program, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
  }

  /** @param command the program, with flags of its own */
  static async start(command: readonly string[]): Promise<Watcher> {
    const port = freePort();
    const settings = [
      ...["webserver.enabled=true", "webserver.listen_address=127.0.0.1", `webserver.listen_port=${port}`],
      ...["webserver.prometheus_metrics_enabled=true", "metrics.enabled=true"],
    ];
    const watcher = new Watcher([...command, ...settings.flatMap((one) => ["-o", one])], port);
    try {
      await watcher.#begin();
      return watcher;
    } catch (error) {
      await watcher[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** All threads, in the program and in the kernel. */
  cpuSeconds(): number {
    const fields = Deno.readTextFileSync(`/proc/${this.#child.pid}/stat`).replace(/^.*\) /, "").split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
  }

  memory(): { readonly residentKiB: number; readonly anonymousKiB: number } {
    const status = Deno.readTextFileSync(`/proc/${this.#child.pid}/status`);
    const read = (pattern: RegExp) => Number(pattern.exec(status)?.[1]);
    return { residentKiB: read(RESIDENT), anonymousKiB: read(ANONYMOUS) };
  }

  /** Events that found no room in a ring. */
  async drops(): Promise<number> {
    return Number(DROPS.exec(await this.#metrics())?.[1]);
  }

  /** By type, those at the entry of a call and those at its return together; empty for a program that does not tell. */
  async events(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const [, labels = "", count] of (await this.#metrics()).matchAll(EVENTS)) {
      const type = /\btype="([^"]*)"/.exec(labels)?.[1];
      if (type !== undefined) counts.set(type, (counts.get(type) ?? 0) + Number(count));
    }
    return counts;
  }

  async #metrics(): Promise<string> {
    return await (await fetch(`${this.#url}/metrics`)).text();
  }

  async #begin(): Promise<void> {
    const endMs = performance.now() + START_LIMIT_MS;
    let before = Infinity, healthyMs = Infinity;
    while (performance.now() < endMs) {
      const isHealthy = await fetch(`${this.#url}/healthz`).then(async (answer) => {
        await answer.body?.cancel();
        return answer.ok;
      }, () => false);
      const now = this.cpuSeconds();
      if (isHealthy) {
        healthyMs = Math.min(healthyMs, performance.now());
        if (now - before < QUIET_SHARE * LOOK_MS / 1000) return;
        if (performance.now() - healthyMs > NEVER_QUIET_MS) return;
      }
      before = now;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    throw new Error(`Cannot measure: the program that watches has not begun within ${START_LIMIT_MS} ms`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGINT");
    } catch {
      // it has ended
    }
    await this.#child.status;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}
