// Fields of the Kubernetes audit log, one event per audit record: who asked the API server for what, and what came of
// it. All values are texts, numbers and booleans too: `ka.response.code startswith 4` is right, `>=` compares texts.
// What a record does not have is a field without a value.

import type { FieldDef } from "../types.ts";
import { parseFields } from "./parse.ts";

const REQUEST = `
ka.auditid | str json source=k8s_audit on=all | Id of the request, the same in each of its stages.
ka.stage | str json source=k8s_audit on=all | Stage of the request: RequestReceived, ResponseStarted, ResponseComplete, Panic. | ResponseComplete
ka.verb | str json source=k8s_audit on=all | What was asked for: get, list, create, update, patch, delete … | create
ka.uri | str json source=k8s_audit on=all | Path and query of the request. | /api/v1/namespaces/default/pods?watch=true
ka.uri.param | str json source=k8s_audit arg!name on=all | One parameter of the request's query: ka.uri.param[command]. | /bin/sh
ka.useragent | str json source=k8s_audit on=all | Program that asked, as it calls itself. | kubectl/v1.33.0
ka.sourceips | str json source=k8s_audit list arg?index on=all | Addresses that the request came from, proxies included. | 10.0.0.7
ka.user.name | str json source=k8s_audit on=all | User who asked. | system:admin
ka.user.groups | str json source=k8s_audit list on=all | Groups of the user who asked. | system:masters
ka.impuser.name | str json source=k8s_audit on=all | User in whose name the request was made. | jane
ka.cluster.name | str json source=k8s_audit on=all | Name of the cluster, where the audit log tells it.
ka.auth.decision | str json source=k8s_audit on=all | Whether the request was allowed: allow or forbid. | allow
ka.auth.reason | str json source=k8s_audit on=all | Why it was allowed or not.
ka.auth.openshift.decision | str json source=k8s_audit on=all | Outcome of the authentication, as OpenShift annotates it.
ka.auth.openshift.username | str json source=k8s_audit on=all | User who tried to authenticate, as OpenShift annotates it.
ka.validations.admission.policy.failure | str json source=k8s_audit on=all | What an admission policy found wrong with the request.
ka.security.pod.violations | str json source=k8s_audit on=all | How the pod violates the pod security standards.
ka.target.name | str json source=k8s_audit on=all | Name of the object that the request is about. | web-1
ka.target.namespace | str json source=k8s_audit on=all | Namespace of that object. | default
ka.target.resource | str json source=k8s_audit on=all | Kind of that object, plural and in lower case. | pods
ka.target.subresource | str json source=k8s_audit on=all | Part of that object: exec, attach, log … | exec
ka.target.pod.name | str json source=k8s_audit on=all | Name of the pod that the request is about.
ka.resp.name | str json source=k8s_audit on=all | Name of the object in the answer.
ka.response.code | str json source=k8s_audit on=all | Status of the answer, as text. | 403
ka.response.reason | str json source=k8s_audit on=all | Reason in the answer.
ka.req.binding.subjects | str json source=k8s_audit list on=all | Subjects of a role binding, each as JSON.
ka.req.binding.subjects.user_names | str json source=k8s_audit list on=all | Names of the users among the subjects.
ka.req.binding.subjects.serviceaccount_names | str json source=k8s_audit list on=all | Names of the service accounts among the subjects.
ka.req.binding.subjects.serviceaccount_ns_names | str json source=k8s_audit list on=all | Service accounts among the subjects as namespace:name.
ka.req.binding.subjects.group_names | str json source=k8s_audit list on=all | Names of the groups among the subjects.
ka.req.binding.role | str json source=k8s_audit on=all | Role that a role binding grants. | cluster-admin
ka.req.binding.subject.has_name | str json source=k8s_audit hidden arg!name on=all | Whether one of the subjects has this name.
ka.req.role.rules | str json source=k8s_audit list on=all | Rules of a role, each as JSON.
ka.req.role.rules.apiGroups | str json source=k8s_audit list arg?index on=all | API groups in the rules of a role, or in one of them.
ka.req.role.rules.nonResourceURLs | str json source=k8s_audit list arg?index on=all | Paths in the rules of a role, or in one of them.
ka.req.role.rules.verbs | str json source=k8s_audit list arg?index on=all | Verbs in the rules of a role, or in one of them. | *
ka.req.role.rules.resources | str json source=k8s_audit list arg?index on=all | Resources in the rules of a role, or in one of them. | pods/exec
ka.req.configmap.name | str json source=k8s_audit on=all | Name of the config map in the request.
ka.req.configmap.obj | str json source=k8s_audit on=all | Whole config map in the request, as JSON.
ka.req.service.type | str json source=k8s_audit on=all | Type of the service in the request. | NodePort
ka.req.service.ports | str json source=k8s_audit list arg?index on=all | Ports of the service in the request, each as JSON.
`;

