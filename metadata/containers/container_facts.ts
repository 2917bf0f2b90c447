// What is known of one container, in the words of Falco's JSON of an event `container`.
// Types and numbers only. Elsewhere: who finds the facts out (engines/), their JSON (record_json.ts), who reads it (the
// matcher, or any reader of a recording).

export interface Mount {
  readonly Source: string;
  readonly Destination: string;
  readonly Mode: string;
  readonly RW: boolean;
  readonly Propagation: string;
}

export interface PortMapping {
  /** IPv4 address as a number, its first byte the highest */
  readonly HostIp: number;
  readonly HostPort: number;
  readonly ContainerPort: number;
}

export type Labels = Readonly<Record<string, string>>;

/** Key order is that of Falco's records. */
export interface ContainerFacts {
  readonly type: number;
  /** what container.id prints: the first 12 characters of `full_id` */
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly imagedigest: string;
  readonly imageid: string;
  readonly imagerepo: string;
  readonly imagetag: string;
  readonly User: string;
  readonly cni_json: string;
  readonly cpu_period: number;
  readonly cpu_quota: number;
  readonly cpu_shares: number;
  readonly cpuset_cpu_count: number;
  /** seconds since 1970 */
  readonly created_time: number;
  readonly env: readonly string[];
  readonly full_id: string;
  readonly host_ipc: boolean;
  readonly host_network: boolean;
  readonly host_pid: boolean;
  readonly ip: string;
  readonly is_pod_sandbox: boolean;
  readonly labels: Labels;
  readonly memory_limit: number;
  readonly swap_limit: number;
  readonly pod_sandbox_id: string;
  readonly privileged: boolean;
  readonly pod_sandbox_labels: Labels | null;
  readonly port_mappings: readonly PortMapping[];
  readonly Mounts: readonly Mount[];
  /** bytes written by the container; -1 = not asked for */
  readonly size: number;
}

export const DEFAULT_CPU_PERIOD = 100_000;
export const DEFAULT_CPU_SHARES = 1024;

const SHORT_ID_CHARACTERS = 12;

export function shortId(id: string): string {
  return id.slice(0, SHORT_ID_CHARACTERS);
}

/** Facts of which only some are known. */
export function makeFacts(
  type: number,
  fullId: string,
  known: Partial<Omit<ContainerFacts, "type" | "id" | "full_id">> = {},
): ContainerFacts {
  return {
    type,
    id: shortId(fullId),
    name: "",
    image: "",
    imagedigest: "",
    imageid: "",
    imagerepo: "",
    imagetag: "",
    User: "",
    cni_json: "",
    cpu_period: DEFAULT_CPU_PERIOD,
    cpu_quota: 0,
    cpu_shares: DEFAULT_CPU_SHARES,
    cpuset_cpu_count: 0,
    created_time: 0,
    env: [],
    full_id: fullId,
    host_ipc: false,
    host_network: false,
    host_pid: false,
    ip: "",
    is_pod_sandbox: false,
    labels: {},
    memory_limit: 0,
    swap_limit: 0,
    pod_sandbox_id: "",
    privileged: false,
    pod_sandbox_labels: null,
    port_mappings: [],
    Mounts: [],
    size: -1,
    ...known,
  };
}
