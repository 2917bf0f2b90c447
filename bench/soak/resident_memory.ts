// How the resident memory of a process goes over time.
// In: a process id; a sample each second. Out: its slope and ends.

const WARM_UP_SHARE = 0.3;

export class ResidentMemory {
  readonly #pid: number;
  readonly #samples: { readonly seconds: number; readonly bytes: number }[] = [];
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #startMs = performance.now();

  constructor(pid: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#sample(), 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    const status = readStatus(this.#pid);
    const kib = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN);
    if (Number.isNaN(kib)) return;
    this.#samples.push({ seconds: (performance.now() - this.#startMs) / 1000, bytes: kib * 1024 });
  }

  /** Of all but the beginning, in which caches fill: a line through the samples by least squares. */
  report(): { firstMiB: number; lastMiB: number; mostMiB: number; kibPerMinute: number } {
    const samples = this.#samples.slice(Math.floor(this.#samples.length * WARM_UP_SHARE));
    const mib = (bytes = NaN) => bytes / (1 << 20);
    const mean = (pick: (sample: typeof samples[number]) => number) =>
      samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
    const [seconds, bytes] = [mean((sample) => sample.seconds), mean((sample) => sample.bytes)];
    const over = mean((sample) => (sample.seconds - seconds) * (sample.bytes - bytes));
    const under = mean((sample) => (sample.seconds - seconds) ** 2);
    return {
      firstMiB: mib(samples[0]?.bytes),
      lastMiB: mib(samples.at(-1)?.bytes),
      mostMiB: Math.max(...this.#samples.map((sample) => mib(sample.bytes))),
      kibPerMinute: over / under * 60 / 1024,
    };
  }
}

function readStatus(pid: number): string {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/status`);
  } catch {
    return ""; // it has ended
  }
}
