// Fields of Kubernetes audit events (ka.*).
// In: an event. Out: what is in it, as Falco's plugin k8saudit gives it; the few places where that plugin looks in
// the wrong place are in docs/differences.md.
// Elsewhere: what pods ask for (pod_fields.ts), the catalogue (schema/fields/k8s_audit.ts).

import type { Extractors, FieldText, FieldValue, JsonEvent } from "../json/event_fields.ts";
import { type Step, stepOf } from "../json/json_path.ts";
import { type AuditField, steps, textsOf, values } from "./audit_paths.ts";
import { POD_EXTRACTORS } from "./pod_fields.ts";

/** One value each, by its place in the event. */
const SINGLE: Readonly<Record<string, readonly string[]>> = {
  ka_auditid: ["auditID"],
  ka_stage: ["stage"],
  ka_verb: ["verb"],
  ka_uri: ["requestURI"],
  ka_useragent: ["userAgent"],
  ka_user_name: ["user", "username"],
  ka_impuser_name: ["impersonatedUser", "username"],
  ka_cluster_name: ["annotations", "cluster_name"],
  ka_auth_decision: ["annotations", "authorization.k8s.io/decision"],
  ka_auth_reason: ["annotations", "authorization.k8s.io/reason"],
  ka_auth_openshift_decision: ["annotations", "authentication.openshift.io/decision"],
  ka_auth_openshift_username: ["annotations", "authentication.openshift.io/username"],
  ka_validations_admission_policy_failure: [
    "annotations",
    "validation.policy.admission.k8s.io/validation_failure",
  ],
  ka_security_pod_violations: ["annotations", "pod-security.kubernetes.io/audit-violations"],
  ka_target_name: ["objectRef", "name"],
  ka_target_namespace: ["objectRef", "namespace"],
  ka_target_resource: ["objectRef", "resource"],
  ka_target_subresource: ["objectRef", "subresource"],
  ka_resp_name: ["responseObject", "metadata", "name"],
  ka_response_code: ["responseStatus", "code"],
  ka_response_reason: ["responseStatus", "reason"],
  ka_req_binding_role: ["requestObject", "roleRef", "name"],
  ka_req_configmap_name: ["objectRef", "name"],
  ka_req_configmap_obj: ["requestObject", "data"],
  ka_req_service_type: ["requestObject", "spec", "type"],
};

/** All elements of an array. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  ka_user_groups: ["user", "groups"],
  ka_req_binding_subjects: ["requestObject", "subjects"],
  ka_req_role_rules: ["requestObject", "rules"],
};

/** Lists within each rule of a role. */
const ROLE_RULES = ["apiGroups", "nonResourceURLs", "verbs", "resources"] as const;

const AUDIT_ID = stepOf("auditID");
const RULES = steps(["requestObject", "rules"]);
const SUBJECTS = steps(["requestObject", "subjects"]);
const SOURCE_IPS = steps(["sourceIPs"]);
const PORTS = steps(["requestObject", "spec", "ports"]);
const RESOURCE = steps(["objectRef", "resource"]);
const SUBRESOURCE = steps(["objectRef", "subresource"]);
const URI = steps(["requestURI"]);
const POD_NAME = steps(SINGLE["ka_resp_name"]!);
const [KIND, NAME, NAMESPACE] = steps(["kind", "name", "namespace"]) as [Step, Step, Step];

function single(path: readonly string[]): AuditField {
  const place = steps(path);
  return ({ document }) => {
    const token = document.find(place);
    return token < 0 ? undefined : token;
  };
}

function list(path: readonly string[]): AuditField {
  const place = steps(path);
  return ({ document }) => {
    const token = document.find(place);
    return token < 0 || !document.isArray(token) ? undefined : document.elements(token);
  };
}

/** @param index of one element; all of them without it */
function elementsAt(place: readonly Step[]) {
  return ({ document }: JsonEvent, index?: number): FieldValue =>
    textsOf(document, values(document, place, index), "as they are");
}

function inRules(name: string) {
  const place = [...RULES, stepOf(name)];
  return ({ document }: JsonEvent, index?: number): FieldValue =>
    textsOf(document, values(document, place, index), "spread");
}

function sourceIps({ document }: JsonEvent, index?: number): FieldValue {
  return textsOf(document, values(document, SOURCE_IPS, index), "spread");
}

