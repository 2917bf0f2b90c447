// Which of Falco's plugins a rule would need; here all of them are built in.
// In: the rule's source, the events and fields that it names. Out: names of plugins, sorted; BUILT_IN_PLUGINS.
// Elsewhere: whether a required version is met (items/requirements.ts).

import { fieldByName, type FieldClass, FIELDS } from "../../schema/mod.ts";
import { PLUGIN_VERSIONS } from "../../base/mod.ts";
import { sorted } from "./sorted.ts";

export interface BuiltInPlugin {
  readonly name: string;
  readonly version: string;
  readonly summary: string;
  /** the class that its fields have in the catalogue */
  readonly fieldClass: FieldClass;
  readonly source?: string;
  /** the number that Falco's plugin has for its source */
  readonly sourceId?: number;
  /** forms of `open_params`, each with what it means */
  readonly openParams?: readonly string[];
  readonly asyncEvents: readonly string[];
  /** keeps state of the events that pass, as Falco's plugin does */
  readonly parsesEvents: boolean;
  /** number of fields in the catalogue */
  readonly fields: number;
}

const PLUGINS: Readonly<Record<string, Omit<BuiltInPlugin, "name" | "version" | "fields">>> = {
  container: {
    summary: "Container and pod in which a system call happened.",
    fieldClass: "container",
    asyncEvents: ["container", "container_removed"],
    parsesEvents: true,
  },
  json: {
    summary: "Values out of events whose payload is JSON.",
    fieldClass: "json",
    asyncEvents: [],
    parsesEvents: false,
  },
  k8saudit: {
    summary: "Audit events of the Kubernetes API server.",
    fieldClass: "k8s_audit",
    source: "k8s_audit",
    sourceId: 1,
    openParams: [
      "http://:9765/k8s-audit: receive them at this port and path; https with sslCertificate",
      "file:///var/log/k8s-audit.json: follow this file",
      "/var/log/k8s-audit: read a file, or the files of a folder, to the end",
    ],
    asyncEvents: [],
    parsesEvents: false,
  },
  k8smeta: {
    summary: "Owners, namespace and services of the Kubernetes pod in which a system call happened.",
    fieldClass: "k8smeta",
    asyncEvents: ["k8s"],
    parsesEvents: true,
  },
};

export const BUILT_IN_PLUGINS: readonly BuiltInPlugin[] = [...PLUGIN_VERSIONS].flatMap(([name, version]) => {
  const plugin = PLUGINS[name];
  if (plugin === undefined) return [];
  const fields = FIELDS.filter((field) => field.class === plugin.fieldClass).length;
  return [{ name, version: version.join("."), ...plugin, fields }];
});

export function pluginsOf(
  source: string,
  eventNames: readonly string[],
  fields: readonly string[],
): string[] {
  const classes = new Set(fields.map((field) => fieldByName(field.replace(/\[.*$/s, ""))?.class));
  return sorted(
    BUILT_IN_PLUGINS.filter((plugin) =>
      plugin.source === source || classes.has(plugin.fieldClass) ||
      plugin.asyncEvents.some((name) => eventNames.includes(name))
    ).map((plugin) => plugin.name),
  );
}
