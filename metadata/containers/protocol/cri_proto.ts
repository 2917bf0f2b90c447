// The part of the Container Runtime Interface (runtime.v1) that is used here: messages and the fields that are read.
// Field numbers are those of the interface; fields that are not named here are skipped by every reader.

export const CRI_SERVICE = "runtime.v1.RuntimeService";

export const CRI_PROTO = `
syntax = "proto3";
package runtime.v1;

message VersionRequest { string version = 1; }
message VersionResponse { string runtime_name = 2; string runtime_version = 3; }

message ContainerFilter { string id = 1; }
message ListContainersRequest { ContainerFilter filter = 1; }
message ListContainersResponse { repeated Container containers = 1; }
message Container {
  string id = 1; string pod_sandbox_id = 2; ContainerMetadata metadata = 3; ImageSpec image = 4;
  string image_ref = 5; int64 created_at = 7; map<string, string> labels = 8;
}
message ContainerMetadata { string name = 1; }
message ImageSpec { string image = 1; string user_specified_image = 18; }

message ContainerStatusRequest { string container_id = 1; bool verbose = 2; }
message ContainerStatusResponse { ContainerStatus status = 1; map<string, string> info = 2; }
message ContainerStatus {
  string id = 1; ContainerMetadata metadata = 2; int64 created_at = 4; ImageSpec image = 8; string image_ref = 9;
  map<string, string> labels = 12; repeated Mount mounts = 14; ContainerResources resources = 16;
  string image_id = 17; ContainerUser user = 18;
}
message Mount { string container_path = 1; string host_path = 2; bool readonly = 3; int32 propagation = 5; }
message ContainerResources { LinuxContainerResources linux = 1; }
message LinuxContainerResources {
  int64 cpu_period = 1; int64 cpu_quota = 2; int64 cpu_shares = 3; int64 memory_limit_in_bytes = 4;
  string cpuset_cpus = 6; int64 memory_swap_limit_in_bytes = 10;
}
message ContainerUser { LinuxContainerUser linux = 1; }
message LinuxContainerUser { int64 uid = 1; }

message PodSandboxFilter { string id = 1; }
message ListPodSandboxRequest { PodSandboxFilter filter = 1; }
message ListPodSandboxResponse { repeated PodSandbox items = 1; }
message PodSandbox { string id = 1; PodSandboxMetadata metadata = 2; int64 created_at = 4; map<string, string> labels = 5; }
message PodSandboxMetadata { string name = 1; string uid = 2; string namespace = 3; }

message PodSandboxStatusRequest { string pod_sandbox_id = 1; bool verbose = 2; }
message PodSandboxStatusResponse { PodSandboxStatus status = 1; map<string, string> info = 2; }
message PodSandboxStatus {
  string id = 1; PodSandboxMetadata metadata = 2; int64 created_at = 4; PodSandboxNetworkStatus network = 5;
  LinuxPodSandboxStatus linux = 6; map<string, string> labels = 7;
}
message PodSandboxNetworkStatus { string ip = 1; }
message LinuxPodSandboxStatus { Namespace namespaces = 1; }
message Namespace { NamespaceOption options = 2; }
message NamespaceOption { int32 network = 1; int32 pid = 2; int32 ipc = 3; }

message ContainerStatsRequest { string container_id = 1; }
message ContainerStatsResponse { ContainerStats stats = 1; }
message ContainerStats { FilesystemUsage writable_layer = 4; }
message FilesystemUsage { UInt64Value used_bytes = 3; }
message UInt64Value { uint64 value = 1; }

message GetEventsRequest {}
message ContainerEventResponse { string container_id = 1; int32 container_event_type = 2; int64 created_at = 3; }
`;

/** Values of NamespaceOption: the host's own namespace. */
export const NAMESPACE_NODE = 2;

/** Values of Mount.propagation, in their order. */
export const PROPAGATIONS = ["private", "rslave", "rshared"];

/** Values of ContainerEventResponse.container_event_type. */
export const CRI_EVENT = { created: 0, started: 1, stopped: 2, deleted: 3 } as const;
