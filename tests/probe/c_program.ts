// A program in C that makes calls and tells which: compiled for a test, and run once while the probe watches.
// In: the name of its source in this folder. Out: its executable; what it said, and its thread.

import assert from "node:assert/strict";
import { must } from "../live/lab.ts";

export class CProgram {
  private constructor(readonly path: string) {}

  /** @param name of the source, without its ending */
  static async compile(folder: string, name: string): Promise<CProgram> {
    const path = `${folder}/${name}_program`;
    const source = new URL(`./${name}.c`, import.meta.url).pathname;
    await must("cc", "-O1", "-static", "-pthread", "-o", path, source);
    return new CProgram(path);
  }

  async run(...args: readonly string[]): Promise<{ readonly tid: bigint; readonly said: string }> {
    const child = new Deno.Command(this.path, { args: [...args], stdout: "piped" }).spawn();
    const { success, stdout } = await child.output();
    assert.ok(success);
    return { tid: BigInt(child.pid), said: new TextDecoder().decode(stdout) };
  }
}

/** What the program did would be told in part only. */
export function assertNothingDropped(counters: Readonly<Record<string, bigint>>): void {
  assert.deepEqual(Object.entries(counters).filter(([key, n]) => key.startsWith("drops_") && n > 0n), []);
}
