// A stream of JSON values, one to a line, in chunks of any size.
// In: chunks of bytes. Out: one call per value. A line that is too long or no JSON is left out: the next one counts.

import { ByteCollector, type JsonLimits, parseBoundedJson } from "../../../base/mod.ts";

const NEWLINE = 10;

export function createParser(
  limits: JsonLimits,
  onValue: (value: unknown) => void,
  onMalformed: () => void,
): (chunk: Uint8Array) => void {
  const line = new ByteCollector(limits.bytes);
  let isTooLong = false;
  const endLine = () => {
    const isMalformed = isTooLong;
    const bytes = line.take();
    isTooLong = false;
    try {
      if (isMalformed) return onMalformed();
      if (bytes.length > 0) onValue(parseBoundedJson(bytes, limits));
    } catch {
      // half a line at the start of a stream, a heartbeat, or what nobody should send
      onMalformed();
    }
  };
  const add = (part: Uint8Array) => {
    if (!line.add(part)) isTooLong = true;
  };
  return (chunk) => {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, to));
      endLine();
      from = to + 1;
    }
    if (from < chunk.length) add(chunk.subarray(from));
  };
}
