// What `falco --version` prints.

import { COMPATIBLE_FALCO, VERSION } from "../config/version.ts";
import { ENGINE_VERSION } from "../rules/items/requirements.ts";

export function versionText(): string {
  return [
    `falco ${VERSION}`,
    `rules, settings and alerts of Falco ${COMPATIBLE_FALCO} (rule engine ${ENGINE_VERSION.join(".")})`,
    `deno ${Deno.version.deno}, V8 ${Deno.version.v8}, ${Deno.build.target}`,
  ].join("\n");
}
