// Requests and answers of the language server, asked by the client library that editors use.

import assert from "node:assert/strict";
import { join } from "node:path";
import { atCursor } from "./client.ts";
import { at, MACROS, openTwoFiles, RULES } from "./two_files.ts";

const { folder, client, uri, macrosUri, end } = await openTwoFiles();

const textDocument = { uri };
const place = (text: string, offset = 1) => ({ textDocument, position: at(text, offset) });
const wordsAt = (
  { start, end }: { start: { line: number; character: number }; end: { character: number } },
  text: string,
) => text.split("\n")[start.line]!.slice(start.character, end.character);

async function labels(marked: string): Promise<string[]> {
  const { text, position } = atCursor(marked);
  await client.change(uri, text);
  const { items } = await client.request("textDocument/completion", { textDocument, position });
  await client.change(uri, RULES);
  return items.map(({ label }: { label: string }) => label);
}

Deno.test("initialize names everything that the server does", () => {
  const { capabilities, serverInfo } = client.initialized;
  assert.equal(serverInfo?.name, "falco");
  for (
    const name of [
      "completion",
      "hover",
      "definition",
      "references",
      "rename",
      "documentSymbol",
      "workspaceSymbol",
    ]
  ) assert.ok(capabilities[`${name}Provider` as keyof typeof capabilities], name);
});

Deno.test("hover tells type, meaning and cost of a field", async () => {
  const { contents } = await client.request("textDocument/hover", place("proc.pname"));
  assert.match(contents.value, /\*\*proc\.pname\*\* — text/);
  assert.match(contents.value, /- cost: \d of 4/);
});

Deno.test("hover shows a macro of another file, expanded", async () => {
  const { contents } = await client.request("textDocument/hover", place("shell and"));
  assert.match(contents.value, /macro \*\*shell\*\*/);
  assert.match(contents.value, /\(\(evt\.type in \(execve, execveat\)\) and proc\.name in \(all_shells\)\)/);
});

Deno.test("hover shows the items of a list", async () => {
  const { contents } = await client.request("textDocument/hover", place("(shells)", 2));
  assert.match(contents.value, /2 items:\n\n```\nbash, sh\n```/);
});

Deno.test("hover explains operators, keys and transformers", async () => {
  const texts = ["in (shells)", "priority", "toupper"].map(async (text) =>
    (await client.request("textDocument/hover", place(text))).contents.value
  );
  const [operator, key, transformer] = await Promise.all(texts);
  assert.match(operator, /one of the values/);
  assert.match(key, /How severe/);
  assert.match(transformer, /upper case/);
});

Deno.test("definition leads into another file", async () => {
  const [found, ...more] = await client.request("textDocument/definition", place("shell and"));
  assert.equal(more.length, 0);
  assert.equal(found.uri, macrosUri);
  assert.equal(wordsAt(found.range, MACROS), "shell");
});

Deno.test("references are found in conditions and lists of all files", async () => {
  const context = { includeDeclaration: true };
  const found = await client.request("textDocument/references", { ...place("(shells)", 2), context });
  const words = found.map(({ uri: of, range }: { uri: string; range: Parameters<typeof wordsAt>[0] }) =>
    wordsAt(range, of === uri ? RULES : MACROS)
  );
  assert.deepEqual(words, ["shells", "shells", "shells"]);
});

Deno.test("completion of an argument in brackets offers no operators", async () => {
  assert.deepEqual(await labels("- macro: x\n  condition: proc.aname[|"), []);
});

Deno.test("symbols are the items of a file and of the project", async () => {
  const symbols = await client.request("textDocument/documentSymbol", { textDocument });
  assert.deepEqual(symbols.map(({ name }: { name: string }) => name), ["Shell in container", "container"]);
  const found = await client.request("workspace/symbol", { query: "SHELLS" });
  assert.deepEqual(found.map(({ name }: { name: string }) => name), ["shells", "all_shells"]);
});

