// Pods made through the Container Runtime Interface, as the kubelet makes them: what tests need and falco never does.
// In: the socket of a runtime. Out: pods with host networking, their containers, their end.

import { ROOT_LIMITS } from "../../../metadata/containers/engine_limits.ts";
import { GrpcChannel } from "../../../metadata/containers/protocol/grpc_channel.ts";

const PROTO = `
syntax = "proto3";
package runtime.v1;
message Nothing {}
message Id { string id = 1; }
message RunPodSandboxRequest { PodSandboxConfig config = 1; }
message PodSandboxConfig {
  PodSandboxMetadata metadata = 1; string hostname = 2; string log_directory = 3;
  map<string, string> labels = 6; map<string, string> annotations = 7; LinuxPodSandboxConfig linux = 8;
}
message PodSandboxMetadata { string name = 1; string uid = 2; string namespace = 3; uint32 attempt = 4; }
message LinuxPodSandboxConfig { string cgroup_parent = 1; LinuxSandboxSecurityContext security_context = 2; }
message LinuxSandboxSecurityContext { NamespaceOption namespace_options = 1; }
message NamespaceOption { int32 network = 1; int32 pid = 2; int32 ipc = 3; }
message CreateContainerRequest { string pod_sandbox_id = 1; ContainerConfig config = 2; PodSandboxConfig sandbox_config = 3; }
message ContainerConfig {
  ContainerMetadata metadata = 1; ImageSpec image = 2; repeated string command = 3; repeated Mount mounts = 7;
  map<string, string> labels = 9; LinuxContainerConfig linux = 15;
}
message ContainerMetadata { string name = 1; }
message ImageSpec { string image = 1; }
message Mount { string container_path = 1; string host_path = 2; bool readonly = 3; }
message LinuxContainerConfig { LinuxContainerSecurityContext security_context = 2; }
message LinuxContainerSecurityContext { bool privileged = 2; NamespaceOption namespace_options = 3; }
message StopContainerRequest { string container_id = 1; int64 timeout = 2; }
`;
const NODE = 2;

export interface PodNames {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface ContainerWish {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly mounts?: readonly { container_path: string; host_path: string; readonly?: boolean }[];
}

export class CriClient {
  readonly #channel: GrpcChannel;

  constructor(socketPath: string) {
    this.#channel = new GrpcChannel(socketPath, PROTO, ROOT_LIMITS);
  }

  /** @returns the id of its sandbox */
  async runPod(pod: PodNames): Promise<string> {
    return await this.#id("RunPodSandbox", "RunPodSandboxRequest", { config: configOf(pod) });
  }

  /** @returns the id of a container that has been created but not started */
  async createContainer(sandbox: string, pod: PodNames, wish: ContainerWish): Promise<string> {
    const { name, image, command, labels = {}, mounts = [] } = wish;
    return await this.#id("CreateContainer", "CreateContainerRequest", {
      pod_sandbox_id: sandbox,
      config: {
        metadata: { name },
        image: { image },
        command,
        labels,
        mounts,
        linux: { security_context: { namespace_options: { network: NODE } } },
      },
      sandbox_config: configOf(pod),
    });
  }

  async start(container: string): Promise<void> {
    await this.#call("StartContainer", "Id", "Nothing", { id: container });
  }

  async remove(container: string): Promise<void> {
    await this.#call("StopContainer", "StopContainerRequest", "Nothing", {
      container_id: container,
      timeout: 0,
    });
    await this.#call("RemoveContainer", "Id", "Nothing", { id: container });
  }

  async removePod(sandbox: string): Promise<void> {
    await this.#call("StopPodSandbox", "Id", "Nothing", { id: sandbox });
    await this.#call("RemovePodSandbox", "Id", "Nothing", { id: sandbox });
  }

  close(): void {
    this.#channel.close();
  }

  async #id(method: string, request: string, message: object): Promise<string> {
    return (await this.#call(method, request, "Id", message) as { id: string }).id;
  }

  #call(method: string, request: string, response: string, message: object): Promise<unknown> {
    const call = { service: "runtime.v1.RuntimeService", method, request, response };
    return this.#channel.call(call, message, AbortSignal.timeout(20_000));
  }
}

function configOf({ name, namespace, uid, labels = {} }: PodNames) {
  return {
    metadata: { name, namespace, uid, attempt: 0 },
    // a pod on the host's network has its name too
    hostname: "",
    log_directory: "",
    labels,
    linux: { security_context: { namespace_options: { network: NODE } } },
  };
}
