// Whether a command of the shell can be started: the shell is there, and so are the programs that it names.
// In: the command. Out: what is missing, in words. An image without a shell is seen at the start, not at the first alert.
// Elsewhere: which words are programs (command_words.ts).

import { join } from "node:path";
import { givenEnvironment } from "../../assets/mod.ts";
import { SHELL } from "./child_process.ts";
import { commandWords } from "./command_words.ts";

/** Of a shell that is given none. */
const USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const ANY_EXECUTE = 0o111;

export function missingProgram(command: string): string | undefined {
  if (!isExecutable(SHELL)) return `there is no ${SHELL}, which starts it`;
  const folders = (givenEnvironment()["PATH"] ?? USUAL_PATH).split(":");
  const missing = commandWords(command).find((word) =>
    word.includes("/")
      ? !isExecutable(word)
      : !folders.some((folder) => isExecutable(join(folder === "" ? "." : folder, word)))
  );
  return missing === undefined ? undefined : `there is no program ${missing}`;
}

function isExecutable(path: string): boolean {
  try {
    const { isFile, mode } = Deno.statSync(path);
    return isFile && ((mode ?? 0) & ANY_EXECUTE) !== 0;
  } catch {
    return false;
  }
}