const POD = `
ka.req.pod.host_ipc | str json source=k8s_audit on=all | Whether the pod shares the IPC namespace of the node. | true
ka.req.pod.host_network | str json source=k8s_audit on=all | Whether the pod shares the network of the node. | true
ka.req.pod.host_pid | str json source=k8s_audit on=all | Whether the pod shares the pid namespace of the node. | true
ka.req.pod.run_as_user | str json source=k8s_audit on=all | User id that the pod's security context sets.
ka.req.pod.run_as_group | str json source=k8s_audit on=all | Group id that the pod's security context sets.
ka.req.pod.fs_group | str json source=k8s_audit on=all | Group that owns the pod's volumes.
ka.req.pod.supplemental_groups | str json source=k8s_audit list on=all | Further groups of the pod's processes.
ka.req.pod.volumes.hostpath | str json source=k8s_audit list arg?index on=all | Paths of the node that the pod mounts. | /var/run/docker.sock
ka.req.pod.volumes.flexvolume_driver | str json source=k8s_audit list arg?index on=all | Drivers of the pod's flex volumes.
ka.req.pod.volumes.volume_type | str json source=k8s_audit list arg?index on=all | Types of the pod's volumes. | hostPath
`;

/** One value for each container of its kind; with an index, that of one container. */
function containers(kind: string, one: string, hostPort: boolean): string {
  const field = (name: string, summary: string, example?: string) =>
    `ka.req.pod.${kind}.${name} | str json source=k8s_audit list arg?index on=all | ${summary}` +
    (example === undefined ? "" : ` | ${example}`);
  return [
    field("name", `Name of each ${one}.`, "web"),
    field("image", `Image of each ${one} with its tag.`, "docker.io/library/nginx:1.27"),
    field("image.repository", `Image of each ${one} without its tag.`, "docker.io/library/nginx"),
    field("command", `Command of each ${one}.`),
    field("args", `Arguments of the command of each ${one}.`),
    ...hostPort ? [field("host_port", `Ports of the node that each ${one} takes.`)] : [],
    field("privileged", `Whether each ${one} is privileged.`, "true"),
    field("allow_privilege_escalation", `Whether each ${one} may gain privileges.`, "true"),
    field("read_only_fs", `Whether the root file system of each ${one} is read-only.`, "true"),
    field("run_as_user", `User id that the security context of each ${one} sets.`),
    field("eff_run_as_user", `User id of each ${one}, its own or that of the pod.`, "0"),
    field("run_as_group", `Group id that the security context of each ${one} sets.`),
    field("eff_run_as_group", `Group id of each ${one}, its own or that of the pod.`, "0"),
    field("proc_mount", `How /proc is mounted in each ${one}.`, "Default"),
    field("add_capabilities", `Capabilities that are added to each ${one}.`, "SYS_ADMIN"),
  ].join("\n");
}

/** Older names, for one container or any. */
const OLD = `
ka.req.container.image | str json source=k8s_audit on=all | Image of the pod's first container with its tag.
ka.req.container.image.repository | str json source=k8s_audit on=all | Image of the pod's first container without its tag.
ka.req.container.host_network | str json source=k8s_audit on=all | The same as ka.req.pod.host_network.
ka.req.container.privileged | str json source=k8s_audit on=all | Whether any container of the pod is privileged.
ka.req.volume.hostpath | str json source=k8s_audit arg!name on=all | Whether the pod mounts this path of the node; a star at its end stands for anything. | true
`;

export const K8S_AUDIT_FIELDS: readonly FieldDef[] = /* @__PURE__ */ parseTables();

function parseTables(): readonly FieldDef[] {
  return [
    REQUEST,
    POD,
    containers("containers", "container", true),
    containers("initContainers", "init container", true),
    containers("ephemeralContainers", "ephemeral container", false),
    OLD,
  ].flatMap((table) => parseFields("k8s_audit", table));
}
