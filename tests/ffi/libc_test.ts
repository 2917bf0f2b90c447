// The C library: functions that are prepared when they are asked for, and errno as a call has left it.

import assert from "node:assert/strict";
import { closeFd, cString, errno, errorText, libc } from "../../ffi/libc.ts";

const ENOENT = 2;
const EBADF = 9;

Deno.test("a function of the C library is prepared once, when it is asked for", () => {
  const isPrepared = () => "value" in Object.getOwnPropertyDescriptor(libc(), "strerror")!;
  const before = isPrepared();
  const { strerror } = libc();
  assert.deepEqual([before, isPrepared()], [false, true]);
  assert.equal(libc().strerror, strerror);
  assert.equal(errorText(ENOENT), "No such file or directory");
});

Deno.test("errno is that of the call before, also when it is read for the first time", () => {
  assert.equal(libc().open(cString("/nowhere/at/all"), 0), -1);
  assert.equal(errno(), ENOENT);
  closeFd(-1);
  assert.equal(errno(), EBADF);
});