/** Names of the subjects of one kind. */
function subjects(kind: string, format?: (namespace: string, name: string) => string): AuditField {
  return ({ document }) => {
    const array = document.find(SUBJECTS);
    if (array < 0 || !document.isArray(array)) return undefined;
    const found: FieldText[] = [];
    for (const subject of document.elements(array)) {
      const [kindAt, name] = [document.member(subject, KIND), document.member(subject, NAME)];
      if (kindAt < 0 || name < 0 || document.text(kindAt) !== kind) continue;
      if (format === undefined) {
        found.push(name);
        continue;
      }
      const namespace = document.member(subject, NAMESPACE);
      if (namespace >= 0) found.push(format(document.text(namespace), document.text(name)));
    }
    return found;
  };
}

function targetPod(event: JsonEvent): FieldValue {
  const { document } = event;
  const resource = document.find(RESOURCE), subresource = document.find(SUBRESOURCE);
  if (resource < 0 || document.text(resource) !== "pods") return undefined;
  if (subresource >= 0 && document.text(subresource) !== "") return undefined;
  const token = document.find(POD_NAME);
  return token < 0 ? undefined : token;
}

/** The first value of a parameter of the query. */
const uriParam = (name: string) => ({ document }: JsonEvent): FieldValue => {
  const token = document.find(URI);
  if (token < 0) return undefined;
  const uri = document.text(token);
  const query = uri.indexOf("?");
  if (query < 0) return undefined;
  return firstParameter(uri, query + 1, name);
};

/** Three characters for each of at most four bytes of a character. */
const ESCAPED_LENGTH = 12;

/** Its first character is as it is, or is written in another way. */
function mayBegin(part: string, name: string): boolean {
  return name === "" || part[0] === name[0] || part[0] === "%" || part[0] === "+";
}

/** Parts are decoded one at a time, and no further than needed: a hostile address has millions. */
function firstParameter(uri: string, from: number, name: string): string | undefined {
  const hash = uri.indexOf("#", from);
  const end = hash < 0 ? uri.length : hash;
  for (let at = from; at < end;) {
    const ampersand = uri.indexOf("&", at);
    const next = ampersand < 0 || ampersand > end ? end : ampersand;
    const part = uri.slice(at, next);
    const equals = part.indexOf("=");
    const keyLength = equals < 0 ? part.length : equals;
    if (keyLength >= name.length && keyLength <= ESCAPED_LENGTH * name.length && mayBegin(part, name)) {
      const found = new URLSearchParams(part).get(name);
      if (found !== null) return found;
    }
    at = next + 1;
  }
  return undefined;
}

const OWN: Extractors = {
  plain: {
    ...mapValues(SINGLE, single),
    ...mapValues(LISTS, list),
    ...Object.fromEntries(ROLE_RULES.map((name) => [`ka_req_role_rules_${name}_all`, inRules(name)])),
    ka_sourceips_all: sourceIps,
    ka_req_service_ports_all: elementsAt(PORTS),
    ka_target_pod_name: targetPod,
    ka_req_binding_subjects_user_names: subjects("User"),
    ka_req_binding_subjects_serviceaccount_names: subjects("ServiceAccount"),
    ka_req_binding_subjects_serviceaccount_ns_names: subjects(
      "ServiceAccount",
      (namespace, name) => `${namespace}:${name}`,
    ),
    ka_req_binding_subjects_group_names: subjects("Group"),
    evt_pluginname: () => "k8saudit",
  },
  indexed: {
    ...Object.fromEntries(ROLE_RULES.map((name) => [`ka_req_role_rules_${name}`, inRules(name)])),
    ka_sourceips: sourceIps,
    ka_req_service_ports: elementsAt(PORTS),
  },
  named: {
    ka_uri_param: uriParam,
    // says so whatever the subjects are, as in Falco, which calls it deprecated
    ka_req_binding_subject_has_name: () => () => "true",
  },
};

function mapValues<V, W>(table: Readonly<Record<string, V>>, make: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, make(value)]));
}

/** What is no audit event has none of these fields. */
function isAudit({ document }: JsonEvent): boolean {
  return document.member(0, AUDIT_ID) >= 0;
}

function guarded(extractors: Extractors): Extractors {
  return {
    plain: mapValues(
      extractors.plain ?? {},
      (extract) => (event) => isAudit(event) ? extract(event) : undefined,
    ),
    indexed: mapValues(
      extractors.indexed ?? {},
      (extract) => (event, index) => isAudit(event) ? extract(event, index) : undefined,
    ),
    named: mapValues(extractors.named ?? {}, (make) => (argument) => {
      const extract = make(argument);
      return (event: JsonEvent) => isAudit(event) ? extract(event) : undefined;
    }),
  };
}

export const AUDIT_EXTRACTORS: Extractors = guarded({
  plain: { ...OWN.plain, ...POD_EXTRACTORS.plain },
  indexed: { ...OWN.indexed, ...POD_EXTRACTORS.indexed },
  named: { ...OWN.named, ...POD_EXTRACTORS.named },
});
