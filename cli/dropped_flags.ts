// Flags that Falco once had and has dropped, with what to say instead: units and manifests of old still name them.
// In: a flag that does not exist. Out: a hint, or nothing. Elsewhere: dropped settings (config/dropped.ts).

const TAGS = 'say -o \'rules[]={"disable":{"rule":"*"}}\' and -o \'rules[]={"enable":{"tag":"TAG"}}\'';
const KUBERNETES = "pods come from the container runtime, all else from the settings metadata.kubernetes";
const GVISOR = "Falco has dropped gVisor, and nothing replaces it";

const DROPPED: Readonly<Record<string, string>> = {
  "-A": "say -o base_syscalls.all=true",
  "--all": "say -o base_syscalls.all=true",
  "-b": "say -o buffer_format_base64=true",
  "--print-base64": "say -o buffer_format_base64=true",
  "-d": "run it as a service",
  "--daemon": "run it as a service",
  "-D": 'say -o \'rules[]={"disable":{"rule":"*NAME*"}}\'',
  "-e": "say falco replay FILE, or -o engine.kind=replay -o engine.replay.capture_file=FILE",
  "-S": "say -o falco_libs.snaplen=BYTES",
  "--snaplen": "say -o falco_libs.snaplen=BYTES",
  "-s": "say -o metrics.enabled=true -o metrics.output_file=FILE",
  "--stats-interval": "say -o metrics.interval=TIME",
  "-t": TAGS,
  "-T": 'say -o \'rules[]={"disable":{"tag":"TAG"}}\'',
  "-u": "there is no driver in user space: this host is watched by eBPF",
  "--userspace": "there is no driver in user space: this host is watched by eBPF",
  "-k": KUBERNETES,
  "-K": KUBERNETES,
  "--k8s-api": KUBERNETES,
  "--k8s-api-cert": KUBERNETES,
  "--k8s-node": KUBERNETES,
  "-m": "Falco has dropped Mesos, and nothing replaces it",
  "--mesos-api": "Falco has dropped Mesos, and nothing replaces it",
  "-g": GVISOR,
  "--gvisor-config": GVISOR,
  "--gvisor-root": GVISOR,
  "--gvisor-generate-config": GVISOR,
  "--cri": "say engines.cri.sockets in the init_config of the plugin container",
  "--disable-cri-async": "alerts wait for containers as the setting metadata.wait_ms says",
  "--modern-bpf": "leave it out: this host is watched by the modern eBPF probe",
};

/** What commander says of an unknown flag, with what Falco has instead. */
export function withDroppedFlag(message: string): string {
  const flag = /unknown option '([^'=]+)/.exec(message)?.[1] ?? "";
  // -T=x, -Tx: a flag of one letter has its value right after
  const known = [flag, flag.slice(0, 2)].find((name) => Object.hasOwn(DROPPED, name));
  if (known === undefined || (known !== flag && flag.startsWith("--"))) return message;
  return `${message.trimEnd().split("\n")[0]}: Falco has dropped it; ${DROPPED[known]}\n`;
}
