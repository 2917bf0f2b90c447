// Values of event parameters as bytes: numbers, texts, lists, addresses.
// In: values. Out: little-endian bytes as the probe writes them.
// Elsewhere: which parameter has which type (params.ts), the frame around them (event_bytes.ts).

const encoder = new TextEncoder();

export const NOTHING = new Uint8Array(0);

export function number(bytes: 1 | 2 | 4 | 8, value: number | bigint): Uint8Array {
  const whole = new Uint8Array(8);
  new DataView(whole.buffer).setBigUint64(0, BigInt.asUintN(64, BigInt(value)), true);
  return whole.subarray(0, bytes);
}

/** With the NUL that ends it; what follows a NUL inside is left out. */
export function text(value: string): Uint8Array {
  const end = value.indexOf("\0");
  return encoder.encode(`${end < 0 ? value : value.slice(0, end)}\0`);
}

export function textList(values: readonly string[]): Uint8Array {
  return joined(values.map(text));
}

export function raw(value: string): Uint8Array {
  return encoder.encode(value);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