Deno.test("folding has items and values of several lines", async () => {
  const ranges = await client.request("textDocument/foldingRange", { textDocument });
  assert.ok(
    ranges.some(({ startLine, endLine }: Record<string, number>) => startLine === 0 && endLine === 7),
  );
  assert.ok(
    ranges.some(({ startLine, endLine }: Record<string, number>) => startLine === 2 && endLine === 4),
  );
});

Deno.test("semantic tokens reach into folded scalars and outputs", async () => {
  const { data } = await client.request("textDocument/semanticTokens/full", { textDocument });
  const { tokenTypes } = client.initialized.capabilities.semanticTokensProvider!.legend;
  const lines = RULES.split("\n");
  const found: string[] = [];
  for (let i = 0, line = 0, character = 0; i < data.length; i += 5) {
    line += data[i];
    character = data[i] > 0 ? data[i + 1] : character + data[i + 1];
    found.push(`${tokenTypes[data[i + 3]]} ${lines[line]!.slice(character, character + data[i + 2])}`);
  }
  assert.deepEqual(found, [
    ...["macro shell", "keyword and", "macro container", "keyword and", "keyword not", "property proc.pname"],
    ...["operator in", "variable shells", "property proc.name", "property container.id", "function toupper"],
    ...["property user.name", "property container.id", "operator !=", "enumMember host"],
  ]);
});

Deno.test("inlay hints count the items of lists, those of lists in them included", async () => {
  const uriOfMacros = await client.open(join(folder, "a_macros.yaml"));
  const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const hints = await client.request("textDocument/inlayHint", { textDocument: { uri: uriOfMacros }, range });
  assert.deepEqual(
    hints.map(({ position, label }: { position: { line: number }; label: string }) =>
      `${position.line} ${label}`
    ),
    ["0 2 items", "2 3 items", "3 2 items", "7 3 items"],
  );
});

const COMPLETIONS: readonly (readonly [what: string, marked: string, wanted: string, unwanted?: string])[] = [
  ["keys of a rule, those that are there left out", "- rule: x\n  desc: y\n  |", "condition", "desc"],
  ["kinds of items", "- |", "macro"],
  ["fields", "- macro: x\n  condition: proc.na|", "proc.name"],
  ["macros of all files", "- macro: x\n  condition: spaw|", "spawned"],
  ["operators that fit the type", "- macro: x\n  condition: evt.is_open_read |", "=", "startswith"],
  ["operators that have begun", "- macro: x\n  condition: fd.sport >|", ">=", "openat"],
  ["values right after an operator", "- macro: x\n  condition: evt.type=|", "openat", "="],
  ["values that have begun right after an operator", "- macro: x\n  condition: evt.type!=op|", "openat"],
  ["operators for texts", "- macro: x\n  condition: proc.name st|", "startswith"],
  ["event types", "- macro: x\n  condition: evt.type in (open, op|", "openat"],
  ["flags", "- macro: x\n  condition: evt.arg.flags contains O_CR|", "O_CREAT"],
  ["error numbers", "- macro: x\n  condition: evt.res = |", "EACCES"],
  ["capabilities", "- macro: x\n  condition: thread.cap_effective contains |", "CAP_SYS_ADMIN"],
  ["system calls", "- macro: x\n  condition: syscall.type = |", "ptrace"],
  ["lists in a list of values", "- macro: x\n  condition: proc.name in (|", "shells"],
  ["words that join checks", "- macro: x\n  condition: spawned |", "and", "shell"],
  ["fields in an output", "- rule: x\n  output: it was %proc.cm|", "proc.cmdline"],
  ["priorities", "- rule: x\n  priority: |", "Critical"],
  ["tags of other rules", "- rule: x\n  tags: [|\n- rule: y\n  tags: [mine]", "mine"],
  ["keys of an override", "- rule: x\n  override:\n    |", "condition"],
  ["words of an override", "- rule: x\n  override: {condition: |}", "append"],
  ["fields of an exception", "- rule: x\n  exceptions:\n    - name: a\n      fields: [proc.na|", "proc.name"],
  ["fields in a folded value", "- macro: x\n  condition: >-\n    spawned\n    and proc.na|\n", "proc.name"],
  ["fields in quotes", "- macro: x\n  condition: 'spawned and proc.na|'\n", "proc.name"],
  [
    "fields with carriage returns",
    "- macro: x\r\n  condition: >\r\n    spawned\r\n    and proc.na|\r\n",
    "proc.name",
  ],
  [
    "fields after a character of two units",
    "- macro: x\n  condition: proc.name = 😀 and proc.na|\n",
    "proc.name",
  ],
  ["kinds of items in braces", "- {|}\n", "macro"],
  ["keys in braces, those that are there left out", "- {macro: x, |}\n", "condition", "macro"],
  ["fields in braces", "- {macro: x, condition: spawned and proc.na|}\n", "proc.name"],
  ["lists in quotes in braces", '- {macro: x, condition: "proc.name in (a, she|)"}\n', "shells"],
  ["fields in an output in braces", '- {rule: x, output: "it was %proc.cm|"}\n', "proc.cmdline"],
  [
    "fields of an exception in braces",
    "- rule: x\n  exceptions:\n    - {name: a, fields: [proc.na|]}\n",
    "proc.name",
  ],
  ["tags in braces", "- {rule: x, tags: [a, |]}\n- {rule: y, tags: [mine]}\n", "mine"],
];

