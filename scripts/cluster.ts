// A cluster of real parts on this machine: etcd, API server, controllers, scheduler, kubelet, kube-proxy, containerd.
// In: up | down | exec COMMAND… | load ARCHIVE… | restart PART [SECONDS] | build | test [NAME…] | proof, with --name, --version and
// --home in front. Out: what is asked for; exit code 1 when it failed. Needs root, and Go for the first time. Not part of CI.
// Elsewhere: the steps (scripts/cluster/), the tests (tests/cluster/).

import { parseArgs } from "node:util";
import { messageOf } from "../base/mod.ts";
import { down } from "./cluster/down.ts";
import { exists } from "./compile/stamps.ts";
import { insideOf } from "./cluster/host.ts";
import { type Part, PARTS } from "./cluster/parts.ts";
import { type KubernetesVersion, Place, USUAL_NAME, USUAL_VERSION, VERSIONS } from "./cluster/place.ts";
import { restartPart } from "./cluster/processes.ts";
import { buildPrograms } from "./cluster/programs.ts";
import { auditFiles, auditFlags } from "../tests/cluster/audit_settings.ts";
import { proveOperator } from "./cluster/proof.ts";
import { testCluster } from "./cluster/test.ts";
import { loadImage, up } from "./cluster/up.ts";

const USAGE = `deno task cluster [--name NAME] [--version VERSION] [--home FOLDER] COMMAND
  up [audit] [-- FLAG…]    starts it; audit: its audit events go where the test looks for them; flags are the API server's
  down                     ends it and removes all that is left of it
  exec COMMAND…            in its network, with kubectl, helm, ctr and KUBECONFIG at hand
  load ARCHIVE…            images for its pods
  restart PART [SECONDS]   kills a part (${PARTS.join(", ")}), starts it again so much later (5)
  build                    only the programs
  test [NAME…]             starts it, runs tests/cluster, ends it
  proof [EXAMPLES [OPERATOR]]
                           starts etcd and the API server alone, runs the operator's proof against them, ends them
Versions: ${Object.keys(VERSIONS).join(", ")} (${USUAL_VERSION}); name: ${USUAL_NAME}
`;

const say = (line: string) => console.error(line);

async function main(args: readonly string[]): Promise<number> {
  const at = args.findIndex((arg, index) =>
    !arg.startsWith("-") && !/^--(name|version|home)$/.test(args[index - 1] ?? "")
  );
  const { values } = parseArgs({
    args: args.slice(0, at < 0 ? args.length : at),
    options: { name: { type: "string" }, version: { type: "string" }, home: { type: "string" } },
  });
  const [command, ...rest] = at < 0 ? [] : args.slice(at);
  const place = new Place(values.name, values.version as KubernetesVersion | undefined, values.home);
  switch (command) {
    case "up": {
      endOnInterrupt(place);
      const isAudited = rest[0] === "audit";
      const flags = rest.slice(isAudited ? 1 : 0).filter((word) => word !== "--");
      await up(place, {
        apiserverFlags: isAudited ? [...auditFlags(place), ...flags] : flags,
        ...isAudited ? { files: auditFiles() } : {},
        say,
      });
      return 0;
    }
    case "down":
      await down(place);
      return 0;
    case "exec": {
      const [program, ...more] = [...insideOf(place, Deno.cwd()), ...rest];
      const child = new Deno.Command(program!, { args: more, env: place.environment }).spawn();
      return (await child.status).code;
    }
    case "load":
      for (const archive of rest) await loadImage(place, await Deno.realPath(archive));
      return 0;
    case "restart": {
      const [part, seconds = "5"] = rest;
      if (!PARTS.includes(part as Part)) throw new Error(`restart ${part ?? ""}: one of ${PARTS.join(", ")}`);
      await restartPart(place, part as Part, Number(seconds) * 1000);
      return 0;
    }
    case "build":
      await buildPrograms(place, say);
      return 0;
    case "test":
      endOnInterrupt(place);
      return await testCluster(place, rest, say);
    case "proof":
      endOnInterrupt(place);
      return await proveOperator(place, rest, say);
    default:
      console.error(USAGE);
      return 2;
  }
}

/** Nothing is left of what this command has started, when somebody loses patience. */
function endOnInterrupt(place: Place): void {
  if (exists(place.state)) return;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, async () => {
      say(`${name}: ${place.name} is ended`);
      await down(place);
      Deno.exit(130);
    });
  }
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(`cluster: ${messageOf(error)}`);
    Deno.exit(1);
  }
}
