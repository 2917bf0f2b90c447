// What containers cost: a thousand that are known, ten that start a second, and five hundred in a minute that come and go.
// An engine of our own on a unix socket has the thousand; a start is a process in a cgroup that Docker would have made.
// In: nothing. Out: CPU time and memory of falco, with and without the engine, in one run.

import { fakeContainer, FakeDocker } from "../tests/metadata/containers/fake_docker.ts";
import { FalcoProcess, liveRefusal } from "../tests/live/falco_process.ts";
import type { Bench, Figure } from "./figure.ts";

const KNOWN = 1000;
const STARTS_PER_SECOND = 10;
const STEADY_SECONDS = 15;
const CHURN = 500;
const CHURN_SECONDS = 60;
const SETTLING_SECONDS = 22;
const RULE = `
- rule: program in a container
  desc: every start
  condition: evt.type = execve and evt.rawres = 0 and container.id != host and container.name startswith web-
  output: "%container.id %container.name %container.image.repository"
  priority: INFO
`;
const TICKS_PER_SECOND = 100;

interface Usage {
  readonly cpuSeconds: number;
  readonly rssMb: number;
}

async function run(): Promise<readonly Figure[]> {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(`${folder}/rules.yaml`, RULE);
  const docker = await new FakeDocker(`${folder}/docker.sock`).start();
  for (let i = 0; i < KNOWN; i++) add(docker, i);
  try {
    const without = await steady(folder, docker, false);
    const known = await steady(folder, docker, true);
    const churned = await churn(folder, docker);
    return [
      figure(
        "CPU, 1000 containers known, 10 starts a second",
        known.cpuPercent,
        "% of a CPU",
        without.cpuPercent,
      ),
      figure("memory, the same", known.rssMb, "MB", without.rssMb),
      { name: "starts with name and image in their alert", value: known.named, unit: "%" },
      ...churned,
    ];
  } finally {
    await docker.stop();
    await Deno.remove(`${await cgroupRoot()}/docker`).catch(() => {});
    await Deno.remove(folder, { recursive: true });
  }
}

const figure = (name: string, value: number, unit: string, against: number): Figure => ({
  name,
  value,
  unit,
  against: { name: "without engines", value: against },
});

function add(docker: FakeDocker, number: number): string {
  const container = fakeContainer(number);
  docker.containers.set(container.Id, container);
  return container.Id;
}

async function start(folder: string, withEngine: boolean): Promise<FalcoProcess> {
  const engines = ["podman", "cri", "containerd"].flatMap((engine) => [
    "-o",
    `container_engines.${engine}.enabled=false`,
  ]);
  const docker = withEngine
    ? ["-o", `container_engines.docker.sockets[]=${folder}/docker.sock`]
    : ["-o", "container_engines.docker.enabled=false"];
  return await FalcoProcess.start(["-v", "-r", `${folder}/rules.yaml`, ...engines, ...docker]);
}

/** Containers that start one after the other, each announced as Docker does. */
async function steady(folder: string, docker: FakeDocker, withEngine: boolean) {
  const falco = await start(folder, withEngine);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const before = await usage(falco.pid);
  const starts = STARTS_PER_SECOND * STEADY_SECONDS;
  await paced(starts, STEADY_SECONDS, (i) => live(docker, KNOWN + i));
  const after = await usage(falco.pid);
  await falco.stop();
  return {
    cpuPercent: (after.cpuSeconds - before.cpuSeconds) / STEADY_SECONDS * 100,
    rssMb: after.rssMb,
    named: new Set(falco.alerts.map(({ output_fields }) => output_fields["container.id"])).size / starts *
      100,
  };
}

/** Ids come again, some lie in others, some share the host's pids: what falco keeps must not grow. */
async function churn(folder: string, docker: FakeDocker): Promise<readonly Figure[]> {
  const falco = await start(folder, true);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const before = await usage(falco.pid);
  await paced(CHURN, CHURN_SECONDS, (i) => live(docker, KNOWN + (i % 10 === 9 ? i - 9 : i), i % 10 === 4));
  // what has gone is kept for some seconds
  await new Promise((resolve) => setTimeout(resolve, SETTLING_SECONDS * 1000));
  const after = await usage(falco.pid);
  await falco.stop();
  const counter = (name: string) =>
    Number(
      falco.log.map((line) => new RegExp(`^.*  ${name} (\\d+)$`).exec(line)?.[1]).find((n) =>
        n !== undefined
      ),
    );
  const named = falco.alerts.filter(({ output_fields }) =>
    output_fields["container.image.repository"] !== ""
  );
  return [
    {
      name: "500 containers in a minute: alerts that name them",
      value: named.length / CHURN * 100,
      unit: "%",
    },
    {
      name: "CPU, the same",
      value: (after.cpuSeconds - before.cpuSeconds) / (CHURN_SECONDS + SETTLING_SECONDS) * 100,
      unit: "% of a CPU",
    },
    { name: "containers left in the matcher", value: counter("containers"), unit: "of 1000" },
    { name: "containers left with the engines", value: counter("containers.known"), unit: "of 1000" },
    { name: "waits that reached their bound", value: counter("containers_late"), unit: "waits" },
    {
      name: "mean wait of a container that was awaited",
      value: counter("containers_wait_ns") / 1e6 / Math.max(1, counter("containers_awaited")),
      unit: "ms",
    },
    { name: "memory, growth over that minute", value: after.rssMb - before.rssMb, unit: "MB" },
  ];
}

async function paced(times: number, seconds: number, step: (i: number) => Promise<void>): Promise<void> {
  const startedMs = performance.now();
  const running: Promise<void>[] = [];
  for (let i = 0; i < times; i++) {
    const waitMs = startedMs + i * seconds * 1000 / times - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    running.push(step(i));
  }
  await Promise.all(running);
}

/** The whole life of a container: created, one program in it, gone. */
async function live(docker: FakeDocker, number: number, isNested = false): Promise<void> {
  const id = add(docker, number);
  docker.emit("create", id, { name: `web-${number}`, image: "shop/web:1.0" });
  const outer = isNested ? `docker/${"e".repeat(64)}` : "docker";
  const cgroup = `${await cgroupRoot()}/${outer}/${id}`;
  await Deno.mkdir(cgroup, { recursive: true });
  await new Deno.Command("/bin/sh", { args: ["-c", `echo $$ > ${cgroup}/cgroup.procs; exec /bin/true`] })
    .output();
  docker.containers.delete(id);
  docker.emit("destroy", id);
  for (const path of [cgroup, ...isNested ? [`${await cgroupRoot()}/${outer}`] : []]) {
    await Deno.remove(path).catch(() => {});
  }
}

let root: Promise<string> | undefined;

/** The hierarchy of CPUs, or the only one. */
function cgroupRoot(): Promise<string> {
  return root ??= Deno.stat("/sys/fs/cgroup/cpu/cgroup.procs").then(
    () => "/sys/fs/cgroup/cpu",
    () => "/sys/fs/cgroup",
  );
}

async function usage(pid: number): Promise<Usage> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    rssMb: Number(/VmRSS:\s*(\d+)/.exec(status)?.[1] ?? "0") / 1024,
  };
}

const refusal = await liveRefusal();

export const CONTAINERS: Bench = { name: "containers", refusal: () => refusal ?? undefined, run };
