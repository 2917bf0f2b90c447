// The upstream rules files as test data: they lie outside the project and may be missing.

import type { Source } from "../../rules/span.ts";
import { makeSource } from "../../rules/source.ts";

const FOLDER = new URL("../../../shared/falco/rules/", import.meta.url);

function isThere(): boolean {
  try {
    Deno.statSync(FOLDER);
    return true;
  } catch {
    console.warn("tests over the upstream rules are skipped: ../shared/falco/rules is missing");
    return false;
  }
}

export const UPSTREAM = isThere();

export function upstreamSource(name: string): Source {
  return makeSource(`${name}.yaml`, Deno.readTextFileSync(new URL(`${name}.yaml`, FOLDER)));
}
