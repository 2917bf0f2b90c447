// Small files of /proc and /sys: nothing where one is absent or may not be read.

export function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

/** Without its surrounding blanks and line breaks. */
export function readWord(path: string): string | undefined {
  return readText(path)?.trim();
}

export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
