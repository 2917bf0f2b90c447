// From Rulesfile, Config and Plugin objects to files on a node.
// In: an object, what there is of ConfigMaps and registries. Out: files with the names that load in the order of
// priority; what could not be read, in words.
// Elsewhere: whether falco takes them (file_check.ts), registries (registry_rules.ts).

import { type JsonObject, objectAt, objectOf, PLUGIN_VERSIONS, textOf } from "../../base/mod.ts";
import { metaOf } from "../api/objects.ts";
import type { Fetched } from "./registry_rules.ts";

export type Medium = "oci" | "inline" | "configmap";

export interface ArtifactFile {
  /** PP-SS-NAME-MEDIUM.yaml */
  readonly name: string;
  readonly folder: "rules" | "config";
  readonly medium: Medium;
  readonly priority: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** As an object has it. */
export interface FileDraft extends ArtifactFile {
  /** a value, which is written as YAML where it is checked: large ones take their time */
  readonly isJson: boolean;
  /** another version of it is in place */
  readonly isThere?: boolean;
}

export interface Sources {
  /** the data of a ConfigMap in the own namespace */
  configMap(name: string): JsonObject | undefined;
  /** the rules files in an OCI artifact, joined */
  oci(spec: JsonObject): Fetched;
}

export interface Failure {
  readonly reason: string;
  readonly message: string;
  /** the file that it would have become: what there is of it stays */
  readonly file?: string;
}

export interface Gathered {
  readonly files: readonly FileDraft[];
  /** what could not be had; what there is counts all the same */
  readonly failures: readonly Failure[];
  /** the file that is being fetched: what there is of it stays, and nothing is said before it is there */
  readonly coming?: string;
  /** a reference that leads nowhere; undefined when there are none or all are good */
  readonly unresolved?: string;
  /** nothing to load, for a reason */
  readonly remark?: string;
}

/** Between sources of one object. */
const ORDER: Readonly<Record<Medium, number>> = { oci: 1, configmap: 2, inline: 3 };
const DEFAULT_PRIORITY = 50;
const MAX_BYTES = 1 << 20;
/** Files of plugins come before Configs, which may change what they set. */
const PLUGIN_PRIORITY = 0;

export function gatherFiles(kind: string, object: unknown, sources: Sources): Gathered {
  return kind === "Plugin" ? pluginFiles(object) : textFiles(kind, object, sources);
}

function textFiles(kind: string, object: unknown, sources: Sources): Gathered {
  const spec = objectAt(object, "spec");
  const isRules = kind === "Rulesfile";
  const files: FileDraft[] = [];
  const failures: Failure[] = [];
  const named = (medium: Medium) => fileName(object, medium, priorityOf(object));
  let unresolved: string | undefined;
  let coming: string | undefined;
  const add = (medium: Medium, content: Uint8Array<ArrayBuffer> | string | object) => {
    const file = fileOf(object, medium, content, isRules ? "rules" : "config");
    if (file.bytes.length <= MAX_BYTES || medium === "oci") files.push(file);
    else {
      const message = `the ${medium} source has more than ${MAX_BYTES} bytes`;
      failures.push({ reason: storeFailed(medium, isRules), message, file: file.name });
    }
  };
  if (isRules && spec["ociArtifact"] !== undefined) {
    const fetched = sources.oci(objectOf(spec["ociArtifact"]));
    if (fetched === "coming") coming = named("oci");
    else if ("bytes" in fetched) add("oci", fetched.bytes);
    else {
      const message = `Failed to store OCI artifact: ${fetched.problem}`;
      failures.push({ reason: "OCIArtifactStoreFailed", message, file: named("oci") });
    }
  }
  const map = textOf(objectAt(spec, "configMapRef")["name"]);
  if (map !== "") {
    const key = isRules ? "rules.yaml" : "config.yaml";
    const data = sources.configMap(map);
    const text = data === undefined ? undefined : data[key];
    if (typeof text === "string") add("configmap", text);
    else {
      unresolved = data === undefined
        ? `ConfigMap "${map}" not found`
        : `ConfigMap "${map}" has no key "${key}"`;
      const reason = storeFailed("configmap", isRules);
      failures.push({ reason, message: unresolved, file: named("configmap") });
    }
  }
  const inline = spec[isRules ? "inlineRules" : "config"];
  if (inline !== undefined) add("inline", objectOr(inline));
  return {
    files,
    failures,
    ...coming === undefined ? {} : { coming },
    ...unresolved === undefined ? {} : { unresolved },
  };
}

/** What is no object is refused as a file with this text would be. */
function objectOr(value: unknown): object | string {
  return typeof value === "object" && value !== null ? value : JSON.stringify(value);
}

function pluginFiles(object: unknown): Gathered {
  const { name } = metaOf(object);
  const config = objectAt(object, "spec", "config");
  const repository = textOf(objectAt(object, "spec", "ociArtifact", "image")["repository"]);
  // an object of another name may fetch what is inside of falco
  const fetched = repository.slice(repository.lastIndexOf("/") + 1);
  const plugin = textOf(config["name"]) || (PLUGIN_VERSIONS.has(fetched) ? fetched : name);
  if (!PLUGIN_VERSIONS.has(plugin)) {
    const message = `plugin "${plugin}" is not inside falco, and falco loads no libraries`;
    return { files: [], failures: [{ reason: "ProgramFailed", message }] };
  }
  const remark = `plugin "${plugin}" is inside falco; its library is not fetched`;
  // settings of its library's own, which mean nothing here, would only be warned about
  if (plugin === "k8smeta" || Object.keys(config).length === 0) return { files: [], failures: [], remark };
  const entry = {
    name: plugin,
    library_path: `lib${plugin}.so`,
    ...config["initConfig"] === undefined ? {} : { init_config: config["initConfig"] },
    ...config["openParams"] === undefined ? {} : { open_params: config["openParams"] },
  };
  const settings = { plugins: [entry], load_plugins: [plugin] };
  return { files: [fileOf(object, "inline", settings, "config", PLUGIN_PRIORITY)], failures: [], remark };
}

function fileOf(
  object: unknown,
  medium: Medium,
  content: Uint8Array<ArrayBuffer> | string | object,
  folder: ArtifactFile["folder"],
  fixed?: number,
): FileDraft {
  const priority = fixed ?? priorityOf(object);
  const isJson = typeof content === "object" && !(content instanceof Uint8Array);
  const text = isJson ? JSON.stringify(content) : content;
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text as Uint8Array<ArrayBuffer>;
  return { name: fileName(object, medium, priority), folder, medium, priority, bytes, isJson };
}

function priorityOf(object: unknown): number {
  return Math.min(99, Math.max(0, Number(objectAt(object, "spec")["priority"] ?? DEFAULT_PRIORITY)));
}

function fileName(object: unknown, medium: Medium, priority: number): string {
  const digits = (number: number) => String(number).padStart(2, "0");
  return `${digits(priority)}-${digits(ORDER[medium])}-${metaOf(object).name}-${medium}.yaml`;
}

function storeFailed(medium: Medium, isRules: boolean): string {
  const source = { oci: "OCIArtifact", configmap: "ConfigMap", inline: "Inline" }[medium];
  return `${source}${isRules ? "Rules" : "Config"}StoreFailed`;
}
