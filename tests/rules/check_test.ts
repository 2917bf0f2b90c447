// Meaning of checks: operators against types, values, fields, transformers.

import assert from "node:assert/strict";
import { OPERATORS } from "../../rules/syntax/ast.ts";
import { Checker } from "../../rules/check/check.ts";
import type { CheckedCheck } from "../../rules/check/checked.ts";
import { MappedText } from "../../rules/text/mapped_text.ts";
import { FieldCatalogue } from "../../rules/check/catalogue.ts";
import { parseCondition } from "../../rules/syntax/parser.ts";
import { parseIp, parseNet } from "../../rules/check/addresses.ts";
import { makeSource } from "../../rules/text/source.ts";

function check(text: string) {
  const source = makeSource("x", text);
  const parsed = parseCondition(MappedText.synthetic(text, { source, start: 0, end: text.length }));
  assert.deepEqual(parsed.problems, [], text);
  const { expr, findings } = new Checker(new FieldCatalogue()).check(parsed.expr);
  return { expr: expr as CheckedCheck | undefined, codes: findings.map((finding) => finding.code) };
}

const RIGHT: Readonly<Record<string, (value: string) => string>> = {
  exists: () => "",
  in: (value) => `(${value})`,
  intersects: (value) => `(${value})`,
  pmatch: (value) => `(${value})`,
};

/** Per type a field and a value that every operator of the type accepts. */
const TYPES: readonly (readonly [field: string, value: string, operators: string])[] = [
  [
    "proc.name",
    "7f",
    "= == != < <= > >= contains icontains startswith endswith glob iglob regex in intersects pmatch",
  ],
  ["proc.pid", "7", "= == != < <= > >= in intersects"],
  ["evt.num", "7", "= == != < <= > >= in intersects"],
  ["fd.sport", "7", "= == != < <= > >= in intersects"],
  ["evt.rawtime", "7", "= == != < <= > >= in intersects"],
  ["proc.duration", "7", "= == != < <= > >= in intersects"],
  ["thread.cpu", "7", "= == != < <= > >= in intersects"],
  ["evt.rawarg.fd", "7", "= == != < <= > >= in intersects"],
  [
    "evt.rawarg.name",
    "7",
    "= == != < <= > >= contains icontains startswith endswith glob iglob regex in intersects pmatch",
  ],
  ["proc.is_exe_writable", "true", "= == != in intersects"],
  ["fd.sip", "::1", "= == != in intersects"],
  ["fd.snet", "'10.0.0.0/8'", "= == != in intersects"],
  ["evt.buffer", "7f", "= == != contains startswith endswith bcontains bstartswith in intersects"],
  ["fd.types", "7f", "in intersects"],
];

Deno.test("operators: each type goes with its own and with no other", () => {
  for (const [field, value, allowed] of TYPES) {
    for (const operator of OPERATORS) {
      // The grammar wants numbers after these.
      const right = ["<", "<=", ">", ">="].includes(operator) ? "7" : value;
      const { codes } = check(`${field} ${operator} ${(RIGHT[operator] ?? ((v) => v))(right)}`);
      const good = operator === "exists" || allowed.split(" ").includes(operator);
      assert.equal(codes.includes("operator-type"), !good, `${field} ${operator}`);
      if (good) {
        assert.deepEqual(codes.filter((c) => !["field-without-value", "simpler-operator"].includes(c)), []);
      }
    }
  }
});

Deno.test("operators: oneof, anyof and allof go with scalars whose operator fits", () => {
  for (const modifier of ["oneof", "anyof", "allof"]) {
    for (
      const good of ["proc.name startswith", "proc.name =", "proc.name regex", "fd.sip !=", "proc.pid ="]
    ) {
      const value = good.startsWith("fd") ? "::1" : "7x7".slice(0, good.startsWith("proc.pid") ? 1 : 3);
      const { expr, codes } = check(`${good} ${modifier} (${value})`);
      assert.deepEqual(codes.filter((code) => code !== "simpler-operator"), []);
      assert.equal(expr?.modifier, modifier);
    }
    for (const bad of ["fd.types =", "fd.sip startswith", "proc.pid contains", "proc.is_exe_writable glob"]) {
      assert.deepEqual(check(`${bad} ${modifier} (x)`).codes.filter((c) => c !== "field-without-value"), [
        "operator-type",
      ]);
    }
  }
});

const number = (text: string) => {
  const [value] = check(text).expr?.right ?? [];
  assert.ok(value?.kind === "number", text);
  return value.value;
};

Deno.test("values: numbers have the width of their field", () => {
  assert.equal(number("proc.pid = -1"), -1n);
  assert.equal(number("proc.pid = 9223372036854775807"), 9223372036854775807n);
  assert.equal(number("evt.num = 18446744073709551615"), -1n);
  assert.equal(number("user.uid = 4294967295"), 4294967295n);
  assert.equal(number("user.uid = -1"), 4294967295n);
  assert.equal(number("evt.cpu = 65535"), -1n);
  assert.equal(number("proc.pid > 0x10"), 16n);
  assert.deepEqual(check("user.uid = -1").codes, ["value-out-of-range"]);
  for (const bad of ["1.5", "1e+3", "x", "''", "7x", "--1"]) {
    assert.deepEqual(check(`proc.pid = ${bad}`).codes, ["invalid-value"], bad);
  }
});

