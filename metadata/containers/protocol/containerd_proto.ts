// The part of containerd's own API that is used here: messages and the fields that are read.
// Field numbers are those of containerd's API, version 1.

export const CONTAINERD_SERVICE = {
  version: "containerd.services.version.v1.Version",
  namespaces: "containerd.services.namespaces.v1.Namespaces",
  containers: "containerd.services.containers.v1.Containers",
  images: "containerd.services.images.v1.Images",
  events: "containerd.services.events.v1.Events",
} as const;

/** A call is about one namespace, which this header names. */
export const NAMESPACE_HEADER = "containerd-namespace";

export const CONTAINERD_PROTO = `
syntax = "proto3";
package containerd;

message Empty {}
message VersionResponse { string version = 1; }

message ListNamespacesRequest { string filter = 1; }
message ListNamespacesResponse { repeated Namespace namespaces = 1; }
message Namespace { string name = 1; }

message Any { string type_url = 1; bytes value = 2; }
message Timestamp { int64 seconds = 1; }

message ListContainersRequest { repeated string filters = 1; }
message ListContainersResponse { repeated Container containers = 1; }
message GetContainerRequest { string id = 1; }
message GetContainerResponse { Container container = 1; }
message Container {
  string id = 1; map<string, string> labels = 2; string image = 3; Any spec = 5; Timestamp created_at = 8;
  string sandbox = 11;
}

message GetImageRequest { string name = 1; }
message GetImageResponse { Image image = 1; }
message Image { string name = 1; Descriptor target = 3; }
message Descriptor { string media_type = 1; string digest = 2; int64 size = 3; }

message SubscribeRequest { repeated string filters = 1; }
message Envelope { Timestamp timestamp = 1; string namespace = 2; string topic = 3; Any event = 4; }
message ContainerCreate { string id = 1; string image = 2; }
message ContainerDelete { string id = 1; }
message TaskStart { string container_id = 1; }
`;

export const TOPIC = {
  created: "/containers/create",
  removed: "/containers/delete",
  started: "/tasks/start",
} as const;
