// The file that holds the process id while the program runs.
// In: its path. Out: the file; a function that takes it away again.

export function writePidFile(path: string): () => void {
  try {
    Deno.writeTextFileSync(path, `${Deno.pid}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot write the process id to ${path}: ${reason}\n  remedy: name a file in a folder that exists`,
    );
  }
  return () => {
    try {
      // another falco may have been told to use it meanwhile
      if (Deno.readTextFileSync(path) === `${Deno.pid}\n`) Deno.removeSync(path);
    } catch {
      // someone else has removed it
    }
  };
}
