// Texts as bytes and back. Values in rules are nearly all short and ASCII, and there are tens of thousands of them in a
// check: for those the way through the runtime's encoder takes longer than all that is done with them.

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const SHORT = 64;

export function encodeText(text: string): Uint8Array {
  if (text.length > SHORT) return encoder.encode(text);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) return encoder.encode(text);
    bytes[at] = code;
  }
  return bytes;
}

/** U+FFFD for what is not UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes.length > SHORT || bytes.some((byte) => byte >= 0x80)) return decoder.decode(bytes);
  return characters(bytes);
}

/** One character for each byte: equal and in the same order as the bytes are, whatever they mean. */
export function characters(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
