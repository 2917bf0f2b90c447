// What the client has open, and the projects that this makes.
// In: texts as they are opened, changed and closed; folders; settings. Out: for an address its source and its project.
// Elsewhere: which files a project has (model/project_files.ts), what is answered (requests/), the protocol (server.ts).

import { fileURLToPath, pathToFileURL } from "node:url";
import { type Environment, environmentOf, makeSource, readSource, type Source } from "../rules/mod.ts";
import { Project } from "./model/project.ts";
import { projectFiles, type ProjectSettings } from "./model/project_files.ts";

/** What is longer is kept and not looked at: nobody writes it, and every key would take seconds. */
export const MAX_DOCUMENT_CHARACTERS = 4 << 20;

export interface OpenDocument {
  readonly uri: string;
  readonly path: string;
  readonly source: Source;
  readonly kind: "rules" | "settings";
  readonly version: number;
}

interface LoadedProject {
  readonly paths: readonly string[];
  readonly project: Project;
}

export class Workspace {
  readonly #open = new Map<string, OpenDocument>();
  #projects = new Map<string, LoadedProject>();
  readonly #byUri = new Map<string, Project>();
  #settings: ProjectSettings = { roots: [], rulesFiles: [] };

  constructor(readonly env: Environment = environmentOf()) {}

  configure(settings: Partial<ProjectSettings>): void {
    this.#settings = { ...this.#settings, ...settings };
    this.forgetFiles();
  }

  /** Files may be others, or have other texts than before. */
  forgetFiles(): void {
    this.#projects = new Map();
    this.#byUri.clear();
  }

  get documents(): readonly OpenDocument[] {
    return [...this.#open.values()];
  }

  get(uri: string): OpenDocument | undefined {
    return this.#open.get(uri);
  }

  set(uri: string, text: string, version: number): void {
    const path = pathOf(uri);
    const isNew = !this.#open.has(uri);
    const bounded = text.length > MAX_DOCUMENT_CHARACTERS ? "" : text;
    const source = makeSource(path, bounded);
    this.#open.set(uri, { uri, path, source, kind: kindOf(path, source), version });
    // what is opened may bring other files with it
    if (isNew) this.#byUri.clear();
    for (const { paths, project } of this.#projects.values()) {
      if (paths.includes(path)) project.update(source);
    }
  }

  /** The address of a file in the form that the client uses where it has the file open. */
  uriFor = (path: string): string =>
    this.documents.find((document) => document.path === path)?.uri ?? uriOf(path);

  /** Folders come and go while the client runs. */
  changeRoots(added: readonly string[], removed: readonly string[]): void {
    const roots = this.#settings.roots.filter((folder) => !removed.includes(folder));
    this.configure({ roots: [...roots, ...added] });
  }

  /** What is on the disk counts again. */
  close(uri: string): void {
    if (this.#open.delete(uri)) this.forgetFiles();
  }

  /** The files that a document belongs to, itself included. The disk is looked at once, until something changes. */
  project(document: OpenDocument): Project {
    let project = this.#byUri.get(document.uri);
    if (project === undefined) {
      const open = this.documents.filter(({ kind, uri }) => kind === "rules" && isFile(uri));
      const paths = isFile(document.uri)
        ? projectFiles(document.path, this.#settings, open.map(({ path }) => path))
        : [document.path];
      this.#byUri.set(document.uri, project = this.#load(paths));
    }
    return project;
  }

  /** Each once, however many of its files are open. */
  projects(): Project[] {
    const rules = this.documents.filter(({ kind }) => kind === "rules");
    return [...new Set(rules.map((document) => this.project(document)))];
  }

  #load(paths: readonly string[]): Project {
    const key = paths.join("\0");
    const loaded = this.#projects.get(key);
    if (loaded !== undefined) return loaded.project;
    const project = new Project(paths.flatMap((path) => this.#sourceAt(path)), this.env);
    this.#projects.set(key, { paths, project });
    return project;
  }

  #sourceAt(path: string): Source[] {
    const open = this.documents.find((document) => document.path === path);
    if (open !== undefined) return [open.source];
    const read = readSource(path);
    return "source" in read ? [read.source] : [];
  }
}

function kindOf(path: string, { text }: Source): OpenDocument["kind"] {
  const [first = ""] = /^(?!\s*(?:#|---|$)).+$/m.exec(text) ?? [];
  if (/(^|\/)falco[^/]*\.ya?ml$/.test(path) && !/rules/.test(path.slice(path.lastIndexOf("/")))) {
    return first.startsWith("-") ? "rules" : "settings";
  }
  return /^(rules_files?|engine|plugins|outputs|json_output|priority|config_files|\w+_output)\s*:/.test(first)
    ? "settings"
    : "rules";
}

export function isFile(uri: string): boolean {
  return uri.startsWith("file:");
}

/** Anything that is no file's address is its own path. */
export function pathOf(uri: string): string {
  try {
    return isFile(uri) ? fileURLToPath(uri) : uri;
  } catch {
    return uri;
  }
}

function uriOf(path: string): string {
  return path.startsWith("/") ? pathToFileURL(path).href : path;
}
