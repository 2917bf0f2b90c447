// What the proofs work with: a folder, a registry that runs, falco from the source tree, programs in PATH, a line for each step.
// In: commands. Out: what they said; how many were not as they should be.

import { fileURLToPath } from "node:url";
import { FALCO } from "../../support/program.ts";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
export const REGISTRY = "localhost:5057";
export const PLACE = `${REGISTRY}/team/own`;
const LAYER = "application/vnd.cncf.falco.rulesfile.layer.v1+tar.gz";
const CONFIG = "application/vnd.cncf.falco.rulesfile.config.v1+json";

export const rule = (field: string) => `
- rule: Own rule
  desc: a proof
  condition: evt.type = openat and ${field} = /etc/shadow
  output: opened %fd.name
  priority: WARNING
`;

export interface Said {
  readonly code: number;
  readonly text: string;
}

export const folder = await Deno.makeTempDir();
let failures = 0;

export function failedSteps(): number {
  return failures;
}

export async function run(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Said> {
  const command = new Deno.Command(program, {
    args: [...args],
    cwd: folder,
    env: { COSIGN_PASSWORD: "", DOCKER_CONFIG: folder, NO_COLOR: "1", ...env },
    stdin: "null",
  });
  const { code, stdout, stderr } = await command.output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, text: decode(stdout) + decode(stderr) };
}

export const falco = (...args: string[]) => {
  const [program, ...more] = FALCO;
  return run(program, [...more, "artifact", ...args, "-o", `artifacts.folder=${folder}/artifacts`]);
};

export function step(name: string, { code, text }: Said, expected: number, pattern: RegExp): void {
  const isGood = code === expected && pattern.test(text);
  if (!isGood) failures++;
  const line = text.trim().split("\n").at(-1) ?? "";
  console.log(`${isGood ? "ok  " : "FAIL"} ${name}: ${line.slice(0, 160)}`);
  if (!isGood) console.log(`     code ${code}, expected ${expected} and ${pattern}\n${text}`);
}

export async function must(program: string, ...args: string[]): Promise<string> {
  const { code, text } = await run(program, args);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} failed:\n${text}`);
  return text;
}

/** @returns the digest */
export async function push(tag: string, version: string, text: string): Promise<string> {
  await Deno.writeTextFile(`${folder}/own_rules.yaml`, text);
  const requirements = [{ name: "engine_version_semver", version: "0.50.0" }];
  await Deno.writeTextFile(`${folder}/config.json`, JSON.stringify({ name: "own", version, requirements }));
  await must("tar", "czf", "own.tar.gz", "own_rules.yaml");
  const said = await must(
    ...[
      "oras",
      "push",
      "--plain-http",
      `${PLACE}:${tag}`,
      "--config",
      `config.json:${CONFIG}`,
      `own.tar.gz:${LAYER}`,
    ] as const,
  );
  return /Digest: (sha256:[0-9a-f]{64})/.exec(said)![1]!;
}

/** @returns those that are not in PATH */
export async function missingOf(programs: Readonly<Record<string, string>>): Promise<string[]> {
  const found = await Promise.all(
    Object.keys(programs).map(async (name) =>
      (await run("sh", ["-c", `command -v ${name}`])).code === 0 ? [] : [name]
    ),
  );
  return found.flat();
}
