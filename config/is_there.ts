// Whether a path names something. What cannot be looked at counts as there: it is reported when it is read.

export function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
