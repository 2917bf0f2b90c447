// What a client may send that no editor sends: the server answers, or ends with a word; it does not hang and is not lost.

import assert from "node:assert/strict";
import { join } from "node:path";
import { falcoCommand } from "../support/program.ts";
import { Client } from "./client.ts";

/** @param until what the server says before the input ends */
async function feed(bytes: Uint8Array, until?: RegExp): Promise<{ code: number; said: string }> {
  const child = falcoCommand(["lsp"], {
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  // it may have ended by then
  const written = writer.write(bytes).catch(() => {});
  const stderr = new Response(child.stderr).text();
  let said = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (until?.test(said)) break;
  }
  await written;
  await writer.close().catch(() => {});
  return { code: (await child.status).code, said: said + await stderr };
}

const message = (body: string) => new TextEncoder().encode(`Content-Length: ${body.length}\r\n\r\n${body}`);

Deno.test("bytes that are no messages end it with a word", async () => {
  const { code, said } = await feed(crypto.getRandomValues(new Uint8Array(10_000)));
  assert.equal(code, 1);
  assert.match(said, /falco lsp: /);
});

Deno.test("a length that nobody could send ends it with a word", async () => {
  const { code, said } = await feed(new TextEncoder().encode("Content-Length: 9999999999\r\n\r\nx"));
  assert.equal(code, 1);
  assert.match(said, /too long/);
});

Deno.test("messages that are no JSON, or no requests, are passed over", async () => {
  const bodies = [
    "{",
    "null",
    "[]",
    '{"jsonrpc":"2.0"}',
    '{"jsonrpc":"2.0","id":1,"method":"textDocument/hover"}',
  ];
  const last = '{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"capabilities":{}}}';
  const bytes = [...bodies, last].flatMap((body) => [...message(body)]);
  const { said } = await feed(Uint8Array.from(bytes), /"id":2,"result"/);
  assert.match(said, /"id":2,"result"/);
});

Deno.test("the end of the input ends it", async () => {
  const initialize = message('{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}');
  const { code } = await feed(initialize, /"id":1,"result"/);
  assert.equal(code, 0);
});

const METHODS = [
  "completion",
  "hover",
  "definition",
  "references",
  "rename",
  "prepareRename",
  "documentHighlight",
  "documentSymbol",
  "foldingRange",
  "semanticTokens/full",
  "inlayHint",
  "codeAction",
  "formatting",
];

/** Items of which each names the next one twice: 2^60 when all of them are followed. */
function doubling(item: (name: string, inner: string) => string): string {
  return Array.from({ length: 60 }, (_, at) => item(`a${60 - at}`, `a${59 - at}`)).join("\n");
}

Deno.test("positions out of range, files that are not open and odd texts get answers", async () => {
  const folder = Deno.makeTempDirSync();
  const client = await Client.start(folder);
  const texts = [
    "",
    "\0\u{fffd}\ud800",
    "- rule: [",
    "- list: a\n  items: &a [*a]",
    "a: &a [*a]",
    `- macro: x\n  condition: ${"(".repeat(5000)}`,
    `- list: x\n  items: [${"y, ".repeat(20_000)}]`,
    "\r\r\n- macro: é😀\r\n  condition: 😀 and proc.name = 😀",
    "-\n".repeat(5000),
    "x".repeat(5 << 20),
    doubling((name, inner) => `- list: ${name}\n  items: [${inner}, ${inner}]`),
    doubling((name, inner) => `- macro: ${name}\n  condition: ${inner} and ${inner}`),
  ];
  const range = { start: { line: -5, character: 1e12 }, end: { line: 1e12, character: -1 } };
  for (const [number, text] of texts.entries()) {
    const uri = await client.open(join(folder, `odd${number}.yaml`), text);
    for (const textDocument of [{ uri }, { uri: "nonsense:" }]) {
      for (
        const position of [{ line: 0, character: 0 }, { line: 1e12, character: -7 }, {
          line: 1,
          character: 14,
        }]
      ) {
        for (const method of METHODS) {
          const params = {
            textDocument,
            position,
            range,
            newName: "a",
            options: {},
            context: { diagnostics: [] },
          };
          // an error is an answer, too
          await client.request(`textDocument/${method}`, params).catch((error) =>
            assert.ok(error.code !== undefined)
          );
        }
      }
    }
    await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }
  assert.deepEqual(await client.request("workspace/symbol", { query: "" }), []);
  assert.equal(await client.stop(), 0);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("a request that is cancelled gets an answer, and so do those after it", async () => {
  const folder = Deno.makeTempDirSync();
  const client = await Client.start(folder);
  const uri = await client.open(join(folder, "a.yaml"), "- list: a\n  items: [b]\n");
  const asked = client.request("textDocument/documentSymbol", { textDocument: { uri } }).catch(() =>
    "cancelled"
  );
  await client.connection.sendNotification("$/cancelRequest", { id: 1 });
  await asked;
  const [symbol] = await client.request("textDocument/documentSymbol", { textDocument: { uri } });
  assert.equal(symbol.name, "a");
  assert.equal(await client.stop(), 0);
  Deno.removeSync(folder, { recursive: true });
});

Deno.test("settings that say nothing, which Emacs sends after the start, leave the files that the start has named", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(join(folder, "z.yaml"), "- macro: from_z\n  condition: evt.type = open\n");
  const client = await Client.start(folder, { rulesFiles: ["z.yaml", "a.yaml"] });
  try {
    const rule = "- rule: R\n  desc: x\n  condition: from_z\n  output: x\n  priority: INFO\n";
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: {} });
    await Deno.writeTextFile(join(folder, "a.yaml"), rule);
    const uri = await client.open(join(folder, "a.yaml"));
    assert.deepEqual(await client.nextDiagnostics(uri), []);
  } finally {
    await client.stop();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what was cancelled before its turn is not worked out", async () => {
  const request = (id: number, method: string, params: string) =>
    message(`{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${params}}`);
  const bytes = [
    request(1, "initialize", '{"capabilities":{}}'),
    request(2, "workspace/symbol", '{"query":""}'),
    request(3, "workspace/symbol", '{"query":""}'),
    message('{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":3}}'),
    request(4, "workspace/symbol", '{"query":""}'),
  ];
  const { said } = await feed(Uint8Array.from(bytes.flatMap((each) => [...each])), /"id":4/);
  assert.match(said, /"id":3,"error":\{"code":-32800,/);
  assert.match(said, /"id":2,"result":\[\]/);
});

Deno.test("a thousand requests at once get their answers", async () => {
  const folder = await Deno.makeTempDir();
  const client = await Client.start(folder);
  try {
    const text = Array.from(
      { length: 50 },
      (_, at) => `- macro: m${at}\n  condition: m${at - 1} and proc.name = a\n`,
    );
    const textDocument = { uri: await client.open(join(folder, "a.yaml"), text.join("")) };
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, at) => {
      const position = { line: at % 100, character: 16 };
      const params = {
        textDocument,
        position,
        range: { start: position, end: position },
        context: { diagnostics: [] },
      };
      return client.request(
        `textDocument/${["hover", "definition", "codeAction", "documentSymbol"][at % 4]}`,
        params,
      );
    }));
    assert.equal(
      answers.filter((answer) => Array.isArray(answer) || answer?.contents !== undefined).length > 700,
      true,
    );
  } finally {
    await client.stop();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("files that are open and not saved yet see each other, and files that went are gone", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(join(folder, "c.yaml"), "- macro: from_c\n  condition: evt.type = open\n");
  const client = await Client.start(folder);
  const rule = (macro: string) =>
    `- rule: R\n  desc: x\n  condition: ${macro}\n  output: x\n  priority: INFO\n`;
  const codes = async (uri: string) => (await client.nextDiagnostics(uri)).map(({ code }) => code);
  try {
    await client.open(join(folder, "a.yaml"), "- macro: from_a\n  condition: evt.type = open\n");
    const uri = await client.open(join(folder, "z.yaml"), rule("from_a or from_c"));
    assert.deepEqual(await codes(uri), []);
    await Deno.rename(join(folder, "c.yaml"), join(folder, "c.txt"));
    await client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [] });
    assert.deepEqual(await codes(uri), ["undefined-macro"]);
    await client.change(uri, rule("from_a"));
    assert.deepEqual(await codes(uri), []);
  } finally {
    await client.stop();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("edits within a character of two units and with ends before starts leave a text that is checked", async () => {
  const folder = await Deno.makeTempDir();
  const client = await Client.start(folder);
  try {
    const uri = await client.open(join(folder, "a.yaml"), "- macro: x\r\n  condition: proc.name = 😀\r\n");
    const edit = (start: number[], end: number[], text: string) => ({
      range: { start: { line: start[0], character: start[1] }, end: { line: end[0], character: end[1] } },
      text,
    });
    await client.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: 2 },
      contentChanges: [
        edit([1, 26], [1, 27], "b"),
        edit([9, 9], [1, 2], "# "),
        edit([-1, -1], [0, 0], "- macro: y\n"),
      ],
    });
    const symbols = await client.request("textDocument/documentSymbol", { textDocument: { uri } });
    assert.deepEqual(symbols.map(({ name }: { name: string }) => name), ["y", "x"]);
    assert.ok((await client.nextDiagnostics(uri)).some(({ code }) => code === "missing-key"));
  } finally {
    await client.stop();
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("of the folders that are open the innermost that holds a file names its rules", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  await Deno.mkdir(join(folder, "inner"));
  await Deno.writeTextFile(join(folder, "inner", "m.yml"), "- macro: inner\n  condition: evt.type = open\n");
  await Deno.writeTextFile(join(folder, "m.yml"), "- macro: outer\n  condition: evt.type = open\n");
  const client = await Client.start(folder, { rulesFiles: ["m.yml"] });
  try {
    const added = [{ uri: `file://${folder}/inner`, name: "inner" }];
    await client.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
      event: { added, removed: [] },
    });
    const uri = await client.open(
      join(folder, "inner", "r.yaml"),
      "- rule: R\n  desc: x\n  condition: inner or outer\n  output: x\n  priority: INFO\n",
    );
    const found = (await client.nextDiagnostics(uri)).map(({ message }) => String(message));
    assert.equal(found.length, 1);
    assert.match(found[0]!, /there is no macro `outer`/);
  } finally {
    await client.stop();
    await Deno.remove(folder, { recursive: true });
  }
});
