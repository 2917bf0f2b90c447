// What a client may send that no editor sends: the server answers, or ends with a word; it does not hang and is not lost.

import assert from "node:assert/strict";
import { join } from "node:path";
import { Client } from "./client.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;

/** @param until what the server says before the input ends */
async function feed(bytes: Uint8Array, until?: RegExp): Promise<{ code: number; said: string }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", MAIN, "lsp"],
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
