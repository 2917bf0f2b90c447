// falco with one rule, about commands that have a mark among their arguments, and with settings of an attack's.
// In: a target, settings as YAML in which FOLDER stands for a folder of the attack's own. Out: the running falco, a way
// to raise an alert.

import type { FalcoProcess } from "../live/falco_process.ts";
import { run } from "../live/lab.ts";
import type { Target } from "./target.ts";

const MARK = "attack-mark-c41";
const RULE = `
- rule: Marked
  desc: a command with the mark among its arguments
  condition: evt.type in (execve, execveat) and proc.args contains ${MARK}
  output: "marked %proc.args"
  priority: WARNING
`;

export interface Marked {
  readonly falco: FalcoProcess;
  readonly folder: string;
  /** Runs a command that alerts, and waits until the alert is on standard output; how many milliseconds that took. */
  alert(number: number): Promise<number>;
  /** Ends falco; what it made is removed afterwards by `remove`. */
  stop(): Promise<void>;
  remove(): void;
}

export async function startMarked(target: Target, settings: string): Promise<Marked> {
  const folder = Deno.makeTempDirSync();
  const remove = () => Deno.removeSync(folder, { recursive: true });
  const [config, rules] = [`${folder}/falco.yaml`, `${folder}/rules.yaml`];
  Deno.writeTextFileSync(rules, RULE);
  Deno.writeTextFileSync(config, `engine: {kind: modern_ebpf}\n${settings.replaceAll("FOLDER", folder)}`);
  try {
    const falco = await target.start(["-c", config, "-r", rules]);
    return {
      falco,
      folder,
      async alert(number) {
        const startMs = performance.now();
        await run("/bin/true", `${MARK}-${number}`);
        const { arrivedMs } = await falco.alert(
          "Marked",
          ({ output }) => output.endsWith(`-${number}`),
          60_000,
        );
        return arrivedMs - startMs;
      },
      stop: async () => void await falco.stop(),
      remove,
    };
  } catch (error) {
    remove();
    throw error;
  }
}
