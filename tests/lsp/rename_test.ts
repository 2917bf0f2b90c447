// Renaming by the language server: each mention in all files, and no name that would mean something else.

import assert from "node:assert/strict";
import { at, MACROS, openTwoFiles, RULES } from "./two_files.ts";

const { client, uri, macrosUri, end } = await openTwoFiles();

const textDocument = { uri };
/** a list, where the rules use it */
const list = { textDocument, position: at("(shells)", 2) };

Deno.test("rename changes each mention, and refuses what cannot be named", async () => {
  const { changes } = await client.request("textDocument/rename", {
    ...list,
    newName: "my_shells",
  });
  assert.deepEqual(Object.keys(changes).sort(), [macrosUri, uri].sort());
  assert.equal(changes[macrosUri].length, 2);
  for (const [newName, reason] of [["a b", /no blanks/], ["all_shells", /there is a list/]] as const) {
    await assert.rejects(client.request("textDocument/rename", { ...list, newName }), reason);
  }
});

const KEPT = `- macro: spawned
  condition: and proc.name = bash
  override: {condition: append}
- list: shells
  items: [dash]
  override: {items: append}
- rule: {name: nothing}
- {rule: Quoted, desc: d, condition: spawned and proc.name in (shells), output: x, priority: INFO}
`;

const RENAMES: readonly (readonly [what: string, from: string, to: string, reason?: RegExp])[] = [
  ["of a macro that another file appends to", "spawned", "started"],
  ["of a list that another file appends to", "shells", "my_shells"],
  ["of a rule in braces", "Quoted", "Other name"],
  ...["and", "glob", "regex", "val", "oneof", "tolower"].map((word) =>
    ["of a macro to a word of the language", "spawned", word, /a word of the language/] as const
  ),
  ["of a list to an operator", "shells", "iglob", /a word of the language/],
  ["of a macro to one that there is", "spawned", "shell", /there is a macro `shell`/],
  ["of a macro to a list", "spawned", "all_shells", /its items would take the place/],
  ["of a list to a macro that conditions use", "shells", "spawned", /would take its place/],
  ["of a list to a value that conditions compare with", "shells", "execve", /would take its place/],
  ["of a list to an item of a list", "shells", "zsh", /would take its place/],
  ["of a list to a field that conditions use", "shells", "proc.name", /would take its place/],
  ["of a list to what YAML takes for an alias", "shells", "*a", /cannot be written/],
  ["of a list to what YAML takes for nothing", "shells", "~", /cannot be written/],
  ["of a rule to what YAML takes for nothing", "Quoted", "null", /cannot be written/],
  ["of a rule in braces to a name with a comma", "Quoted", "a, b", /cannot be written/],
];

for (const [what, from, to, reason] of RENAMES) {
  Deno.test(`rename ${what} ${reason === undefined ? "changes each mention" : `(${to}) is refused`}`, async () => {
    await client.change(uri, KEPT);
    const asked = client.request("textDocument/rename", {
      textDocument,
      position: at(from, 1, KEPT),
      newName: to,
    });
    if (reason !== undefined) await assert.rejects(asked, reason);
    else {
      const { changes } = await asked;
      const mentions = (text: string) => text.split(new RegExp(`\\b${from}\\b`)).length - 1;
      assert.equal(changes[uri].length, mentions(KEPT));
      assert.equal(changes[macrosUri]?.length ?? 0, mentions(MACROS));
    }
    await client.change(uri, RULES);
  });
}

Deno.test("rename changes what an anchor names once, whichever items use it", async () => {
  const text =
    "- macro: m\n  condition: &c proc.name in (abc)\n- macro: k\n  condition: *c\n- list: abc\n  items: [x]\n";
  await client.change(uri, text);
  const position = { line: 4, character: 8 };
  const { changes } = await client.request("textDocument/rename", { textDocument, position, newName: "d" });
  await client.change(uri, RULES);
  const places = changes[uri].map(({ range }: { range: { start: unknown } }) => range.start);
  assert.deepEqual(places, [position, { line: 1, character: 30 }]);
});

Deno.test({
  name: "the server that was asked ends with code 0",
  sanitizeResources: false,
  async fn() {
    assert.equal(await end(), 0);
  },
});
