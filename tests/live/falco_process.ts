// Starts the real program on this host, collects its alerts, and stops it as a user would: what every live test
// is on. In: rules files and flags. Out: parsed JSON alerts with the time at which they arrived.

import { FALCO, PROJECT } from "../support/program.ts";

export interface SeenAlert {
  readonly rule: string;
  readonly output: string;
  readonly priority: string;
  readonly output_fields: Readonly<Record<string, unknown>>;
  /** performance.now() when the line was read */
  readonly arrivedMs: number;
  /** Date.now() then */
  readonly arrivedAtMs: number;
}

/** The reason why live tests cannot run on this machine, or null. */
export async function liveRefusal(): Promise<string | null> {
  if (Deno.build.os !== "linux") return "needs Linux";
  if (Deno.uid() !== 0) return "needs root";
  try {
    await Deno.stat("/sys/kernel/btf/vmlinux");
  } catch {
    return "the kernel has no BTF";
  }
  return null;
}

/** For hangs: a busy machine starts a process in seconds, and an idle one delivers an alert in milliseconds. */
const START_LIMIT_MS = 60_000;
const ALERT_LIMIT_MS = 30_000;

/** One running falco. */
export class FalcoProcess {
  readonly alerts: SeenAlert[] = [];
  readonly log: string[] = [];
  #child: Deno.ChildProcess;
  #readers: Promise<void>[];
  #changed: (() => void)[] = [];

  private constructor(args: readonly string[], wrapper: readonly string[], falco: readonly string[]) {
    const [program = "", ...rest] = [...wrapper, ...falco];
    this.#child = new Deno.Command(program, {
      args: [...rest, "-o", "json_output=true", ...args],
      cwd: PROJECT,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#readers = [
      this.#read(this.#child.stdout, (line) => {
        this.alerts.push({ ...JSON.parse(line), arrivedMs: performance.now(), arrivedAtMs: Date.now() });
      }),
      this.#read(this.#child.stderr, (line) => this.log.push(line)),
    ];
  }

  get pid(): number {
    return this.#child.pid;
  }

  /**
   * Starts it and waits until it evaluates events.
   * @param wrapper a command that becomes the command after it
   * @param program how falco is called: by default as tests call it (tests/support/program.ts)
   */
  static async start(
    args: readonly string[],
    timeoutMs = START_LIMIT_MS,
    wrapper: readonly string[] = [],
    program: readonly string[] = FALCO,
  ): Promise<FalcoProcess> {
    const falco = new FalcoProcess(args, wrapper, program);
    await falco.#until(
      () => falco.log.some((line) => /watching system calls/i.test(line)),
      timeoutMs,
      "the ready line",
    );
    return falco;
  }

  /** The first alert of `rule` that `accept` takes; fails with what did arrive after `timeoutMs`. */
  async alert(
    rule: string,
    accept: (alert: SeenAlert) => boolean = () => true,
    timeoutMs = ALERT_LIMIT_MS,
  ): Promise<SeenAlert> {
    const find = () => this.alerts.find((alert) => alert.rule === rule && accept(alert));
    await this.#until(() => find() !== undefined, timeoutMs, `an alert of "${rule}"`);
    return find()!;
  }

  /** Waits until its log is as it should be. */
  logged(isDone: (log: readonly string[]) => boolean, timeoutMs = ALERT_LIMIT_MS): Promise<void> {
    return this.#until(() => isDone(this.log), timeoutMs, "what its log should say");
  }

  /** Interrupts it and waits for its end. */
  async stop(signal: Deno.Signal = "SIGINT"): Promise<number> {
    this.#child.kill(signal);
    const { code } = await this.#child.status;
    await Promise.all(this.#readers);
    return code;
  }

  async #until(done: () => boolean, timeoutMs: number, what: string): Promise<void> {
    const endMs = performance.now() + timeoutMs;
    let ended = false;
    this.#child.status.then(() => {
      ended = true;
      this.#wake();
    });
    while (!done()) {
      const leftMs = endMs - performance.now();
      if (leftMs <= 0 || ended) {
        const seen = this.alerts.slice(-12).map((alert) => `  ${alert.rule}: ${alert.output}`).join("\n");
        const log = this.log.slice(-12).map((line) => `  ${line}`).join("\n");
        throw new Error(
          `${
            ended ? "falco ended before" : `No sign within ${timeoutMs} ms of`
          } ${what}\nalerts:\n${seen}\nlog:\n${log}`,
        );
      }
      let timer: ReturnType<typeof setTimeout> | undefined;
      await new Promise<void>((resolve) => {
        this.#changed.push(resolve);
        timer = setTimeout(resolve, leftMs);
      });
      clearTimeout(timer);
    }
  }

  #wake(): void {
    for (const resolve of this.#changed.splice(0)) resolve();
  }

  async #read(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
    let rest = "";
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) take(line);
      this.#wake();
    }
  }
}
