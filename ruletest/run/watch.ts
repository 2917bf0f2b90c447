// `--watch`: calls again when test files, rules files or their folders change, until it is interrupted.
// In: paths, which may be other ones after each run. Out: calls, one at a time; changes that come close together are one.

import { dirname } from "node:path";

/** An editor writes a file in several steps. */
const QUIET_MS = 150;

/**
 * @param run gives the paths that it has read
 * @param onWatching from now on no change is missed
 */
export async function watchFiles(
  run: () => Promise<readonly string[]>,
  onWatching: () => void,
): Promise<never> {
  for (;;) {
    const folders = [...new Set((await run()).map((path) => dirname(path)))];
    await changeIn(folders, onWatching);
  }
}

async function changeIn(folders: readonly string[], onWatching: () => void): Promise<void> {
  const watcher = Deno.watchFs([...folders], { recursive: false });
  onWatching();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    for await (const { kind, paths } of watcher) {
      if (kind === "access" || !paths.some((path) => /\.(ya?ml|json|jsonl|scap)$/.test(path))) continue;
      clearTimeout(timer);
      timer = setTimeout(() => watcher.close(), QUIET_MS);
    }
  } finally {
    clearTimeout(timer);
  }
}
