// An unprivileged process that tries to reach a debugger all the time (debugger_client.c).
// In: nothing. Out: how often it tried and how often somebody accepted, at its end.

import { must } from "../live/lab.ts";

const SOURCE = new URL("debugger_client.c", import.meta.url).pathname;
const NOBODY = ["--reuid=65534", "--regid=65534", "--clear-groups"];

export class DebuggerClient {
  readonly #child: Deno.ChildProcess;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#child = new Deno.Command("setpriv", {
      args: [...NOBODY, `${folder}/client`],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
  }

  static async start(): Promise<DebuggerClient> {
    const folder = Deno.makeTempDirSync({ prefix: "falco-debugger-" });
    Deno.chmodSync(folder, 0o755);
    await must("cc", "-O2", "-o", `${folder}/client`, SOURCE);
    return new DebuggerClient(folder);
  }

  async end(): Promise<{ readonly tries: number; readonly accepted: number }> {
    await this.#child.stdin.close();
    const text = new TextDecoder().decode((await this.#child.output()).stdout);
    Deno.removeSync(this.#folder, { recursive: true });
    const [, tries = "", accepted = ""] = /^uid 65534\n(\d+) (\d+)$/m.exec(text) ?? [];
    if (tries === "") throw new Error(`The client said: ${text}`);
    return { tries: Number(tries), accepted: Number(accepted) };
  }
}

/** Of all threads that do not have SIGUSR1 blocked, the names; a process that has ended has none. */
export function threadsWithoutBlock(pid: number): string[] {
  const open: string[] = [];
  try {
    for (const { name } of Deno.readDirSync(`/proc/${pid}/task`)) {
      const status = Deno.readTextFileSync(`/proc/${pid}/task/${name}/status`);
      const [, mask = "0"] = /^SigBlk:\s*(\S+)$/m.exec(status) ?? [];
      if ((BigInt(`0x${mask}`) >> 9n & 1n) === 0n) open.push(/^Name:\s*(.*)$/m.exec(status)?.[1] ?? name);
    }
  } catch {
    // a thread or all of them have ended
  }
  return open;
}
