// The compiler's idea of each extractor and primitive against the matcher's sources: a number that is taken for a
// view would be read as an address, and a wrong signature makes the whole module unloadable.

import assert from "node:assert/strict";
import { CURRENT_EVENTS } from "../../schema/events.ts";
import { FIELDS } from "../../schema/fields.ts";
import type { FieldDef, ParamType } from "../../schema/types.ts";
import { paramForm } from "../../rules/lower/events.ts";
import { shapeOf } from "../../rules/lower/operand.ts";
import { isWrittenTime } from "../../rules/check/written_times.ts";

const ASSEMBLY = new URL("../../assembly/", import.meta.url);

interface Declared {
  readonly params: readonly string[];
  readonly result: string;
}

function declarations(folder: URL, found = new Map<string, Declared>()): Map<string, Declared> {
  for (const entry of Deno.readDirSync(folder)) {
    if (entry.isDirectory) declarations(new URL(`${entry.name}/`, folder), found);
    if (!entry.name.endsWith(".ts")) continue;
    const text = Deno.readTextFileSync(new URL(entry.name, folder));
    for (
      const [, name, params = "", result = ""] of text.matchAll(/^export function (\w+)\(([^)]*)\): (\w+)/gm)
    ) {
      const types = params.split(",").map((param) => param.split(":")[1]?.trim() ?? "").filter((type) =>
        type !== ""
      );
      found.set(name!, { params: types, result });
    }
  }
  return found;
}

const declared = declarations(ASSEMBLY);

function check(fn: string, params: readonly string[], result: string): void {
  const found = declared.get(fn);
  assert.ok(found !== undefined, `${fn} is not in assembly/`);
  assert.deepEqual(found.params.map((type) => type === "i32" || type === "usize" ? "i32" : type), params, fn);
  assert.equal(found.result, result, `${fn} returns ${found.result}`);
}

function resultOf(field: FieldDef): string {
  return shapeOf(field).form === "view" ? "u64" : "i64";
}

Deno.test("every extractor takes and returns what the compiler thinks", () => {
  for (const field of FIELDS) {
    if (field.fn === undefined || field.type === "dyn" || field.fromJson === true) continue;
    if (isWrittenTime(field)) {
      check(field.fn, [], "i64");
      continue;
    }
    const kind = field.argKind;
    if (field.fnWhole !== undefined) {
      check(field.fnWhole, [], resultOf(field));
    }
    if (field.fnNamed !== undefined) check(field.fnNamed, ["u64"], resultOf(field));
    const params = kind === undefined
      ? []
      : kind === "name" || kind === "event" || kind === "time"
      ? ["u64"]
      : ["i32"];
    check(field.fn, params, resultOf(field));
  }
});

Deno.test("raw parameters are numbers and views on both sides of the contract", () => {
  const source = Deno.readTextFileSync(new URL("fields/evt_args.ts", ASSEMBLY));
  const body = /function isTextType[^{]*\{([\s\S]*?)\n\}/.exec(source)?.[1] ?? "";
  const views = new Set([...body.matchAll(/case PT_(\w+):/g)].map(([, name]) => name!.toLowerCase()));
  assert.ok(views.size > 5, "isTextType was found");
  const used = new Set<ParamType>(CURRENT_EVENTS.flatMap((event) => event.params.map((param) => param.type)));
  for (const type of used) assert.equal(paramForm(type) === "view", views.has(type), type);
});

Deno.test("every primitive takes what the compiler hands over", () => {
  for (
    const fn of ["contains", "icontains", "startswith", "endswith", "glob", "iglob", "eq", "ne", "compare"]
  ) {
    check(`str_${fn}`, ["u64", "u64"], "i32");
  }
  for (
    const fn of ["str_regex", "str_in", "str_pmatch", "ip_in", "net_contains", "list_in", "list_intersects"]
  ) {
    check(fn, ["u64", "i32"], "i32");
  }
  check("ip_eq", ["u64", "u64"], "i32");
  check("num_in", ["i64", "i32"], "i32");
  for (const fn of ["lower", "upper", "basename", "b64_decode"]) check(`text_${fn}`, ["u64"], "u64");
  check("text_len", ["u64"], "i64");
  check("text_concat2", ["u64", "u64"], "u64");
  check("text_getopt", ["u64", "u64", "u64"], "u64");
  check("list_getopt", ["u64", "u64"], "u64");
  check("list_empty", [], "u64");
  check("list_add", ["u64", "u64"], "u64");
  check("text_int", ["i64"], "u64");
  check("text_uint", ["i64"], "u64");
  check("list_len", ["u64"], "i64");
  check("list_join", ["u64", "u64"], "u64");
  for (const fn of ["text", "ip", "bytes", "list", "rawarg"]) check(`out_${fn}`, ["u64"], "void");
  for (const fn of ["int", "uint", "bool", "double", "time"]) check(`out_${fn}`, ["i64"], "void");
  check("out_begin", ["i32"], "void");
  check("out_end", [], "void");
});
