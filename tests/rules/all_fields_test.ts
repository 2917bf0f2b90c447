// Every field through the compiler and the matcher: the generated code links, and asks for each in the right way.
// Elsewhere: whether the values are those that Falco prints (tests/parity/).

import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { readAlert } from "../../engine/alert_reader.ts";
import { Matcher } from "../../engine/matcher.ts";
import { instantiateRules } from "../../engine/rule_module.ts";
import { compileRules } from "../../rules/compile.ts";
import { loadRules } from "../../rules/load.ts";
import { makeSource } from "../../rules/text/source.ts";
import { FIELDS } from "../../schema/fields.ts";
import { HEAP_AT, REGION } from "../../schema/layout.ts";
import { recordingPath } from "../support/recordings.ts";
import type { FieldDef } from "../../schema/types.ts";

const HEAP_BYTES = 192 << 20;
const WASM_PAGE_BYTES = 65536;

function compiled(text: string) {
  const { rules, diagnostics } = loadRules([makeSource("rules.yaml", text)]);
  const errors = diagnostics.filter((finding) => finding.severity === "error");
  assert.deepEqual(errors.map(({ message }) => message), []);
  return compileRules(rules, { matching: "all" });
}

/** A matcher with the rules, and what they found. */
class Evaluate {
  readonly #matcher: Matcher;
  readonly #bytes: Uint8Array;

  constructor(rules: ReturnType<typeof compiled>, onAlert: (bytes: Uint8Array<ArrayBuffer>) => void) {
    const pages = (HEAP_AT + HEAP_BYTES) / WASM_PAGE_BYTES;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const wasm = Deno.readFileSync(new URL("../../build/matcher.wasm", import.meta.url));
    const limits = { heapEnd: HEAP_AT + HEAP_BYTES, maxThreads: 32768, maxFds: 1 << 20 };
    this.#bytes = new Uint8Array(memory.buffer);
    this.#matcher = new Matcher(wasm, memory, limits, {
      onAlert: (_rule, at, bytes) => onAlert(this.#bytes.slice(at, at + bytes)),
      now: () => 0n,
    });
    instantiateRules(this.#matcher, rules);
  }

  replay(trace: string): void {
    const content = gunzipSync(Deno.readFileSync(recordingPath(trace)));
    for (let from = 0; from < content.length;) {
      const part = content.subarray(from, from + REGION.INGEST.bytes);
      this.#bytes.set(part, REGION.INGEST.at);
      const consumed = this.#matcher.ingest(REGION.INGEST.at, part.length);
      assert.ok(consumed > 0, `the trace is damaged at byte ${from - consumed - 1}`);
      from += consumed;
    }
  }
}

/** A use of the field that its argument allows. */
function uses({ name, arg, argKind }: FieldDef): string[] {
  const dotted: Record<string, string[]> = {
    "evt.arg": ["evt.arg.res", "evt.arg[0]"],
    "evt.rawarg": ["evt.rawarg.res"],
    "evt.type.is": ["evt.type.is.open"],
    "evt.abspath": ["evt.abspath", "evt.abspath.dst"],
    "thread.cgroup": ["thread.cgroup.memory"],
  };
  if (dotted[name] !== undefined) return dotted[name];
  const whole = arg === "required" ? [] : [name];
  switch (argKind) {
    case undefined:
      return [name];
    case "name":
      return [...whole, `${name}[HOME]`];
    case "ancestor or name":
    case "index or name":
      return [...whole, `${name}[1]`, `${name}[HOME]`];
    default:
      return [...whole, `${name}[1]`];
  }
}

Deno.test("every field links with the matcher and can be asked for, in conditions and in outputs", () => {
  const fields = FIELDS.filter(({ sources }) => sources.includes("syscall") || sources.includes("*"));
  const texts = fields.map((field, index) => {
    const all = uses(field);
    const condition = field.printOnly ? "evt.num > 0" : all.map((use) => `${use} exists`).join(" or ");
    const output = field.filterOnly ? "-" : all.map((use) => `%${use}`).join(" ");
    return [
      `- {rule: r${index}, desc: d, condition: ${JSON.stringify(condition)}, output: ${
        JSON.stringify(output)
      }, priority: INFO}`,
    ];
  });
  const rules = compiled(texts.join("\n"));
  assert.equal(rules.rules.length, fields.length);
  let alerts = 0;
  const evaluate = new Evaluate(rules, (bytes) => {
    readAlert(bytes);
    alerts++;
  });
  evaluate.replay("scripts");
  assert.ok(alerts > 1000);
});

Deno.test("a field without an extractor says when a rule is loaded that it never has a value", () => {
  const wasm = new WebAssembly.Module(
    Deno.readFileSync(new URL("../../build/matcher.wasm", import.meta.url)),
  );
  const exported = new Set(WebAssembly.Module.exports(wasm).map(({ name }) => name));
  for (const field of FIELDS) {
    const fns = [field.fn, field.fnNamed, field.fnWhole].filter((fn) => fn !== undefined);
    if (!field.fromJson) assert.deepEqual(fns.filter((fn) => !exported.has(fn)), [], field.name);
    if (fns.length > 0 || field.either !== undefined) continue;
    const [use] = uses(field);
    const source = field.sources[0] === "*" ? "syscall" : field.sources[0];
    for (const where of ["condition", "output"]) {
      const [condition, output] = where === "condition" ? [`${use} exists`, "-"] : ["evt.num > 0", `%${use}`];
      const rule =
        `- {rule: r, desc: d, condition: "${condition}", output: "${output}", priority: INFO, source: ${source}, warn_evttypes: false}`;
      const codes = loadRules([makeSource("rules.yaml", rule)]).diagnostics
        .filter(({ severity }) => severity === "warning").map(({ code }) => code);
      const expected = field.deprecated ? "deprecated" : "field-without-value";
      assert.ok(codes.includes(expected), `${field.name} in the ${where}: ${codes.join()}`);
    }
  }
});
