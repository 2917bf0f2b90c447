// What Redis may answer, in chunks of any size.

import { throws } from "node:assert/strict";
import { flatReplies } from "../../../outputs/network/flat_replies.ts";

const encoder = new TextEncoder();

function take(text: string, chunkBytes: number): void {
  const screen = flatReplies();
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) screen(bytes.subarray(at, at + chunkBytes));
}

const GOOD =
  "+OK\r\n$15\r\n1769847330123-0\r\n-OOM command not allowed\r\n:7\r\n$-1\r\n$0\r\n\r\n$6\r\n*9\r\n\r\n\r\n+\r\n";
const BAD: Readonly<Record<string, RegExp>> = {
  "*1\r\n": /none to what was asked/,
  ">1\r\n": /none to what was asked/,
  "%1\r\n": /none to what was asked/,
  "\r\n": /none to what was asked/,
  "HTTP/1.1 400": /none to what was asked/,
  "$65537\r\n": /longer than 65536/,
  "$99999999999999999999999999\r\n": /longer than 65536/,
  [`-${"x".repeat(70_000)}`]: /longer than 65536/,
  [`$${"0".repeat(70_000)}`]: /longer than 65536/,
};

for (const chunkBytes of [1, 2, 3, 7, 1 << 20]) {
  Deno.test(`texts and numbers pass, anything else ends the connection, in chunks of ${chunkBytes}`, () => {
    take(GOOD.repeat(3), chunkBytes);
    for (const [bad, reason] of Object.entries(BAD)) throws(() => take(GOOD + bad, chunkBytes), reason);
  });
}
