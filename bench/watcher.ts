// A program that watches the host while something else is measured: falco, or another one that takes the same flags.
// In: how it is called. Out: the CPU that it has taken so far, and how many events of each type have reached it.
// It has begun when its web server answers and it takes no more CPU than a program that waits.

const START_LIMIT_MS = 120_000;
const LOOK_MS = 500;
const TICKS_A_SECOND = 100;
/** Of a CPU, in a look. */
const QUIET_SHARE = 0.1;
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

  /** By type, those at the entry of a call and those at its return together; empty for a program that does not tell. */
  async events(): Promise<ReadonlyMap<string, number>> {
    const answer = await fetch(`${this.#url}/metrics`);
    const counts = new Map<string, number>();
    for (const [, labels = "", count] of (await answer.text()).matchAll(EVENTS)) {
      const type = /\btype="([^"]*)"/.exec(labels)?.[1];
      if (type !== undefined) counts.set(type, (counts.get(type) ?? 0) + Number(count));
    }
    return counts;
  }

  async #begin(): Promise<void> {
    const endMs = performance.now() + START_LIMIT_MS;
    let before = Infinity;
    while (performance.now() < endMs) {
      const isHealthy = await fetch(`${this.#url}/healthz`).then(async (answer) => {
        await answer.body?.cancel();
        return answer.ok;
      }, () => false);
      const now = this.cpuSeconds();
      if (isHealthy && now - before < QUIET_SHARE * LOOK_MS / 1000) return;
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
