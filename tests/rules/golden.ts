// Golden files: a case is a YAML file in tests/golden/rules/<stage>/, its expected outcome is next to it as .out.
// `deno test -A tests/rules -- --update` writes the outcomes again; then read the difference.
//
// A case may hold several files, separated by lines `#=== NAME.yaml`, and begin with `#options {JSON}`.

import { makeSource } from "../../rules/text/source.ts";
import type { Source } from "../../rules/text/span.ts";
import type { LoadOptions } from "../../rules/load.ts";
import assert from "node:assert/strict";

const ROOT = new URL("../golden/rules/", import.meta.url);
const UPDATE = Deno.args.includes("--update");

export interface Case {
  readonly sources: readonly Source[];
  readonly options: LoadOptions;
}

export function parseCase(name: string, text: string): Case {
  const options = /^#options (.*)$/m.exec(text);
  const sources: Source[] = [];
  const parts = text.split(/^#=== (.*)\n/m);
  if (parts[0]!.replace(/^#options .*\n/, "").trim() !== "" || parts.length === 1) {
    sources.push(makeSource(`${name}.yaml`, parts[0]!));
  }
  for (let i = 1; i + 1 < parts.length; i += 2) sources.push(makeSource(parts[i]!, parts[i + 1]!));
  return { sources, options: options === null ? {} : JSON.parse(options[1]!) as LoadOptions };
}

/** Every case of a stage is a test. */
export function goldenTests(stage: string, run: (input: Case) => string): void {
  const folder = new URL(`${stage}/`, ROOT);
  const names = [...Deno.readDirSync(folder)].map((entry) => entry.name).filter((name) =>
    name.endsWith(".yaml")
  ).sort();
  for (const file of names) {
    const name = file.slice(0, -".yaml".length);
    Deno.test(`golden ${stage}: ${name}`, () => {
      const outcome = run(parseCase(name, Deno.readTextFileSync(new URL(file, folder))));
      const expected = new URL(`${name}.out`, folder);
      if (UPDATE) return Deno.writeTextFileSync(expected, outcome);
      assert.equal(
        outcome,
        Deno.readTextFileSync(expected),
        `${stage}/${name}.out differs; --update writes it again`,
      );
    });
  }
}

/** All outcomes of a stage in one text. */
export function goldenOutcomes(stage: string): string {
  const folder = new URL(`${stage}/`, ROOT);
  const names = [...Deno.readDirSync(folder)].map((entry) => entry.name).filter((name) =>
    name.endsWith(".out")
  );
  return names.map((name) => Deno.readTextFileSync(new URL(name, folder))).join("");
}
