// `deno task cluster proof`: the operator's proof against an API server of a version, with nobody else who acts on its objects.
// In: the place; the examples of Falco's operator, and that operator's program (tests/operator/live/main.ts). Out: its exit code.
// Elsewhere: the operator in a cluster with nodes (tests/cluster/cases/operator.ts).

import { PROJECT } from "../../tests/support/program.ts";
import { down } from "./down.ts";
import { insideOf, mustInside } from "./host.ts";
import { MARK, NODE, type Place } from "./place.ts";
import { up } from "./up.ts";

const ADMIN = "proof";

export async function proveOperator(
  place: Place,
  files: readonly string[],
  say: (line: string) => void,
): Promise<number> {
  const paths = await Promise.all(files.map((path) => Deno.realPath(path)));
  await up(place, { isApiAlone: true, say });
  try {
    const kubectl = (...args: string[]) => mustInside(place, "kubectl", "-n", "kube-system", ...args);
    await kubectl("create", "serviceaccount", ADMIN);
    const subject = `--serviceaccount=kube-system:${ADMIN}`;
    await kubectl("create", "clusterrolebinding", ADMIN, "--clusterrole=cluster-admin", subject);
    const token = `${place.state}/pki/${ADMIN}.token`;
    await Deno.writeTextFile(token, (await kubectl("create", "token", ADMIN)).trim());
    const [program, ...more] = insideOf(place, PROJECT);
    const proof = [
      `${PROJECT}tests/operator/live/main.ts`,
      `https://${NODE.ip}:6443`,
      token,
      `${place.state}/pki/ca.crt`,
    ];
    const child = new Deno.Command(program!, {
      args: [...more, Deno.execPath(), "run", "-A", ...proof, ...paths],
      env: { [MARK]: place.name },
    }).spawn();
    return (await child.status).code;
  } finally {
    await down(place);
  }
}