const COMMENTS: readonly (readonly [where: string, marked: string])[] = [
  ["above an item", "# proc.na|\n- macro: x\n"],
  ["in an item", "- macro: x\n  # proc.na|\n  condition: spawned\n"],
  ["after a value", "- macro: x\n  condition: spawned # proc.na|\n"],
];

for (const [where, marked] of COMMENTS) {
  Deno.test(`completion and hover say nothing in a comment ${where}`, async () => {
    assert.deepEqual(await labels(marked), []);
    const { text, position } = atCursor(marked);
    await client.change(uri, text);
    assert.equal(await client.request("textDocument/hover", { textDocument, position }), null);
    await client.change(uri, RULES);
  });
}

for (const [what, marked, wanted, unwanted] of COMPLETIONS) {
  Deno.test(`completion offers ${what}`, async () => {
    const found = await labels(marked);
    assert.ok(found.includes(wanted), `${wanted} in ${found.slice(0, 20)}`);
    if (unwanted !== undefined) assert.ok(!found.includes(unwanted), `${unwanted} in ${found.slice(0, 20)}`);
  });
}

Deno.test("diagnostics are those of all files together, and follow what is typed", async () => {
  await client.change(uri, RULES.replace("shell and", "shel and"));
  let found = await client.nextDiagnostics(uri);
  while (found.length === 0) found = await client.nextDiagnostics(uri);
  const [first] = found;
  assert.equal(first!.code, "undefined-macro");
  assert.match(String(first!.message), /there is no macro `shel`/);
  assert.equal(wordsAt(first!.range, RULES.replace("shell and", "shel and")), "shel");
  await client.change(uri, RULES);
  while (found.length > 0) found = await client.nextDiagnostics(uri);
});

interface Action {
  readonly title: string;
  readonly kind: string;
  readonly edit: {
    readonly changes: Record<string, { range: Parameters<typeof wordsAt>[0]; newText: string }[]>;
  };
}

/** What an action makes of a text. */
function applied(text: string, { edit }: Action): string {
  const lines = text.split("\n");
  const offset = ({ line, character }: { line: number; character: number }) =>
    lines.slice(0, line).join("\n").length + (line > 0 ? 1 : 0) + character;
  const edits = edit.changes[uri]!.map(({ range, newText }) => ({
    start: offset(range.start),
    end: offset(range.end as { line: number; character: number }),
    newText,
  }));
  return edits.sort((a, b) => b.start - a.start)
    .reduce((made, { start, end, newText }) => made.slice(0, start) + newText + made.slice(end), text);
}

async function actions(marked: string): Promise<{ text: string; found: Action[] }> {
  const { text, position } = atCursor(marked);
  await client.change(uri, text);
  const range = { start: position, end: position };
  const found = await client.request("textDocument/codeAction", {
    textDocument,
    range,
    context: { diagnostics: [] },
  });
  await client.change(uri, RULES);
  return { text, found };
}

