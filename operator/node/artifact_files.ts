// From Rulesfile, Config and Plugin objects to files on a node.
// In: an object, ways to read ConfigMaps, Secrets and registries. Out: files with the names that load in the order of
// priority; what could not be read, in words.
// Elsewhere: whether falco takes them (node_agent.ts), registries (artifacts/).

import { stringify } from "yaml";
import { type JsonObject, objectAt, objectOf, PLUGIN_VERSIONS, textOf } from "../../base/mod.ts";
import { metaOf } from "../api/objects.ts";

export type Medium = "oci" | "inline" | "configmap";

export interface ArtifactFile {
  /** PP-SS-NAME-MEDIUM.yaml */
  readonly name: string;
  readonly folder: "rules" | "config";
  readonly medium: Medium;
  readonly priority: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface Sources {
  /** the data of a ConfigMap in the own namespace */
  configMap(name: string): Promise<JsonObject | undefined>;
  /** the rules files in an OCI artifact, joined */
  oci(spec: JsonObject): Promise<Uint8Array<ArrayBuffer>>;
}

export interface Failure {
  readonly reason: string;
  readonly message: string;
  /** the file that it would have become: what there is of it stays */
  readonly file?: string;
  /** another attempt may succeed though nothing changes here */
  readonly isPassing?: true;
}

export interface Gathered {
  readonly files: readonly ArtifactFile[];
  /** what could not be had; what there is counts all the same */
  readonly failures: readonly Failure[];
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

export async function gatherFiles(kind: string, object: unknown, sources: Sources): Promise<Gathered> {
  return kind === "Plugin" ? pluginFiles(object) : await textFiles(kind, object, sources);
}

async function textFiles(kind: string, object: unknown, sources: Sources): Promise<Gathered> {
  const spec = objectAt(object, "spec");
  const isRules = kind === "Rulesfile";
  const files: ArtifactFile[] = [];
  const failures: Failure[] = [];
  const named = (medium: Medium) => fileName(object, medium, priorityOf(object));
  let unresolved: string | undefined;
  const add = (medium: Medium, bytes: Uint8Array<ArrayBuffer>) => {
    if (bytes.length <= MAX_BYTES || medium === "oci") {
      files.push(fileOf(object, medium, bytes, isRules ? "rules" : "config"));
    } else {failures.push({
        reason: storeFailed(medium, isRules),
        message: `the ${medium} source has more than ${MAX_BYTES} bytes`,
      });}
  };
  if (isRules && spec["ociArtifact"] !== undefined) {
    try {
      add("oci", await sources.oci(objectOf(spec["ociArtifact"])));
    } catch (error) {
      failures.push({
        reason: "OCIArtifactStoreFailed",
        message: (error as Error).message,
        file: named("oci"),
        isPassing: true,
      });
    }
  }
  const map = textOf(objectAt(spec, "configMapRef")["name"]);
  if (map !== "") {
    const key = isRules ? "rules.yaml" : "config.yaml";
    const data = await sources.configMap(map);
    const text = data === undefined ? undefined : data[key];
    if (typeof text === "string") add("configmap", new TextEncoder().encode(text));
    else {
      const what = data === undefined
        ? `ConfigMap "${map}" not found`
        : `ConfigMap "${map}" has no key "${key}"`;
      unresolved = what;
      failures.push({ reason: storeFailed("configmap", isRules), message: what, file: named("configmap") });
    }
  }
  const inline = spec[isRules ? "inlineRules" : "config"];
  if (inline !== undefined) add("inline", new TextEncoder().encode(stringify(inline)));
  return { files, failures, ...unresolved === undefined ? {} : { unresolved } };
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
  const bytes = new TextEncoder().encode(stringify(settings));
  return { files: [fileOf(object, "inline", bytes, "config", PLUGIN_PRIORITY)], failures: [], remark };
}

function fileOf(
  object: unknown,
  medium: Medium,
  bytes: Uint8Array<ArrayBuffer>,
  folder: ArtifactFile["folder"],
  fixed?: number,
): ArtifactFile {
  const priority = fixed ?? priorityOf(object);
  return { name: fileName(object, medium, priority), folder, medium, priority, bytes };
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
