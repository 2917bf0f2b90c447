// Runs tests of rules from texts, in a folder of their own.

import { join } from "node:path";
import { forPeople } from "../../ruletest/report/people.ts";
import { type RunOptions, runTests, type TestRun } from "../../ruletest/run/run_tests.ts";
import { renderDiagnostics } from "../../rules/report/render.ts";

export const RULES = `
- list: shells
  items: [bash, sh]
- rule: Shadow read
  desc: a test
  condition: evt.type in (open, openat) and fd.name = /etc/shadow and evt.is_open_read = true
  output: read by %proc.name of %proc.pname (user=%user.name container=%container.image.repository)
  priority: WARNING
- rule: Shell in container
  desc: a test
  condition: evt.type = execve and proc.name in (shells) and container.id != host
  output: "%proc.cmdline in %container.name"
  priority: NOTICE
`;

export interface Outcome {
  readonly run: TestRun;
  /** what people read; mistakes when there are some */
  readonly text: string;
  readonly statuses: readonly string[];
}

/** @param files more of them, by name */
export async function testsOf(
  tests: string,
  rules: string = RULES,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  options: RunOptions = {},
): Promise<Outcome> {
  const folder = await Deno.makeTempDir();
  try {
    const all = { "r.yaml": rules, "r.test.yaml": tests, ...files };
    for (const [name, content] of Object.entries(all)) {
      await Deno.writeFile(
        join(folder, name),
        typeof content === "string" ? new TextEncoder().encode(content) : content,
      );
    }
    const run = await runTests([join(folder, "r.test.yaml")], options);
    const said = run.results.length === 0 ? renderDiagnostics(run.diagnostics) : forPeople(run);
    return {
      run,
      text: said.replaceAll(`${folder}/`, ""),
      statuses: run.results.map(({ status }) => status),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
