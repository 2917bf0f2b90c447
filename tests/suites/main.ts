// `deno task suites FOLDER [--rules FILE]…`: plays the suites of Falco's event generator while falco watches.
// In: a folder of suites. Out: a line for each test, then `N passed, N failed`; exit code 1 when an alert is missing.
// Elsewhere: reading suites (suite.ts), playing a case (play.ts).

import { FalcoProcess, type SeenAlert } from "../live/falco_process.ts";
import { Lab, must, run } from "../live/lab.ts";
import { play, type Stage } from "./play.ts";
import { type Case, readSuite } from "./suite.ts";
import { PROJECT } from "../support/program.ts";

/** Cases wait in part for seconds: so many are played side by side. */
const SIDE_BY_SIDE = 8;
const ALERT_LIMIT_MS = 60_000;

async function main(args: readonly string[]): Promise<number> {
  const [folder, ...rest] = args;
  if (folder === undefined) {
    console.error("Usage: deno task suites FOLDER [--rules FILE]…");
    return 2;
  }
  const rules = rest.filter((word) => word !== "--rules");
  const cases = suitesOf(folder);
  const lab = await Lab.open();
  const users = new Users(cases.flatMap(({ processes }) => processes.flatMap(({ user }) => user ?? [])));
  const missing: Case[] = [];
  try {
    await users.add();
    const stage = await stageOf(lab, users);
    const enabled = [...new Set(cases.map(({ rule }) => rule))].map((rule) => `{enable: {rule: "${rule}"}}`);
    const falco = await FalcoProcess.start([
      ...rules.flatMap((file) => ["-r", file]),
      ...["-o", `rules=[${enabled.join(", ")}]`, "-o", "rule_matching=all", "-o", "priority=debug"],
    ]);
    try {
      await playAll(cases, stage);
      missing.push(...await withoutAlert(cases, falco));
    } finally {
      await falco.stop();
    }
  } finally {
    await users.remove();
    await lab.close();
  }
  return report(cases, missing);
}

function suitesOf(folder: string): Case[] {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => /\.ya?ml$/.test(name));
  return names.sort().flatMap((name) => readSuite(Deno.readTextFileSync(`${folder}/${name}`)));
}

async function stageOf(lab: Lab, users: Users): Promise<Stage> {
  const actor = `${lab.folder}/actor`;
  await must("cc", "-O1", "-static", "-o", actor, `${PROJECT}tests/suites/actor.c`);
  // podman's own /dev/shm runs no programs
  const memory = ["--tmpfs", "/dev/shm:rw,exec,mode=1777"];
  const container = await lab.container("--privileged", ...memory, "-v", `${actor}:/bin/actor`);
  const passwd = users.names.map((name) => `${name}:x:${users.uidOf(name)}:${users.uidOf(name)}::/:/bin/sh`);
  const line = ["mkdir -p /root", ...passwd.map((text) => `echo '${text}' >>/etc/passwd`)].join("; ");
  await must("podman", "--runtime", "runc", "--cgroup-manager=cgroupfs", "exec", container, "sh", "-c", line);
  return {
    actor,
    folder: lab.folder,
    uidOf: (name) => users.uidOf(name),
    inContainer: async (environment, ...command) => {
      const { code, text } = await lab.inContainer(
        container,
        environment.flatMap((variable) => ["-e", variable]),
        ...command,
      );
      if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}: ${text}`);
    },
  };
}

async function playAll(cases: readonly Case[], stage: Stage): Promise<void> {
  // cases that make or remove the same file come one after the other
  const queue = [...cases.entries()];
  const lanes = new Map<string, (readonly [number, Case])[]>();
  for (const entry of queue) {
    const [number, { calls, processes, files }] = entry;
    const paths = [...files.map(({ path }) => path), ...processes.flatMap(({ exe }) => exe ?? [])];
    const lane = paths.length > 0 || calls.length > 0 ? "files" : String(number % SIDE_BY_SIDE);
    const isSlow = cases[number]!.before?.startsWith("sleep") === true;
    const key = isSlow ? `slow ${number % SIDE_BY_SIDE}` : lane;
    lanes.set(key, [...lanes.get(key) ?? [], entry]);
  }
  const ends = await Promise.allSettled([...lanes.values()].map(async (lane) => {
    for (const [number, played] of lane) await play(played, stage, number);
  }));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

/** Each alert stands for one case: cases of equal fields need as many alerts. */
async function withoutAlert(cases: readonly Case[], falco: FalcoProcess): Promise<Case[]> {
  const endMs = performance.now() + ALERT_LIMIT_MS;
  for (let seen = -1;;) {
    const left = new Set(falco.alerts);
    const missing = cases.filter((played) => {
      const alert = [...left].find((alert) => fits(played, alert));
      return alert === undefined || !left.delete(alert);
    });
    // done, or nothing has come for a while after the last case
    if (missing.length === 0 || performance.now() > endMs) return missing;
    if (
      falco.alerts.length === seen && missing.length < 5 && performance.now() > endMs - ALERT_LIMIT_MS / 2
    ) return missing;
    seen = falco.alerts.length;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function fits({ rule, expected, inContainer }: Case, alert: SeenAlert): boolean {
  const fields = alert.output_fields;
  return alert.rule === rule && alert.priority.toLowerCase() === expected.priority &&
    (fields["container.id"] === undefined || (fields["container.id"] !== "host") === inContainer) &&
    Object.entries(expected.fields).every(([key, value]) =>
      fields[key] === undefined || String(fields[key]) === value
    );
}

function report(cases: readonly Case[], missing: readonly Case[]): number {
  const tests = [...new Set(cases.map(({ test }) => test))];
  for (const test of tests) {
    const all = cases.filter((played) => played.test === test);
    const without = missing.filter((played) => played.test === test);
    console.log(
      `${without.length === 0 ? "ok    " : "FAILED"} ${test}: ${
        all.length - without.length
      } of ${all.length} alerts`,
    );
    for (const { rule, processes, expected } of without.slice(0, 3)) {
      const names = processes.map(({ name, args }) => [name, ...args].join(" ")).join(" > ");
      console.log(`       no alert of "${rule}": ${names} ${JSON.stringify(expected.fields)}`);
    }
  }
  const failed = tests.filter((test) => missing.some((played) => played.test === test)).length;
  console.log(
    `${tests.length - failed} passed, ${failed} failed (${
      cases.length - missing.length
    } of ${cases.length} cases)`,
  );
  return failed > 0 ? 1 : 0;
}

/** Users of the host that suites name; those that are not there are made for the run. */
class Users {
  readonly names: readonly string[];
  #made: string[] = [];
  readonly #uids = new Map<string, number>();

  constructor(names: readonly string[]) {
    this.names = [...new Set(names)].filter((name) => name !== "root");
  }

  async add(): Promise<void> {
    for (const name of this.names) {
      if ((await run("id", "-u", name)).code !== 0) {
        await must("useradd", "--system", "--no-create-home", "--no-user-group", name);
        this.#made.push(name);
      }
      this.#uids.set(name, Number((await must("id", "-u", name)).trim()));
    }
  }

  async remove(): Promise<void> {
    for (const name of this.#made) await must("userdel", name);
  }

  uidOf(name: string): number {
    return name === "root" ? 0 : this.#uids.get(name) ?? 65534;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
