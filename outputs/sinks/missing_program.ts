// Whether a command of the shell can be started: the shell is there, and so are the programs that it names.
// In: the command. Out: what is missing, in words. An image without a shell is seen at the start, not at the first alert.
// Elsewhere: which words are programs (command_words.ts).

import { join } from "node:path";
import { givenEnvironment } from "../../assets/mod.ts";
import { inTime } from "../../files/mod.ts";
import { SHELL } from "./child_process.ts";
import { commandWords } from "./command_words.ts";

/** Of a shell that is given none. */
const USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const ANY_EXECUTE = 0o111;

export async function missingProgram(command: string): Promise<string | undefined> {
  if (!await isExecutable(SHELL)) return `there is no ${SHELL}, which starts it`;
  const folders = (givenEnvironment()["PATH"] ?? USUAL_PATH).split(":");
  for (const word of commandWords(command)) {
    const paths = word.includes("/")
      ? [word]
      : folders.map((folder) => join(folder === "" ? "." : folder, word));
    if (!await isAnyExecutable(paths)) return `there is no program ${word}`;
  }
  return undefined;
}

async function isAnyExecutable(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if (await isExecutable(path)) return true;
  return false;
}

/** A disk that does not answer is no reason to call a program missing. */
async function isExecutable(path: string): Promise<boolean> {
  const look = async () => {
    try {
      const { isFile, mode } = await Deno.stat(path);
      return isFile && ((mode ?? 0) & ANY_EXECUTE) !== 0;
    } catch {
      return false;
    }
  };
  return await inTime(path, look) ?? true;
}
