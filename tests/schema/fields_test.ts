import assert from "node:assert/strict";
import { fieldByName, FIELDS } from "../../schema/fields.ts";
import { readReference } from "./reference.ts";

/** Extractors that several fields share: a network is tested on the address. */
const SHARED_EXTRACTORS = ["fd_cip", "fd_sip", "fd_lip", "fd_rip", "fd_ip_source", "fd_ip_target"];

Deno.test("names of fields are unique", () => {
  assert.equal(new Set(FIELDS.map((field) => field.name)).size, FIELDS.length);
  assert.equal(fieldByName("proc.name")!.fn, "proc_name");
  assert.equal(fieldByName("proc.nothing"), undefined);
});

Deno.test("an extractor belongs to one field", () => {
  const seen = new Map<string, string>();
  for (const field of FIELDS) {
    for (const fn of [field.fn, field.fnNamed, field.fnWhole]) {
      if (fn === undefined) continue;
      assert.match(fn, /^[A-Za-z0-9_]+$/);
      if (!SHARED_EXTRACTORS.includes(fn)) assert.equal(seen.get(fn), undefined, `${fn} of ${field.name}`);
      seen.set(fn, field.name);
    }
  }
});

Deno.test("fields for either end name fields that exist and have an extractor", () => {
  for (const field of FIELDS) {
    if (field.either === undefined) continue;
    assert.equal(field.fn, undefined, field.name);
    for (const name of field.either) assert.ok(fieldByName(name)?.fn, name);
  }
});

Deno.test("a field with an argument says of which kind, others do not", () => {
  for (const field of FIELDS) assert.equal(field.argKind !== undefined, field.arg !== "none", field.name);
});

Deno.test("summaries are sentences", () => {
  for (const field of FIELDS) assert.match(field.summary, /^\S.*[.…]$/, field.name);
});

const TYPE_NAMES: Readonly<Record<string, string>> = {
  CHARBUF: "string",
  BYTEBUF: "bytes",
  BOOL: "bool",
  DOUBLE: "double",
  IPADDR: "ip",
  IPNET: "net",
  PORT: "port",
  ABSTIME: "abstime",
  RELTIME: "reltime",
  DYNAMIC: "dyn",
};

/** Falco lists it as required, and takes it without. */
const OPTIONAL_AFTER_ALL = "evt.abspath";

const reference = readReference("fields.tsv");
/** Classes that Falco lists only when their plugins are loaded. */
const PLUGINS: ReadonlySet<string> = new Set(["k8s_audit", "json", "k8smeta"]);

Deno.test({
  name: "fields agree with Falco's list",
  fn() {
    for (const row of reference) {
      const name = row["field"]!;
      const field = fieldByName(name);
      assert.ok(field, name);
      const number = /^(U?)INT(\d+)$/.exec(row["type"]!);
      assert.equal(
        field.type,
        number ? (number[1] === "U" ? "uint" : "int") : TYPE_NAMES[row["type"]!],
        name,
      );
      if (number) assert.equal(field.bits, Number(number[2]), name);
      assert.equal(field.class, row["class"]!.replace(" (plugin)", ""), name);
      assert.equal(field.list, row["list"] === "list", name);
      const argument = name === OPTIONAL_AFTER_ALL ? "optional" : row["argument"]!.split(":")[0];
      assert.equal(field.arg, argument || "none", name);
      assert.notEqual(field.hidden, true, name);
    }
    const listed = new Set(reference.map((row) => row["field"]));
    for (const field of FIELDS) {
      if (!listed.has(field.name) && !PLUGINS.has(field.class)) {
        assert.ok(
          field.hidden || field.deprecated || field.printOnly || field.own,
          `${field.name} is not in Falco's list`,
        );
      }
    }
  },
});

const used = readReference("fields-used-by-upstream-rules.tsv");
Deno.test({
  name: "every field of the upstream rules exists",
  fn() {
    const withoutExtractor = [];
    for (const row of used) {
      const name = row["field"]!;
      const field = fieldByName(name);
      assert.ok(field, name);
      if (field.class === "k8s_audit" || field.class === "json") continue; // of another source
      if (field.fn === undefined && field.either === undefined) withoutExtractor.push(name);
    }
    assert.deepEqual(withoutExtractor, []);
  },
});
