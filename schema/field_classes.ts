// The classes into which the catalogue of fields is divided, as listings show them.
// In: the catalogue. Out: FIELD_CLASSES in its order. Elsewhere: the fields (fields.ts), how they are printed (cli/).
//
// The fields of the class evt that go with every event are a class of their own, of the same name: so Falco lists them.

import { FIELDS } from "./fields.ts";
import type { FieldClass, FieldDef } from "./types.ts";

export interface FieldClassDef {
  /** as Falco lists it: for fields of a plugin, the plugin's name */
  readonly name: string;
  /** what tells two classes of one name apart */
  readonly scope: string;
  readonly summary: string;
  /** hidden and deprecated ones included */
  readonly fields: readonly FieldDef[];
}

interface Words {
  readonly name: string;
  readonly scope?: string;
  readonly summary: string;
}

const ANY_EVENT: Words = {
  name: "evt",
  scope: "All event types",
  summary: "Number, time and origin of an event, whatever its source.",
};

const WORDS: Readonly<Record<FieldClass, Words>> = {
  evt: {
    name: "evt",
    scope: "Syscall events only",
    summary:
      "Type, parameters and result of a system call. Each parameter is a field of its own: evt.arg.flags.",
  },
  process: { name: "process", summary: "The process and thread that made the call, and its ancestors." },
  user: { name: "user", summary: "The user as whom the process runs, and the user who logged in." },
  group: { name: "group", summary: "The group as which the process runs." },
  fd: { name: "fd", summary: "The file or connection that the call opens or works on." },
  "fs.path": {
    name: "fs.path",
    summary: "The paths that a call names, also where no file is opened: unlink, rename, mkdir, mount …",
  },
  fdlist: { name: "fdlist", summary: "The files and connections that poll and ppoll wait for." },
  util: { name: "util", summary: "Fields about nothing in particular." },
  container: {
    name: "container",
    summary: "The container and the Kubernetes pod in which the call was made.",
  },
  k8smeta: {
    name: "k8smeta",
    summary:
      "The Kubernetes pod in which the call was made, its namespace, owners and services, from the API server.",
  },
  k8s_audit: { name: "k8saudit", summary: "A request to the API server of Kubernetes, from its audit log." },
  json: { name: "json", summary: "Values out of an event whose payload is JSON." },
};

function wordsOf(field: FieldDef): Words {
  return field.class === "evt" && field.sources.includes("*") ? ANY_EVENT : WORDS[field.class];
}

export const FIELD_CLASSES: readonly FieldClassDef[] = /* @__PURE__ */ divide(FIELDS);

function divide(all: readonly FieldDef[]): readonly FieldClassDef[] {
  return [...Map.groupBy(all, wordsOf)]
    .map(([{ name, scope = "", summary }, fields]) => ({ name, scope, summary, fields }));
}
