// Where the cluster's pods pull images from: two registries on the node, without certificates, of which the second one wants a
// name and a password.
// In: the place. Out: their settings, and containerd's word that they are spoken to in plain HTTP.

import { stringify } from "yaml";
import { GUARDED_REGISTRY, type Place, PULLER, REGISTRY } from "./place.ts";

/** bcrypt of the password that place.ts tells everybody */
const HASH = "$2y$04$jm0S9LJWb3tikA.icwzycOF9adi51Jp1iLo3E7/w.q8LEuDIW3O5W";

export async function writeRegistries({ state }: Place): Promise<void> {
  const folder = `${state}/registries`;
  for (const [name, address] of [["registry", REGISTRY], ["guarded-registry", GUARDED_REGISTRY]] as const) {
    await Deno.mkdir(`${folder}/${address}`, { recursive: true });
    await Deno.writeTextFile(
      `${folder}/${address}/hosts.toml`,
      `server = "http://${address}"\n[host."http://${address}"]\n  capabilities = ["pull", "resolve"]\n`,
    );
    const users = `${folder}/users`;
    await Deno.writeTextFile(users, `${PULLER.user}:${HASH}\n`);
    await Deno.writeTextFile(
      `${folder}/${name}.yaml`,
      stringify({
        version: 0.1,
        log: { level: "warn" },
        storage: { filesystem: { rootdirectory: `${folder}/${name}` } },
        http: { addr: address },
        ...name === "registry" ? {} : { auth: { htpasswd: { realm: "images", path: users } } },
      }),
    );
  }
}
