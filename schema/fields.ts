// The catalogue of fields: what a condition or an output may name.
// In: the tables in fields/. Out: FIELDS, fieldByName.
// Elsewhere: extraction (assembly/fields), arguments and operators of a check (rules/).
// PURE lets the bundler leave all of it out where nobody asks for a field: in the engine's thread.

import { CONTAINER_FIELDS } from "./fields/container.ts";
import { EVT_FIELDS } from "./fields/evt.ts";
import { FD_FIELDS } from "./fields/fd.ts";
import { FDLIST_FIELDS } from "./fields/fdlist.ts";
import { FS_PATH_FIELDS } from "./fields/fs_path.ts";
import { GROUP_FIELDS } from "./fields/group.ts";
import { JSON_FIELDS } from "./fields/json.ts";
import { K8S_AUDIT_FIELDS } from "./fields/k8s_audit.ts";
import { K8S_FIELDS } from "./fields/k8s.ts";
import { K8SMETA_FIELDS } from "./fields/k8smeta.ts";
import { PROCESS_FIELDS } from "./fields/process.ts";
import { THREAD_FIELDS } from "./fields/thread.ts";
import { USER_FIELDS } from "./fields/user.ts";
import { UTIL_FIELDS } from "./fields/util.ts";
import type { FieldDef } from "./types.ts";

/** All fields, hidden and deprecated ones included, class by class. */
export const FIELDS: readonly FieldDef[] = /* @__PURE__ */ ([] as FieldDef[]).concat(
  EVT_FIELDS,
  PROCESS_FIELDS,
  THREAD_FIELDS,
  USER_FIELDS,
  GROUP_FIELDS,
  FD_FIELDS,
  FS_PATH_FIELDS,
  FDLIST_FIELDS,
  UTIL_FIELDS,
  CONTAINER_FIELDS,
  K8S_FIELDS,
  K8SMETA_FIELDS,
  K8S_AUDIT_FIELDS,
  JSON_FIELDS,
);

const byName = /* @__PURE__ */ new Map(/* @__PURE__ */ FIELDS.map((field) => [field.name, field]));

/** The field of exactly this name, without an argument. */
export function fieldByName(name: string): FieldDef | undefined {
  return byName.get(name);
}
