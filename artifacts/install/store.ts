// What is installed: files in two folders, and a note about each artifact.
// In: an artifact and its files. Out: the files in their places, all or none; what is installed.
// Elsewhere: where files come from (installer.ts), who loads them (service/loading/artifact_files.ts).
//
// A new version takes the place of the old one file by file, each in one step, so that a reader sees a whole file at any
// moment, and after a crash the note says which version was whole.

import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir, rename, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { listOf, objectOf, parseBoundedJson, textOf } from "../../base/mod.ts";
import { ArtifactError, quoted } from "../failure.ts";
import type { Artifact } from "../package/manifest.ts";
import { ARTIFACT_TYPES, type ArtifactType } from "../package/media_types.ts";
import type { PackedFile } from "../package/unpack.ts";
import { referenceText } from "../reference.ts";

export interface InstalledFile {
  readonly name: string;
  readonly sha256: string;
}

export interface Installed {
  readonly name: string;
  readonly type: ArtifactType;
  readonly version: string;
  /** as it was asked for */
  readonly reference: string;
  readonly digest: string;
  /** the key's name; "" when no signature was asked for */
  readonly signedBy: string;
  /** ISO 8601 */
  readonly installedAt: string;
  readonly files: readonly InstalledFile[];
}

const FOLDERS: Readonly<Record<ArtifactType, string>> = { rulesfile: "rules", plugin: "plugins" };
const NOTES = "state";
const NOTE_LIMITS = { bytes: 256 << 10, values: 10_000, depth: 8 };
const MAX_ARTIFACTS = 500;
const FOLDER_MODE = 0o755;
const FILE_MODE = 0o644;
const GROUP_OR_OTHERS_WRITE = 0o022;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** The folder below an artifacts folder that rules are in. */
export function rulesFolder(folder: string): string {
  return join(folder, FOLDERS.rulesfile);
}

export class Store {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async installed(): Promise<Installed[]> {
    let names: string[];
    try {
      names = await readdir(join(this.#folder, NOTES));
    } catch {
      return [];
    }
    const notes = await Promise.all(
      names.filter((name) => name.endsWith(".json")).sort().slice(0, MAX_ARTIFACTS)
        .map((name) => this.#note(name.slice(0, -".json".length))),
    );
    return notes.filter((note) => note !== undefined);
  }

  /** Whether what the note says is really there, unchanged. */
  async isWhole({ type, files }: Installed): Promise<boolean> {
    const found = await Promise.all(files.map(async ({ name, sha256 }) => {
      try {
        return hash(await Deno.readFile(join(this.#folder, FOLDERS[type], name))) === sha256;
      } catch {
        return false;
      }
    }));
    return found.every(Boolean);
  }

  async put(artifact: Artifact, files: readonly PackedFile[], signedBy: string): Promise<Installed> {
    const { name, type } = artifact;
    const all = await this.installed();
    for (const file of files) {
      const owner = all.find((one) =>
        one.name !== name && one.type === type && one.files.some(({ name }) => name === file.name)
      );
      if (owner !== undefined) {
        throw new ArtifactError(
          `its file ${quoted(file.name)} is one of the artifact ${owner.name}, which is installed`,
        );
      }
    }
    const folder = join(this.#folder, FOLDERS[type]);
    for (const one of [this.#folder, folder, join(this.#folder, NOTES)]) await ownFolder(one);
    const note: Installed = {
      name,
      type,
      version: artifact.version,
      reference: referenceText(artifact.reference),
      digest: artifact.digest,
      signedBy,
      installedAt: new Date().toISOString(),
      files: files.map((file) => ({ name: file.name, sha256: hash(file.bytes) })),
    };
    const staged: [from: string, to: string][] = [];
    try {
      for (const file of files) {
        staged.push([await stage(folder, file.name, file.bytes), join(folder, file.name)]);
      }
      const text = new TextEncoder().encode(`${JSON.stringify(note, undefined, 2)}\n`);
      staged.push([await stage(join(this.#folder, NOTES), `${name}.json`, text), this.#notePath(name)]);
      for (const [from, to] of staged) await rename(from, to);
    } catch (error) {
      for (const [from] of staged) await unlink(from).catch(() => {});
      throw new ArtifactError(`it cannot be written to ${this.#folder}: ${(error as Error).message}`);
    }
    const before = all.find((one) => one.name === name);
    const gone = (before?.files ?? []).filter((file) =>
      before?.type !== type || !files.some(({ name }) => name === file.name)
    );
    for (const file of gone) {
      await unlink(join(this.#folder, FOLDERS[before!.type], file.name)).catch(() => {});
    }
    return note;
  }

  async remove(name: string): Promise<Installed | undefined> {
    const note = NAME.test(name) ? await this.#note(name) : undefined;
    if (note === undefined) return undefined;
    for (const file of note.files) {
      await unlink(join(this.#folder, FOLDERS[note.type], file.name)).catch(() => {});
    }
    await unlink(this.#notePath(name));
    return note;
  }

  #notePath(name: string): string {
    return join(this.#folder, NOTES, `${name}.json`);
  }

  async #note(name: string): Promise<Installed | undefined> {
    try {
      const path = this.#notePath(name);
      if ((await Deno.stat(path)).size > NOTE_LIMITS.bytes) return undefined;
      return noteOf(objectOf(parseBoundedJson(await Deno.readFile(path), NOTE_LIMITS)), name);
    } catch {
      return undefined;
    }
  }
}

function noteOf(written: Readonly<Record<string, unknown>>, name: string): Installed | undefined {
  const type = ARTIFACT_TYPES.find((one) => one === written["type"]);
  const files = listOf(written["files"]).map(objectOf)
    .map((file) => ({ name: textOf(file["name"]), sha256: textOf(file["sha256"]) }));
  if (type === undefined || files.some((file) => !NAME.test(file.name))) return undefined;
  const text = (key: string) => textOf(written[key]);
  return {
    name,
    type,
    version: text("version"),
    reference: text("reference"),
    digest: text("digest"),
    signedBy: text("signedBy"),
    installedAt: text("installedAt"),
    files,
  };
}

/** Nobody else may put rules there. What a kubelet mounts for a pod has its mode from the kubelet, and no other users. */
async function ownFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: FOLDER_MODE });
  const { mode, uid, dev } = await stat(path);
  const isMount = dev !== (await stat(dirname(path))).dev;
  const isOurs = uid === 0 || uid === Deno.uid();
  if (isMount || (isOurs && (mode & GROUP_OR_OTHERS_WRITE) === 0)) return;
  throw new ArtifactError(`${path} may be written by others`, { hint: `chmod go-w ${path}` });
}

async function stage(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, `.${name}.${crypto.randomUUID()}`);
  const file = await open(
    path,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    FILE_MODE,
  );
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  return path;
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
