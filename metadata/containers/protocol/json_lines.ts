// A stream of JSON values, one to a line, in chunks of any size.
// In: chunks of bytes. Out: one call per value. A line that is too long or no JSON is left out: the next one counts.

import { parseBoundedJson } from "../bounded_json.ts";
import type { JsonLimits } from "../engine_limits.ts";

const NEWLINE = 10;

export function createParser(
  limits: JsonLimits,
  onValue: (value: unknown) => void,
  onMalformed: () => void,
): (chunk: Uint8Array) => void {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const endLine = () => {
    const line = bytes <= limits.bytes ? concat(parts, bytes) : undefined;
    const isEmpty = bytes === 0;
    parts = [];
    bytes = 0;
    if (isEmpty) return;
    try {
      if (line === undefined) return onMalformed();
      onValue(parseBoundedJson(line, limits));
    } catch {
      // half a line at the start of a stream, a heartbeat, or what nobody should send
      onMalformed();
    }
  };
  const add = (part: Uint8Array) => {
    bytes += part.length;
    if (bytes <= limits.bytes) parts.push(part);
    else parts = [];
  };
  return (chunk) => {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, to));
      endLine();
      from = to + 1;
    }
    if (from < chunk.length) add(chunk.slice(from));
  };
}

function concat(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
