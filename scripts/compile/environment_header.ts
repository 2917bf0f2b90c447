// Build step of the executable: the lists of assets/environment.ts for the launcher, as a C header.
// In: the lists. Out: the header's text.

import {
  GIVEN_PREFIX,
  PASSED,
  PASSED_PREFIX,
  RUNTIME_VARIABLES,
  WITHHELD,
} from "../../assets/environment.ts";

export function environmentHeader(): string {
  const set = Object.entries(RUNTIME_VARIABLES).map(([name, value]) => `${name}=${value}`);
  return [
    "// made of assets/environment.ts by scripts/compile/environment_header.ts",
    `#define PASSED_PREFIX ${JSON.stringify(PASSED_PREFIX)}`,
    `#define GIVEN_PREFIX ${JSON.stringify(GIVEN_PREFIX)}`,
    list("PASSED", PASSED),
    list("WITHHELD", WITHHELD),
    list("RUNTIME_VARIABLES", set),
    "",
  ].join("\n");
}

function list(name: string, words: readonly string[]): string {
  return `static const char *const ${name}[] = { ${words.map((word) => JSON.stringify(word)).join(", ")} };`;
}
