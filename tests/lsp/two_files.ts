// Two rules files of which one uses what the other defines, with a language server that has the second one open.
// In: nothing. Out: the client, its files; the caller ends it.
// Elsewhere: what is asked (requests_test.ts, rename_test.ts), the client (client.ts).

import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { atCursor, Client } from "./client.ts";

export const MACROS = `- list: shells
  items: [bash, sh]
- list: all_shells
  items: [shells, zsh]
- macro: spawned
  condition: evt.type in (execve, execveat)
- macro: shell
  condition: (spawned and proc.name in (all_shells))
`;

export const RULES = `- rule: Shell in container
  desc: A shell was started.
  condition: >
    shell and container
    and not proc.pname in (shells)
  output: "%proc.name in %container.id by %toupper(user.name)"
  priority: WARNING
  tags: [container, mitre_execution]
- macro: container
  condition: container.id != host
`;

export async function openTwoFiles() {
  const folder = Deno.makeTempDirSync({ prefix: "falco-lsp-" });
  const macros = join(folder, "a_macros.yaml");
  Deno.writeTextFileSync(macros, MACROS);
  const path = join(folder, "b_rules.yaml");
  Deno.writeTextFileSync(path, RULES);
  const client = await Client.start(folder);
  return {
    folder,
    client,
    /** of the rules */
    uri: await client.open(path),
    macrosUri: pathToFileURL(macros).href,
    /** gives the exit code */
    async end(): Promise<number | null> {
      const code = await client.stop();
      Deno.removeSync(folder, { recursive: true });
      return code;
    },
  };
}

/** Position of a text in the rules, `offset` characters after where it begins. */
export function at(text: string, offset = 1, inText = RULES) {
  const start = inText.indexOf(text);
  assert.notEqual(start, -1, text);
  return atCursor(inText.slice(0, start + offset) + "|" + inText.slice(start + offset)).position;
}
