// libbpf's own messages: silenced on stderr, the last lines kept for the error that follows.
// Loading calls `withLibbpfLog`, which installs a print callback only while its work runs; outside of it libbpf prints
// nothing. The text of a verifier's refusal comes this way, in one message of many lines.
// Elsewhere: what is done with the lines (sources/live/probe_errors.ts).

import { libbpf } from "./libbpf.ts";
import { libc } from "../libc.ts";

const PRINT = { parameters: ["i32", "pointer", "pointer"], result: "i32" } as const;
const LEVEL_DEBUG = 2;
const MESSAGE_BYTES = 64 << 10;
const KEPT_LINES = 40;

/** Runs `work`; `lines()` gives the last of what libbpf logged meanwhile, without debugging. */
export function withLibbpfLog<T>(work: (lines: () => readonly string[]) => T): T {
  const kept: string[] = [];
  const buffer = new Uint8Array(MESSAGE_BYTES);
  const decoder = new TextDecoder();
  const callback = new Deno.UnsafeCallback(PRINT, (level, format, args) => {
    if (level >= LEVEL_DEBUG) return 0;
    const bytes = libc().vsnprintf(buffer, BigInt(MESSAGE_BYTES), format, args);
    if (bytes <= 0) return 0;
    const text = decoder.decode(buffer.subarray(0, Math.min(bytes, MESSAGE_BYTES - 1)));
    for (const line of text.split("\n")) {
      if (line.trim() !== "") kept.push(line.trimEnd());
    }
    kept.splice(0, Math.max(0, kept.length - KEPT_LINES));
    return 0;
  });
  libbpf().libbpf_set_print(callback.pointer);
  try {
    return work(() => kept);
  } finally {
    libbpf().libbpf_set_print(null);
    callback.close();
  }
}