Deno.test("values: ports are numbers or services", () => {
  assert.equal(number("fd.sport = 443"), 443n);
  assert.equal(number("fd.sport = ssh"), 22n);
  assert.equal(number("fd.sport = 65536"), 0n);
  assert.deepEqual(check("fd.sport = sssh").codes, ["invalid-value"]);
  assert.deepEqual(check("fd.sport = -1").codes, ["invalid-value"]);
});

const hex = (bytes: Uint8Array | undefined) =>
  bytes && [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");

Deno.test("values: addresses are what inet_pton accepts", () => {
  assert.equal(hex(parseIp("1.2.3.255")), "010203ff");
  assert.equal(hex(parseIp("::")), "0".repeat(32));
  assert.equal(hex(parseIp("2001:db8::7")), `20010db8${"0".repeat(23)}7`);
  assert.equal(hex(parseIp("1:2:3:4:5:6:7::")), "00010002000300040005000600070000");
  assert.equal(hex(parseIp("1:2:3:4:5:6:7:8")), "00010002000300040005000600070008");
  for (
    const bad of [
      "",
      "1.2.3",
      "1.2.3.256",
      "01.2.3.4",
      "1.2.3.4.5",
      "::1::",
      "1:2:3:4:5:6:7:8:9",
      "12345::",
      ":1",
      "1:",
      "1:2:3:4:5:6:7:8::",
      "::1.2.3.4",
      "g::",
    ]
  ) {
    assert.equal(parseIp(bad), undefined, bad);
  }
});

Deno.test("values: networks have a prefix that fits", () => {
  assert.deepEqual(parseNet("10.0.0.0/8")?.prefixBits, 8);
  assert.deepEqual(parseNet("0.0.0.0/0")?.prefixBits, 0);
  assert.deepEqual(parseNet("fe80::/10")?.prefixBits, 10);
  for (
    const bad of [
      "10.0.0.0",
      "10.0.0.0/33",
      "::/0",
      "::1/129",
      "10.0.0.0/",
      "x/8",
      "10.0.0.0/8/8",
      "10.0.0.0/-1",
    ]
  ) {
    assert.equal(parseNet(bad), undefined, bad);
  }
});

Deno.test("values: bytes above 127 keep their value", () => {
  const [value] = check('proc.name = "a\\xffé"').expr!.right;
  assert.ok(value?.kind === "text");
  assert.equal(hex(value.bytes), "61ffc3a9");
});

Deno.test("event types: events, system calls and container events exist", () => {
  assert.deepEqual(
    check("evt.type in (open, openat, execve, container, procexit, socket, mkdir, futex)").codes,
    [],
  );
  assert.deepEqual(check("evt.type = openn").codes, ["unknown-event-type"]);
  assert.deepEqual(check("syscall.type = openn").codes, []);
});

Deno.test("arguments: numbers, names and what is behind a dot", () => {
  const arg = (text: string) => {
    const { expr } = check(`${text} exists`);
    assert.ok(expr?.left.kind === "field", text);
    return [expr.left.field.name, expr.left.arg, expr.left.type];
  };
  assert.deepEqual(arg("proc.aname"), ["proc.aname", undefined, undefined]);
  assert.deepEqual(arg("proc.aname[2]"), ["proc.aname", 2, undefined]);
  assert.deepEqual(arg("proc.env[HOME]"), ["proc.env", "HOME", undefined]);
  assert.deepEqual(arg("evt.arg[0]"), ["evt.arg", 0, undefined]);
  assert.deepEqual(arg("evt.arg.flags"), ["evt.arg", "flags", undefined]);
  assert.deepEqual(arg("evt.rawarg.flags"), ["evt.rawarg", "flags", "uint"]);
  assert.deepEqual(arg("evt.abspath"), ["evt.abspath", undefined, undefined]);
  assert.deepEqual(arg("evt.abspath.src"), ["evt.abspath", "src", undefined]);
  assert.deepEqual(arg("evt.type.is.open"), ["evt.type.is", "open", undefined]);
  assert.deepEqual(arg("thread.cgroup.memory"), ["thread.cgroup", "memory", undefined]);
  assert.deepEqual(arg("container.mount.dest[/proc*]"), ["container.mount.dest", "/proc*", undefined]);
});

Deno.test("regular expressions: what cannot be compiled is an error at the pattern", () => {
  const text = 'proc.name regex "ok.*" or proc.name regex "a(b"';
  const source = makeSource("x", text);
  const parsed = parseCondition(MappedText.synthetic(text, { source, start: 0, end: text.length }));
  assert.deepEqual(parsed.problems, []);
  const findings = new Checker(new FieldCatalogue()).check(parsed.expr).findings.filter(({ severity }) =>
    severity === "error"
  );
  assert.deepEqual(findings.map(({ code }) => code), ["invalid-regex"]);
  for (const bad of ["a(b", "(?i)a", "*", "x{2,1}", "[a-", "a{1000}{1000}", "\\\\d"]) {
    const { codes } = check(`proc.name regex "${bad}"`);
    assert.deepEqual(codes.filter((code) => code === "invalid-regex").length, 1, bad);
  }
});

Deno.test("times as people write them are warned about in conditions, and so are transformed lists", () => {
  assert.deepEqual(check('evt.time startswith "08:"').codes, ["never-true"]);
  assert.deepEqual(check("evt.rawtime.s > 1769847330").codes, []);
  assert.deepEqual(check("toupper(fd.types) in (FILE)").codes, ["never-true"]);
  assert.deepEqual(check("len(fd.types) > 3").codes, []);
});
