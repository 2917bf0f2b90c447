// The files of artifacts in falco's folders.
// In: files, as objects have them and as falco would take them. Out: files in place; what is another now.
// Elsewhere: what falco would take (file_check.ts), when (node_agent.ts).

import { mkdir, readdir, readFile, rename, unlink, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { ArtifactFile, FileDraft } from "./artifact_files.ts";
import type { FileChange } from "./event_recorder.ts";
import type { CheckedFiles } from "./file_check.ts";

export type Folders = Readonly<Record<ArtifactFile["folder"], string>>;

/** Files that are the agent's: PP-SS-NAME-MEDIUM.yaml. */
const OWN_FILE = /^\d\d-0[123]-.+-(?:oci|inline|configmap)\.yaml$/;

export class PlacedFiles {
  readonly #folders: Folders;
  /** of files that are in place in part, what their whole is */
  readonly #partOf = new Map<string, string>();

  constructor(folders: Folders) {
    this.#folders = folders;
  }

  pathOf({ folder, name }: Pick<ArtifactFile, "folder" | "name">): string {
    return join(this.#folders[folder], name);
  }

  /** Files with the remark whether a version of each is in place that another must not take away. */
  async compared(drafts: readonly FileDraft[]): Promise<FileDraft[]> {
    const there = new Set<string>();
    for (const path of Object.values(this.#folders)) {
      for (const name of await readdir(path).catch(() => [])) there.add(name);
    }
    return drafts.map((draft) => ({
      ...draft,
      isThere: there.has(draft.name) && this.#partOf.get(draft.name) !== hashOf(draft.bytes),
    }));
  }

  /**
   * @param kept names of files that stay as they are: what falco had of a file that is bad now, or cannot be had
   * @returns what is another now
   */
  async place(
    wanted: readonly FileDraft[],
    { good, refused }: CheckedFiles,
    kept: ReadonlySet<string>,
  ): Promise<Map<string, FileChange>> {
    const changed = new Map<string, FileChange>();
    for (const [folder, path] of Object.entries(this.#folders)) {
      await mkdir(path, { recursive: true });
      const own = good.filter((file) => file.folder === folder);
      for (const name of (await readdir(path)).filter((one) => OWN_FILE.test(one))) {
        if (own.some((file) => file.name === name) || kept.has(name)) continue;
        await unlink(join(path, name));
        changed.set(name, "Removed");
      }
      for (const { name, bytes } of own) {
        const before = await readFile(join(path, name)).catch(() => undefined);
        if (before !== undefined && hashOf(before) === hashOf(bytes)) continue;
        await writeFile(join(path, `.${name}`), bytes);
        await rename(join(path, `.${name}`), join(path, name));
        changed.set(name, before === undefined ? "Stored" : "Updated");
      }
    }
    for (const { name } of good) {
      const whole = wanted.find((file) => file.name === name);
      if (refused.has(name) && whole !== undefined) this.#partOf.set(name, hashOf(whole.bytes));
      else this.#partOf.delete(name);
    }
    return changed;
  }
}

export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
