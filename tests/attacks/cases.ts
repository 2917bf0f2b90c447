// The list of attacks: the default exports of tests/attacks/cases/, by the names of their files.

import type { Attack } from "./attack.ts";

const FOLDER = new URL("cases/", import.meta.url);

export interface NamedAttack extends Attack {
  readonly name: string;
}

/** In the order of their names. */
export async function loadAttacks(): Promise<NamedAttack[]> {
  const files = [...Deno.readDirSync(FOLDER)]
    .map(({ name }) => name)
    .filter((name) => name.endsWith(".ts"))
    .sort();
  return await Promise.all(files.map(async (file) => {
    const { default: attack } = await import(new URL(file, FOLDER).href) as { default: Attack };
    return {
      name: file.slice(0, -".ts".length),
      aim: attack.aim,
      tries: attack.tries,
      isQuick: attack.isQuick,
      refusal: () => attack.refusal?.() ?? Promise.resolve(null),
      run: (target) => attack.run(target),
    };
  }));
}
