// A real server for a test: on loopback, with a port, a folder and a configuration of its own, ended by its pid.
// Elsewhere: installing it (scripts/test/tools.ts); servers that misbehave (http_receiver.ts, kafka_broker.ts).

const PROGRAM_FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin"];
const START_LIMIT_MS = 15_000;

export function programPath(program: string): string | undefined {
  return PROGRAM_FOLDERS.map((folder) => `${folder}/${program}`).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** For `ignore` of a test: says what is missing. */
export function isMissing(program: string): boolean {
  if (programPath(program) !== undefined) return false;
  console.log(`skipped: ${program} is not installed`);
  return true;
}

export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

export class ServerProcess implements AsyncDisposable {
  readonly port = freePort();
  readonly folder = Deno.makeTempDirSync({ prefix: "falco-server-" });
  readonly #program: string;
  readonly #args: (port: number, folder: string) => readonly string[];
  #process: Deno.ChildProcess | undefined;

  constructor(program: string, args: (port: number, folder: string) => readonly string[]) {
    const path = programPath(program);
    if (path === undefined) throw new Error(`${program} is not installed`);
    this.#program = path;
    this.#args = args;
  }

  async start(): Promise<this> {
    this.#process = new Deno.Command(this.#program, {
      args: [...this.#args(this.port, this.folder)],
      cwd: this.folder,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    await this.#listening();
    return this;
  }

  /** It takes connections, but answers nothing. */
  async freeze(): Promise<void> {
    if (this.#process === undefined) return;
    this.#process.kill("SIGSTOP");
    while (!isStopped(this.#process.pid)) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  thaw(): void {
    this.#process?.kill("SIGCONT");
  }

  async kill(): Promise<void> {
    this.#process?.kill("SIGKILL");
    await this.#process?.status;
    this.#process = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await Deno.remove(this.folder, { recursive: true });
  }

  async #listening(): Promise<void> {
    for (const start = Date.now(); Date.now() - start < START_LIMIT_MS;) {
      try {
        (await Deno.connect({ hostname: "127.0.0.1", port: this.port })).close();
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
    throw new Error(`${this.#program} does not listen on port ${this.port}`);
  }
}

function isStopped(pid: number): boolean {
  const threads = [...Deno.readDirSync(`/proc/${pid}/task`)];
  return threads.every(({ name }) => {
    const stat = Deno.readTextFileSync(`/proc/${pid}/task/${name}/stat`);
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T");
  });
}
