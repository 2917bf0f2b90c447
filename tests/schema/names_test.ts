import assert from "node:assert/strict";
import { CAPABILITY_NAMES } from "../../schema/capabilities.ts";
import { ERRNO_NAMES } from "../../schema/errno.ts";
import { FLAG_TABLES, flagConstant, flagTable, OTHER_CONSTANTS } from "../../schema/flags.ts";
import { SIGNAL_NAMES } from "../../schema/signals.ts";

Deno.test("names stand at their numbers", () => {
  assert.equal(CAPABILITY_NAMES.length, 41);
  assert.equal(CAPABILITY_NAMES[21], "CAP_SYS_ADMIN");
  assert.equal(SIGNAL_NAMES[9], "SIGKILL");
  assert.equal(SIGNAL_NAMES[31], "SIGSYS");
  assert.equal(ERRNO_NAMES.get(2), "ENOENT");
  assert.equal(ERRNO_NAMES.get(115), "EINPROGRESS");
  assert.equal(ERRNO_NAMES.get(41), undefined);
});

Deno.test("read-write comes before its parts in the open flags", () => {
  const names = flagTable("file_flags")!.entries.map(([name]) => name);
  assert.ok(names.indexOf("O_RDWR") < names.indexOf("O_WRONLY"));
  assert.ok(names.indexOf("O_RDWR") < names.indexOf("O_RDONLY"));
});

Deno.test("constants of flags are unique and fit 32 bits", () => {
  const seen = new Set<string>(OTHER_CONSTANTS.map(([name]) => name));
  for (const table of FLAG_TABLES) {
    for (const [name, value] of table.entries) {
      const constant = flagConstant(table, name);
      assert.ok(!seen.has(constant), constant);
      seen.add(constant);
      assert.ok(Number.isInteger(value) && value >= 0 && value < 2 ** 32, `${constant} ${value}`);
    }
  }
  assert.ok(
    ["FO_CREAT", "CL_THREAD", "EXE_WRITABLE", "CL_PIPE_SRC", "FAM_INET6"].every((name) => seen.has(name)),
  );
});
