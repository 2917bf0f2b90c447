// `falco test --record NAME -- COMMAND`: runs a command while its events are recorded, and makes a case of them.
// In: the name, the command, rules files. Out: a case in NAME.test.yaml or at the end of it, and NAME.scap where words do not say the
// same; the exit code.
// Elsewhere: recording (service/run/run_record.ts), in a process of its own, since a command that is recorded by its own
// parent would be part of what it watches.

import { ownCommand } from "../../assets/mod.ts";
import { UsageError } from "../../base/mod.ts";
import { lookAt } from "../../files/mod.ts";
import { renderDiagnostics } from "../../rules/mod.ts";
import { caseInWords, recordedCase, runCommand, runRecorded } from "../../ruletest/mod.ts";

/** Of the command and its children, by which they are told from everybody else. */
const MARK = "FALCO_TEST";
const READY = /recording into/;
/** Loading the probe takes a second; a machine under load takes more. */
const READY_LIMIT_MS = 60_000;
/** What the command caused is reported until then. */
const SETTLE_MS = 500;

export async function recordTest(
  name: string,
  command: readonly string[],
  rules: readonly string[],
): Promise<number> {
  if (command.length === 0) {
    throw new UsageError(["--record needs a command: falco test --record NAME -- COMMAND [ARGUMENT…]"]);
  }
  if (!/^[\w .-]+$/.test(name)) {
    throw new UsageError([`--record ${name}: a name has letters, digits, blanks, dots and dashes`]);
  }
  const base = name.replaceAll(" ", "_");
  const capture = `${base}.scap`, file = `${base}.test.yaml`;
  const mark = crypto.randomUUID();
  const recorder = startRecorder(capture, `proc.env[${MARK}]=${mark}`);
  try {
    await recorder.ready;
    const code = await runCommand(command, { [MARK]: mark });
    if (code !== 0) console.error(`the command ended with code ${code}`);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  } finally {
    await recorder.stop();
  }
  const isNew = lookAt(file) === undefined;
  const named = rules.length > 0 ? rules : ["bundled"];
  const { alerts, codes, diagnostics } = await runRecorded(capture, named);
  if (diagnostics.length > 0) console.error(renderDiagnostics(diagnostics));
  const found = await caseInWords(capture, named, codes, alerts);
  const events = "words" in found ? found.words : capture;
  await Deno.writeTextFile(file, recordedCase({ name, events, command, alerts, isNew, rules: named }), {
    append: true,
  });
  if ("words" in found) await Deno.remove(capture);
  else console.error(`the case keeps the recording ${capture}: ${found.problem}`);
  console.error(`${file}: a case with what happened; read what it expects, then run falco test ${file}`);
  return 0;
}

function startRecorder(path: string, filter: string) {
  const own = ownCommand(["record", "-w", path, filter]);
  const child = new Deno.Command(own.path, {
    args: [...own.args],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const said: string[] = [];
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      said.push(text);
      if (READY.test(said.join(""))) resolve();
    }
    reject(new Error(`Cannot record: ${said.join("").trim() || "falco record ended"}`));
  })();
  const timer = setTimeout(
    () => reject(new Error("Cannot record: falco record does not begin")),
    READY_LIMIT_MS,
  );
  ready.catch(() => {}).finally(() => clearTimeout(timer));
  return {
    ready,
    async stop(): Promise<void> {
      try {
        child.kill("SIGINT");
      } catch {
        // it has ended already
      }
      await child.status;
      await reading;
    },
  };
}