const ACTIONS: readonly (readonly [what: string, marked: string, title: RegExp, after: string])[] = [
  [
    "the name that was meant",
    "- macro: x\n  condition: spawne|t and container.id != host\n",
    /Replace `spawnet` by `spawned`/,
    "- macro: x\n  condition: spawned and container.id != host\n",
  ],
  [
    "override in place of append: true",
    "- macro: spawned\n  app|end: true\n  condition: and proc.name = x\n",
    /Write `override: \{condition: append\}`/,
    "- macro: spawned\n  override: {condition: append}\n  condition: and proc.name = x\n",
  ],
  [
    "override where keys are missing",
    "- rule: Y\n  desc: d\n  condition: spawned\n  output: o\n  priority: ERROR\n- ru|le: Y\n  priority: DEBUG\n",
    /Add `override: \{priority: replace\}`/,
    "- rule: Y\n  desc: d\n  condition: spawned\n  output: o\n  priority: ERROR\n- rule: Y\n  override: {priority: replace}\n  priority: DEBUG\n",
  ],
  [
    "parentheses around values",
    '- macro: x\n  condition: evt.type in |"open"\n',
    /Put it into parentheses/,
    '- macro: x\n  condition: evt.type in ("open")\n',
  ],
  [
    "a comment that switches the warning off",
    "- macro: unu|sed\n  condition: spawned\n",
    /Switch `unused-macro` off/,
    "- # falco: ignore",
  ],
];

for (const [what, marked, title, after] of ACTIONS) {
  Deno.test(`code actions offer ${what}`, async () => {
    const { text, found } = await actions(marked);
    const action = found.find((each) => title.test(each.title));
    assert.ok(action, `${title} in ${found.map((each) => each.title).join("; ")}`);
    if (after === "- # falco: ignore") {
      assert.match(applied(text, action), /^# falco: ignore unused-macro -- \n- macro: unused\n/);
    } else assert.equal(applied(text, action), after);
  });
}

Deno.test("a code action fixes all that is safe in the file", async () => {
  const { text, found } = await actions(
    "- macro: spawned\n  append: true\n  condition: |and proc.name = x && a\n",
  );
  const action = found.find(({ kind }) => kind === "source.fixAll");
  assert.ok(action);
  assert.match(applied(text, action), /override: \{condition: append\}/);
});

Deno.test("formatting gives the layout of falco fmt, as edits of the lines that differ", async () => {
  const text =
    "- list:   a\n  items: [b]\n- list: c\n  items: [d]\n- list: e\n  items: [ f ]\n\n\n\n- list: g\n  items: [h]";
  await client.change(uri, text);
  const edits = await client.request("textDocument/formatting", { textDocument, options: { tabSize: 2 } });
  await client.change(uri, RULES);
  const action = { title: "", kind: "", edit: { changes: { [uri]: edits } } };
  assert.equal(
    applied(text, action),
    "- list: a\n  items: [b]\n\n- list: c\n  items: [d]\n\n- list: e\n  items: [f]\n\n- list: g\n  items: [h]\n",
  );
});

Deno.test("falco.yaml has keys, values, words and diagnostics", async () => {
  const { text, position } = atCursor("json_output: true\nengine:\n  kind: |\n");
  const settings = await client.open(join(folder, "falco.yaml"), text);
  const document = { uri: settings };
  const kinds = await client.request("textDocument/completion", { textDocument: document, position });
  assert.ok(kinds.items.some(({ label }: { label: string }) => label === "modern_ebpf"));
  const hover = await client.request("textDocument/hover", {
    textDocument: document,
    position: { line: 0, character: 3 },
  });
  assert.match(hover.contents.value, /json_output/);
  await client.change(settings, "json_outptu: true\n");
  let found = await client.nextDiagnostics(settings);
  while (found.length === 0) found = await client.nextDiagnostics(settings);
  assert.match(String(found[0]!.message), /did you mean `json_output`/);
});

Deno.test({
  name: "shutdown and exit end it with code 0",
  sanitizeResources: false,
  async fn() {
    assert.equal(await end(), 0);
  },
});
