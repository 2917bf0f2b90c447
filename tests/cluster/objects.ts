// Objects of Kubernetes that tests apply.
// In: names and commands. Out: manifests.

import { BUSYBOX } from "../../scripts/cluster/images.ts";

export interface PodWish {
  readonly name: string;
  readonly namespace?: string;
  readonly image?: string;
  readonly command?: readonly string[];
  /** of an init container; none: there is none */
  readonly init?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly restartPolicy?: "Always" | "Never";
  /** with which its image is pulled */
  readonly pullSecret?: string;
}

export function pod(wish: PodWish): object {
  const { name, namespace = "default", labels = {} } = wish;
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace, labels }, spec: podSpec(wish) };
}

export function job(wish: PodWish, completions: number, parallelism: number): object {
  const { name, namespace = "default", labels = {} } = wish;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace },
    spec: { completions, parallelism, template: { metadata: { labels }, spec: podSpec(wish) } },
  };
}

export function deployment(wish: PodWish, replicas: number): object {
  const { name, namespace = "default" } = wish;
  const labels = { app: name, ...wish.labels };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels }, spec: podSpec({ restartPolicy: "Always", ...wish }) },
    },
  };
}

export function configMap(name: string, namespace: string, data: Readonly<Record<string, string>>): object {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

function podSpec(
  { image = BUSYBOX, command = ["sleep", "100000"], init, restartPolicy = "Never", pullSecret }: PodWish,
): object {
  const container = (name: string, command: readonly string[]) => ({
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    command,
    // no limits of the machine's default, and an end without a wait
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  });
  return {
    restartPolicy,
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
    ...pullSecret === undefined ? {} : { imagePullSecrets: [{ name: pullSecret }] },
    ...init === undefined ? {} : { initContainers: [container("first", init)] },
    containers: [container("main", command)],
  };
}

/** Tells each program that starts in a container, with all that is known of it. */
/** A rule about a program, wherever it is started. */
export const ruleAbout = (program: string, name: string) => `
- rule: ${name}
  desc: a program that a case names
  condition: evt.type in (execve, execveat) and proc.cmdline contains ${program}
  output: own rule (line=%proc.cmdline)
  priority: NOTICE
`;

export const PROGRAM_RULE = "Program in a container";
export const PROGRAM_RULES = `
- rule: ${PROGRAM_RULE}
  desc: every program that starts in a container
  condition: evt.type in (execve, execveat) and container.id != host
  output: >
    program (exe=%proc.exepath name=%container.name repository=%container.image.repository tag=%container.image.tag
    digest=%container.image.digest pod=%k8s.pod.name namespace=%k8s.ns.name uid=%k8s.pod.uid labels=%k8s.pod.labels
    process=%proc.name line=%proc.cmdline meta=%k8smeta.pod.name meta_ns=%k8smeta.ns.name
    meta_ns_labels=%k8smeta.ns.labels deployment=%k8smeta.deployment.name)
  priority: NOTICE
`;
