// Whether container engines can be asked, and whether anybody could name the containers that run here.
// In: settings, HOST_ROOT. Out: one finding.
// Elsewhere: asking (metadata/containers/), what a running monitor says of it (service/containers/containers.ts).

import {
  ContainerDirectory,
  type ContainerSettings,
  type EngineStanding,
  listEngines,
} from "../metadata/containers/mod.ts";
import { cgroupsOf, processIds } from "../ffi/mod.ts";
import { containerInCgroupFile } from "../schema/mod.ts";
import { type Finding, ok, warning } from "./finding.ts";

const SUBJECT = "container engines";
const REMEDY = "Mount the folder of the engine's socket below HOST_ROOT, or name the socket in " +
  "plugins[container].init_config.engines.ENGINE.sockets";

export async function checkEngines(hostRoot: string, settings: ContainerSettings): Promise<Finding> {
  const directory = new ContainerDirectory({
    settings,
    engines: () => listEngines(settings, hostRoot),
    onRecord: () => {},
    log: () => {},
  });
  try {
    await directory.start();
    return engineFinding(directory.standings(), hasContainers(hostRoot));
  } finally {
    directory.close();
  }
}

export function engineFinding(standings: readonly EngineStanding[], areContainers: boolean): Finding {
  const up = standings.filter(({ problem }) => problem === undefined);
  const isUp = (engine: string) => up.some((one) => one.engine === engine);
  const down = standings.filter(({ engine, isConfigured, problem }) =>
    problem !== undefined && (isConfigured ? !isUp(engine) : up.length === 0)
  );
  const answer = up.map(({ engine, path }) => `${engine} at ${path}`).join(", ");
  const looked = down.map(({ engine, path, problem }) => `${engine} at ${path}: ${problem}`).join("; ");
  if (down.some(({ isConfigured }) => isConfigured)) {
    return warning(
      SUBJECT,
      `${answer === "" ? "none answers" : `${answer} answer`}; looked for ${looked}`,
      REMEDY,
    );
  }
  if (up.length > 0) return ok(SUBJECT, answer);
  if (!areContainers) {
    return ok(
      SUBJECT,
      standings.length === 0
        ? "all are switched off by the settings"
        : "none answers, and no containers run here",
    );
  }
  if (standings.length === 0) {
    return warning(
      SUBJECT,
      "containers run here, and the settings switch all engines off: they are known by their ids alone",
    );
  }
  return warning(
    SUBJECT,
    `containers run here, and none answers: they are known by their ids alone; looked for ${looked}`,
    REMEDY,
  );
}

/** Processes in a cgroup that looks like a container's. */
function hasContainers(hostRoot: string): boolean {
  return processIds(hostRoot).some((pid) => containerInCgroupFile(cgroupsOf(hostRoot, pid)) !== undefined);
}
