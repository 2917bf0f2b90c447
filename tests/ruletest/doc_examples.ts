// Pages of docs/ whose examples are run: blocks `file=NAME` are written into a folder, with recordings next to them; each
// `$ falco …` of a `console` block is run there, and what follows is what it has to print.
// `deno test -A tests/ruletest -- --update` writes the outputs again; then read the difference.
//
// `…` in an expected line stands for anything: for what a live run does not repeat. In a block `console figures` any figure will do.

import { equal, ok } from "node:assert/strict";
import { recordingPath } from "../support/recordings.ts";
import { FALCO, PROJECT } from "../support/program.ts";

const UPDATE = Deno.args.includes("--update");
const BLOCK = /^```(console|yaml|json|html)([^\n]*)\n([\s\S]*?)^```$/gm;

interface Example {
  readonly command: string;
  readonly expected: string;
  readonly needsRoot: boolean;
  readonly isFigures: boolean;
}

export function docExamples(page: string, recordings: readonly string[]): void {
  const path = `${PROJECT}/docs/${page}`;
  let text = Deno.readTextFileSync(path);
  for (const { command, expected, needsRoot, isFigures } of examplesOf(text)) {
    const ignore = needsRoot && Deno.uid() !== 0;
    Deno.test({
      name: `docs/${page}: ${command}${ignore ? " (skipped: needs root)" : ""}`,
      ignore,
      async fn() {
        const folder = await Deno.makeTempDir();
        try {
          for (const [, , about, content] of text.matchAll(BLOCK)) {
            const file = /file=(\S+)/.exec(about!)?.[1];
            if (file !== undefined) await Deno.writeTextFile(`${folder}/${file}`, content!);
          }
          for (const name of recordings) await Deno.copyFile(recordingPath(name), `${folder}/${name}.scap`);
          const printed = await run(command, folder);
          const same = isFigures ? masked(printed) === masked(expected) : matches(printed, expected);
          if (UPDATE && !same) {
            text = text.replace(`$ ${command}\n${expected}`, () => `$ ${command}\n${printed}`);
            Deno.writeTextFileSync(path, text);
          } else if (!same) equal(printed, expected);
        } finally {
          await Deno.remove(folder, { recursive: true });
        }
      },
    });
  }
}

function examplesOf(text: string): Example[] {
  const examples: Example[] = [];
  for (const [, kind, about, content] of text.matchAll(BLOCK)) {
    if (kind !== "console") continue;
    for (const [, command, expected] of content!.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)) {
      examples.push({
        command: command!,
        expected: expected!,
        needsRoot: about!.includes("root"),
        isFigures: about!.includes("figures"),
      });
    }
  }
  ok(examples.length > 0);
  return examples;
}

/** Both outputs, as a terminal shows them. */
async function run(command: string, folder: string): Promise<string> {
  ok(command.startsWith("falco "));
  const program = FALCO.map((word) => `"${word}"`).join(" ");
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", `${program} ${command.slice("falco ".length)} 2>&1`],
    cwd: folder,
    env: { NO_COLOR: "1", TZ: "UTC", FALCO_HOSTNAME: "node1" },
    stdin: "null",
  }).output();
  return new TextDecoder().decode(stdout).replaceAll(`${folder}/`, "");
}

/** Figures of fewer digits have more spaces in front, at the beginning of a line too. */
function masked(text: string): string {
  return text.replace(/[\d.]+/g, "N").replace(/^ +/gm, "").replace(/ +/g, " ");
}

function matches(printed: string, expected: string): boolean {
  const pattern = expected.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(
    "[^]*?",
  );
  return new RegExp(`^${pattern}$`).test(printed);
}
