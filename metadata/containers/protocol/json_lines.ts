// A stream of JSON values, one to a line, in chunks of any size.
// In: chunks of bytes. Out: one call per value. A line that is too long or no JSON is left out: the next one counts.

const MAX_LINE_BYTES = 1 << 20;
const NEWLINE = 10;

export function createParser(onValue: (value: unknown) => void): (chunk: Uint8Array) => void {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const endLine = () => {
    if (bytes > 0 && bytes <= MAX_LINE_BYTES) {
      const decoder = new TextDecoder();
      const text = parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        // half a line at the start of a stream, or a heartbeat
      }
      if (value !== undefined) onValue(value);
    }
    parts = [];
    bytes = 0;
  };
  const add = (part: Uint8Array) => {
    bytes += part.length;
    if (bytes <= MAX_LINE_BYTES) parts.push(part);
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
